package io.gamut.server;

import io.gamut.core.Origin;
import io.gamut.ledger.Ledger;
import io.gamut.ledger.log.AppliedPoint;
import io.gamut.ledger.log.Configuration;
import io.gamut.ledger.log.Participant;
import io.gamut.ledger.message.LedgerRecord.TermAndVote;
import io.gamut.ledger.message.LedgerRecordCodec;
import io.gamut.ledger.raft.AwakeLedger;
import io.gamut.ledger.raft.LedgerTiming;
import io.gamut.ledger.raft.RaftCore;
import io.gamut.ledger.raft.Recovery;
import io.gamut.replication.Now;
import io.gamut.replication.Replica;
import io.gamut.replication.ReplicaState;
import io.gamut.replication.Timing;
import io.gamut.replication.View;
import io.gamut.replication.committed.Proposer;
import io.gamut.replication.committed.StateMachine;
import io.gamut.replication.group.Checkpoint;
import io.gamut.replication.group.GroupEffects;
import io.gamut.replication.group.GroupReplica;
import io.gamut.replication.message.JournalCodec;
import io.gamut.replication.strong.StrongInput;
import io.gamut.server.snapshot.CommittedPlace;
import io.gamut.server.trail.Trail;
import io.gamut.server.trail.TrailedCommitted;
import io.gamut.server.trail.TrailedUpdates;
import io.gamut.storage.committed.RocksCommittedStore;
import io.gamut.storage.committed.SwitchableCommittedStore;
import io.gamut.storage.journal.Durability;
import io.gamut.storage.journal.DurabilityListener;
import io.gamut.storage.journal.GroupCommit;
import io.gamut.storage.journal.JournalOptions;
import io.gamut.storage.journal.JournalVisitor;
import io.gamut.storage.journal.SegmentedJournal;
import io.gamut.storage.log.JournaledEntryLog;
import io.gamut.storage.rocks.RocksOptions;
import io.gamut.storage.update.RocksStoreOptions;
import io.gamut.storage.update.RocksUpdateStore;
import io.gamut.storage.volume.DiskFaults;
import io.gamut.storage.volume.Volume;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The disk of a group's replica: one journal, the store of weak updates and that of the committed
 * state. Opening it brings the replica back as it was.
 */
final class GroupDisk implements Closeable {
  private static final Logger LOGGER = LoggerFactory.getLogger(GroupDisk.class);

  /** Smaller than the journal's default: it is filled with zeros when it is made. */
  private static final long SEGMENT_BYTES = 16L << 20;

  private final NodeConfig config;
  private final Identity identity;
  private final LongSupplier random;
  private final RocksUpdateStore updates;
  private final CommittedPlace place;
  private final SwitchableCommittedStore committed;
  private final DiskFaults faults;
  private final Checkpoint found;
  private final JournaledEntryLog log;
  private final Recovery recovery;
  private final Replica weak;
  private final StateMachine machine;
  private final SegmentedJournal journal;
  private final GroupReplica replica;
  private final Trail trail;
  private @Nullable GroupCommit commit;

  /** What a checkpoint may say of the ledger while its log is beginning anew. */
  private Checkpoint.OfLedger lastOfLedger;

  private boolean isInstalling;

  /** What is opened before the journal, beside which it lies. */
  private record Stores(
      RocksUpdateStore updates,
      CommittedPlace place,
      SwitchableCommittedStore committed,
      Trail trail,
      DiskFaults faults) {}

  /**
   * Opens what is in a node's directory, or makes it.
   *
   * @param address where others reach this node
   * @param faults what is to be wrong with the disk
   * @param trail is told what is written
   * @param trustDisk false if what was answered in the last run may be lost
   */
  static GroupDisk open(
      NodeConfig config,
      Identity identity,
      String address,
      Volume volume,
      DiskFaults faults,
      Trail trail,
      boolean trustDisk,
      LongSupplier random)
      throws IOException {
    RocksUpdateStore updates =
        RocksUpdateStore.open(config.data().resolve("store"), RocksStoreOptions.DEFAULTS);
    SwitchableCommittedStore committed = null;
    try {
      CommittedPlace place = CommittedPlace.open(config.data());
      committed =
          new SwitchableCommittedStore(
              RocksCommittedStore.open(place.inUse(), RocksOptions.DEFAULTS));
      Stores stores = new Stores(updates, place, committed, trail, faults);
      return new GroupDisk(config, identity, address, volume, trustDisk, random, stores);
    } catch (IOException | RuntimeException e) {
      updates.close();
      if (committed != null) {
        committed.close();
      }
      throw e;
    }
  }

  private GroupDisk(
      NodeConfig config,
      Identity identity,
      String address,
      Volume volume,
      boolean trustDisk,
      LongSupplier random,
      Stores stores)
      throws IOException {
    this.config = config;
    this.identity = identity;
    this.random = random;
    updates = stores.updates;
    place = stores.place;
    committed = stores.committed;
    trail = stores.trail;
    faults = stores.faults;
    found = found();
    lastOfLedger = Objects.requireNonNull(found.ledger());
    Ledger.Kept kept = lastOfLedger.kept();
    log =
        new JournaledEntryLog(
            kept.base().index(), kept.base().term(), JournaledEntryLog.MEMORY_BYTES_DEFAULT);
    recovery = new Recovery(log, kept);
    machine = new StateMachine(new TrailedCommitted(committed, trail));
    View view = new View(new TrailedUpdates(updates, trail), committed);
    weak =
        new Replica(
            config.id(),
            identity.participant().incarnation(),
            address,
            Timing.DEFAULT,
            view,
            random::getAsLong,
            found.state());
    if (config.durability() != Durability.FSYNC) {
      updates.keepBeside(() -> recovering().encode());
    }
    journal = openJournal(volume, trustDisk);
    requireCommitted();
    recovery.onCommitted(found.ledger().applied());
    recovery.onCommitted(weak.recoveredCommit());
    recovery.finish(machine.applied());
    Participant self = identity.participant();
    Ledger core =
        new AwakeLedger(
            new RaftCore(self, LedgerTiming.DEFAULT, random, recovery, machine.applied().index()));
    replica =
        new GroupReplica(weak, updates, self, core, committed, machine, GroupReplica.COLLECT_NANOS);
  }

  /** What the last checkpoint left; of a new directory, or one without a ledger, what begins it. */
  private Checkpoint found() {
    byte[] bytes = updates.checkpointed();
    Checkpoint checkpoint =
        bytes == null
            ? new Checkpoint(
                0, ReplicaState.initial(new Origin(random.getAsLong(), random.getAsLong())), null)
            : Checkpoint.decode(bytes);
    if (checkpoint.ledger() != null) {
      return checkpoint;
    }
    Configuration first =
        identity.bootstraps() ? Configuration.of(identity.participant()) : Configuration.NOBODY;
    Ledger.Kept nothing = new Ledger.Kept(new AppliedPoint(0, 0, first), new TermAndVote(0, null));
    return new Checkpoint(
        checkpoint.position(),
        checkpoint.state(),
        new Checkpoint.OfLedger(checkpoint.position(), 0, nothing));
  }

  // The journal

  private SegmentedJournal openJournal(Volume volume, boolean trustDisk) throws IOException {
    JournalOptions options = new JournalOptions(identity.journal(), SEGMENT_BYTES, random);
    long from = found.from();
    SegmentedJournal opened = SegmentedJournal.open(volume, options, from, new Replaying());
    updates.commit();
    long end = opened.recovery().endPosition();
    if (end < found.position() && !trustDisk) {
      LOGGER.warn(
          "Node {} was cut off below fsync durability: its journal ends {} bytes before its store."
              + " It goes on from its store, under a new origin",
          config.id(),
          found.position() - end);
      updates.checkpoint(at(end).encode());
    } else if (end < found.position() || opened.recovery().firstPosition() > from) {
      opened.close();
      throw new IOException(
          "the journal in %s reaches from %d to %d, but the store needs it from %d: they are not"
                  .formatted(config.data(), opened.recovery().firstPosition(), end, from)
              + " of the same time. Put back both, or start with an empty directory");
    }
    log.onRecovered(
        position -> commit == null ? opened.readFrom(position) : commit.readFrom(position), end);
    return opened;
  }

  /** The log goes back no further than its base: a committed state before that cannot go on. */
  private void requireCommitted() throws IOException {
    long applied = machine.applied().index();
    if (applied < log.baseIndex()) {
      throw new IOException(
          "the committed state in %s reaches to entry %d, but the ledger's log begins behind entry %d:"
                  .formatted(place.inUse(), applied, log.baseIndex())
              + " they are not of the same time. Put back the whole directory, or start with an"
              + " empty one; the server then fetches all from the others");
    }
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
      if (LedgerRecordCodec.isLedgers(type)) {
        recovery.recover(LedgerRecordCodec.decode(type, bytes));
      } else if (position >= found.position()) {
        weak.recover(JournalCodec.decode(type, bytes));
      }
    }
  }

  /** A checkpoint while the journal is being read: the weak world has moved, the rest has not. */
  private Checkpoint recovering() {
    return at(found.position());
  }

  private Checkpoint at(long position) {
    return new Checkpoint(position, weak.state(), found.ledger());
  }

  /** Where the journal ended when it was opened. */
  long openedAt() {
    return journal.recovery().endPosition();
  }

  /**
   * Hands the journal over to a thread that makes durable what is appended. What is shown and
   * committed from now on is kept in the trail.
   */
  GroupCommit startJournal(DurabilityListener listener) {
    GroupCommit started =
        GroupCommit.start(
            journal, config.durability(), GroupCommit.PENDING_BYTES_MAX_DEFAULT, listener);
    commit = started;
    trail.begin(stamper -> machine.lastOf(new Proposer(stamper.high(), stamper.low())) > 0);
    return started;
  }

  private GroupCommit commit() {
    return Objects.requireNonNull(commit, "the journal has not been started");
  }

  void closeJournal() throws IOException {
    commit().close();
  }

  // While it runs

  GroupReplica replica() {
    return replica;
  }

  /** As whom this disk takes part. */
  Participant self() {
    return identity.participant();
  }

  RocksUpdateStore updates() {
    return updates;
  }

  SwitchableCommittedStore committed() {
    return committed;
  }

  /** The recent versions of each key. On the loop. */
  Trail trail() {
    return trail;
  }

  LongSupplier random() {
    return random;
  }

  /** Where the committed state is. */
  CommittedPlace place() {
    return place;
  }

  View view() {
    return new View(updates, committed);
  }

  void keepBeside(Supplier<byte[]> source) {
    updates.keepBeside(source);
  }

  /**
   * The journal has reported this position, and the ledger's log is durable up to an index.
   *
   * @param isRestartDurable whether the record of the log's last new beginning is durable
   */
  void onDurable(long durableIndex, boolean isRestartDurable, long position) {
    if (isRestartDurable) {
      log.onRestarted();
    }
    log.onDurable(durableIndex, position);
  }

  /**
   * What a checkpoint at a position of the journal holds now. While the log is beginning anew, and
   * the record of that may be lost in a crash, it says of the ledger what was so before: the
   * journal still leads from there to here.
   */
  Checkpoint checkpoint(long position) {
    if (!log.isRestarting()) {
      lastOfLedger =
          new Checkpoint.OfLedger(
              Math.min(position, log.neededFrom()),
              machine.applied().index(),
              replica.ledger().kept());
    }
    return new Checkpoint(position, weak.state(), lastOfLedger);
  }

  /** Writes a checkpoint to the stores; done when it is on the disk. */
  CompletableFuture<Void> write(Checkpoint checkpoint) {
    return faults.slowed(
        CompletableFuture.allOf(
            committed.checkpointAsync(), updates.checkpointAsync(checkpoint.encode())));
  }

  /** Writes a copy of the committed state; done when it is on the disk. */
  CompletableFuture<Void> save(Path directory) {
    return faults.slowed(committed.saveToAsync(directory));
  }

  /** Whether a state from elsewhere is about to take the place of the committed state. */
  void setInstalling(boolean installing) {
    isInstalling = installing;
  }

  /** Whether a checkpoint may be begun now, after which the ledger's log is let go. */
  boolean mayCheckpoint() {
    return !isInstalling && !log.isRestarting();
  }

  /**
   * A checkpoint is on the disk: lets go of the journal in front of it.
   *
   * @param pinnedIndex entries behind it are needed soon
   */
  void onCheckpoint(Checkpoint written, long pinnedIndex, Now now, GroupEffects effects) {
    commit().truncateBefore(written.from());
    Checkpoint.OfLedger ledger = Objects.requireNonNull(written.ledger());
    long retained = log.indexBefore(written.position() - retention().retainedBytes());
    long atLeast = log.indexBefore(written.position() - retention().pinnedBytesMax());
    long index = Math.max(Math.min(retained, pinnedIndex), atLeast);
    replica.step(new StrongInput.Saved(Math.min(ledger.applied(), index)), now, effects);
  }

  Retention retention() {
    return config.retention();
  }

  @Override
  public void close() throws IOException {
    try {
      if (commit == null) {
        journal.close();
      } else {
        commit.close();
      }
    } finally {
      committed.close();
      updates.close();
    }
  }
}
