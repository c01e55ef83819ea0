package io.gamut.simulator.cluster;

import io.gamut.core.NodeId;
import io.gamut.core.Origin;
import io.gamut.ledger.Ledger;
import io.gamut.ledger.log.AppliedPoint;
import io.gamut.ledger.log.Configuration;
import io.gamut.ledger.log.Participant;
import io.gamut.ledger.message.LedgerRecord.TermAndVote;
import io.gamut.ledger.message.LedgerRecordCodec;
import io.gamut.ledger.raft.LedgerTiming;
import io.gamut.ledger.raft.RaftCore;
import io.gamut.ledger.raft.Recovery;
import io.gamut.replication.Replica;
import io.gamut.replication.ReplicaState;
import io.gamut.replication.Timing;
import io.gamut.replication.View;
import io.gamut.replication.committed.StateMachine;
import io.gamut.replication.group.Checkpoint;
import io.gamut.replication.group.GroupReplica;
import io.gamut.replication.message.JournalCodec;
import io.gamut.replication.message.JournalRecord;
import io.gamut.replication.message.Update;
import io.gamut.simulator.CheckedStore;
import io.gamut.simulator.Violation;
import io.gamut.storage.committed.MemoryCommittedStore;
import io.gamut.storage.journal.JournalBatch;
import io.gamut.storage.journal.JournalId;
import io.gamut.storage.journal.JournalOptions;
import io.gamut.storage.journal.JournalVisitor;
import io.gamut.storage.journal.SegmentedJournal;
import io.gamut.storage.log.JournaledEntryLog;
import io.gamut.storage.update.MemoryUpdateStore;
import io.gamut.storage.volume.SimulatedVolume;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * The disk of a simulated server, and the replica that comes up from it: what a node's own does,
 * with stores in memory. The journal loses what was not synced, the stores what was not
 * checkpointed, or less.
 */
final class ClusterDisk {
  private static final long MILLI = 1_000_000;
  private static final long SEGMENT_BYTES = 16 << 10;
  private static final int LEDGER_TYPES_FROM = 64;
  private static final long SPACING_BYTES = 128;

  private final SplittableRandom random;
  private final ClusterScenario.Machine machineOptions;
  private final SimulatedVolume volume;
  private final JournalId journalId;
  private final Configuration begun;
  final Participant self;
  private MemoryUpdateStore updates = new MemoryUpdateStore();
  private MemoryCommittedStore committed = new MemoryCommittedStore();
  private @Nullable Opened opened;

  /**
   * An empty one.
   *
   * @param begun the configuration that the ledger begins with, if this server begins it
   */
  ClusterDisk(
      Participant self,
      Configuration begun,
      SplittableRandom random,
      ClusterScenario.Machine machineOptions) {
    this.self = self;
    this.begun = begun;
    this.random = random;
    this.machineOptions = machineOptions;
    volume = SimulatedVolume.seeded(random.nextLong());
    journalId = new JournalId(random.nextLong(), random.nextLong());
  }

  /** What a disk holds, under the same or another identity. */
  private ClusterDisk(ClusterDisk other, Participant self, boolean isCopied) {
    this.self = self;
    begun = self.equals(other.self) ? other.begun : Configuration.NOBODY;
    random = other.random.split();
    machineOptions = other.machineOptions;
    volume = isCopied ? other.volume.copy() : other.volume;
    journalId = other.journalId;
    updates = other.updates.afterCrashWithAll();
    committed = other.committed.afterCrashWithAll();
  }

  /** The disk as it is now, of a server that is down. */
  ClusterDisk copy() {
    return new ClusterDisk(this, self, true);
  }

  /** The same disk, which is another participant's from now on. */
  ClusterDisk reborn(Participant other) {
    return new ClusterDisk(this, other, false);
  }

  /** Is told of the updates that are found. */
  interface Finder {
    void onFound(Update update);

    void onCommitted(StateMachine machine);
  }

  MemoryCommittedStore committed() {
    return committed;
  }

  Opened opened() {
    return Objects.requireNonNull(opened, "the disk is not in use");
  }

  /** Brings up the replica, as the disk has it. */
  Opened open(CheckedStore.Watcher watcher, WatchedLedger.Watcher ledgerWatcher, Finder finder) {
    Opened made = new Opened(watcher, ledgerWatcher, finder);
    opened = made;
    return made;
  }

  /** What a crash leaves. */
  void crash(boolean power) {
    opened = null;
    if (power) {
      volume.crash();
    } else {
      volume.killProcess();
    }
    updates = random.nextBoolean() ? updates.afterCrash() : updates.afterCrashWithAll();
    committed = random.nextBoolean() ? committed.afterCrash() : committed.afterCrashWithAll();
  }

  private static UncheckedIOException failed(IOException e) {
    return new UncheckedIOException("the simulated disk", e);
  }

  /** More impatient than a real server, so that more happens in a short run. */
  private Timing timing() {
    return new Timing(
        20 * MILLI,
        MILLI,
        50 * MILLI,
        1_000 * MILLI,
        60 * MILLI,
        1_000 * MILLI,
        10 * MILLI,
        machineOptions.pullBytes());
  }

  private LedgerTiming ledgerTiming() {
    return new LedgerTiming(
        20 * MILLI,
        80 * MILLI,
        160 * MILLI,
        60 * MILLI,
        0,
        machineOptions.batchBytes(),
        8_192,
        4,
        64 << 10);
  }

  /** The replica of one life, with what it stands on. */
  final class Opened {
    final CheckedStore store;
    final View view;
    final StateMachine machine;
    final GroupReplica replica;
    private final Checkpoint found;
    private final JournaledEntryLog log;
    private final Recovery recovery;
    private final Replica weak;
    private final SegmentedJournal journal;
    private final Finder finder;

    Opened(CheckedStore.Watcher watcher, WatchedLedger.Watcher ledgerWatcher, Finder finder) {
      this.finder = finder;
      NodeId node = self.node();
      store = new CheckedStore(node, updates, watcher);
      found = found();
      Ledger.Kept kept = Objects.requireNonNull(found.ledger()).kept();
      log =
          new JournaledEntryLog(
              kept.base().index(), kept.base().term(), machineOptions.logBytes(), SPACING_BYTES);
      recovery = new Recovery(log, kept);
      machine = new StateMachine(committed);
      finder.onCommitted(machine);
      view = new View(store, committed);
      weak =
          new Replica(
              node,
              self.incarnation(),
              "server-" + node,
              timing(),
              view,
              random::nextLong,
              found.state());
      try {
        journal = openJournal();
      } catch (IOException e) {
        throw failed(e);
      }
      recovery.onCommitted(found.ledger().applied());
      recovery.onCommitted(weak.recoveredCommit());
      recovery.finish(machine.applied());
      RaftCore core =
          new RaftCore(self, ledgerTiming(), random::nextLong, recovery, machine.applied().index());
      WatchedLedger ledger = new WatchedLedger(core, ledgerWatcher);
      replica =
          new GroupReplica(
              weak,
              store,
              self,
              ledger,
              committed,
              machine,
              machineOptions.collectMillis() * MILLI);
    }

    /** What the last checkpoint left, or what begins an empty disk. */
    private Checkpoint found() {
      byte[] bytes = updates.checkpointed();
      if (bytes != null) {
        updates.updates().forEach(finder::onFound);
        return Checkpoint.decode(bytes);
      }
      Ledger.Kept nothing =
          new Ledger.Kept(new AppliedPoint(0, 0, begun), new TermAndVote(0, null));
      return new Checkpoint(
          0,
          ReplicaState.initial(new Origin(random.nextLong(), random.nextLong())),
          new Checkpoint.OfLedger(0, 0, nothing));
    }

    private SegmentedJournal openJournal() throws IOException {
      JournalOptions options = new JournalOptions(journalId, SEGMENT_BYTES, random::nextLong);
      long from = found.from();
      SegmentedJournal made = SegmentedJournal.open(volume, options, from, new Replaying());
      long first = made.recovery().firstPosition();
      long end = made.recovery().endPosition();
      if (end < found.position() || first > from) {
        throw new Violation(
            "the journal has what the stores need",
            "it reaches from " + first + " to " + end + ": " + from + ", " + found.position());
      }
      log.onRecovered(made, end);
      return made;
    }

    /** Gives each world its records, the weak one those behind its checkpoint. */
    private final class Replaying implements JournalVisitor {
      @Override
      public void onBatch(long position) {
        log.onRecovering(position);
      }

      @Override
      public void onRecord(long position, int type, ByteBuffer body) {
        byte[] bytes = new byte[body.remaining()];
        body.get(bytes);
        if (type >= LEDGER_TYPES_FROM) {
          recovery.recover(LedgerRecordCodec.decode(type, bytes));
        } else if (position >= found.position()) {
          JournalRecord record = JournalCodec.decode(type, bytes);
          record.updates().forEach(finder::onFound);
          weak.recover(record);
        }
      }
    }

    // The journal

    long endPosition() {
      return journal.endPosition();
    }

    void append(JournalBatch batch) {
      try {
        journal.append(batch);
      } catch (IOException e) {
        throw failed(e);
      }
    }

    void sync() {
      try {
        journal.sync();
      } catch (IOException e) {
        throw failed(e);
      }
    }

    /** The journal has reported a position, and the replica knows. */
    void onDurable(long position) {
      log.onDurable(replica.ledger().durableIndex(), position);
    }

    // Checkpoints

    boolean mayCheckpoint() {
      return !log.isRestarting();
    }

    /** What a checkpoint at a position of the journal holds now. */
    Checkpoint checkpoint(long position) {
      Checkpoint.OfLedger ofLedger =
          new Checkpoint.OfLedger(
              Math.min(position, log.neededFrom()),
              machine.applied().index(),
              replica.ledger().kept());
      return new Checkpoint(position, weak.state(), ofLedger);
    }

    void checkpointUpdates(Checkpoint checkpoint) {
      store.checkpoint(checkpoint.encode());
    }

    /**
     * A checkpoint is on the disk: lets go of the journal in front of it.
     *
     * @return how far the ledger may be let go
     */
    long onCheckpoint(Checkpoint written) {
      try {
        journal.truncateBefore(written.from());
      } catch (IOException e) {
        throw failed(e);
      }
      long applied = Objects.requireNonNull(written.ledger()).applied();
      long retainedFrom = written.position() - machineOptions.retainedBytes();
      return Math.min(applied, log.indexBefore(retainedFrom));
    }
  }
}
