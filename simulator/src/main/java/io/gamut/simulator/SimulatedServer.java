package io.gamut.simulator;

import io.gamut.core.BinaryReader;
import io.gamut.core.BinaryWriter;
import io.gamut.core.NodeId;
import io.gamut.core.Origin;
import io.gamut.core.Reply;
import io.gamut.replication.Effects;
import io.gamut.replication.Input;
import io.gamut.replication.Replica;
import io.gamut.replication.ReplicaState;
import io.gamut.replication.Timing;
import io.gamut.replication.View;
import io.gamut.replication.committed.CommittedView;
import io.gamut.replication.message.JournalCodec;
import io.gamut.replication.message.JournalRecord;
import io.gamut.replication.message.Member;
import io.gamut.replication.message.Member.Standing;
import io.gamut.replication.message.MemberTable;
import io.gamut.replication.message.PeerMessage;
import io.gamut.replication.message.Update;
import io.gamut.storage.journal.JournalBatch;
import io.gamut.storage.journal.JournalId;
import io.gamut.storage.journal.JournalOptions;
import io.gamut.storage.journal.SegmentedJournal;
import io.gamut.storage.update.MemoryUpdateStore;
import io.gamut.storage.volume.SimulatedVolume;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * A server of the simulated world: the real replica over the real journal, on a disk that loses
 * what was not synced and a store that loses what was not checkpointed.
 */
final class SimulatedServer implements Effects {
  private static final long SEGMENT_BYTES = 16 << 10;
  private static final long MILLI = 1_000_000;

  private final World world;
  private final Judge judge;
  private final SplittableRandom random;
  private final Timing timing;
  final NodeId id;

  private SimulatedVolume volume;
  private MemoryUpdateStore disk = new MemoryUpdateStore();
  private @Nullable SimulatedVolume volumeCopy;
  private @Nullable MemoryUpdateStore diskCopy;

  private @Nullable Replica replica;
  private @Nullable SegmentedJournal journal;
  private CheckedStore store;
  private final JournalBatch batch = new JournalBatch();
  private final List<Update> inBatch = new ArrayList<>();
  private List<Update> syncing = new ArrayList<>();
  private long givenCount;
  private boolean isSyncing;
  private long syncingPosition;
  private long handledPosition;
  private int life;
  private int effectsUntilCrash = -1;
  private boolean crashWithPower;
  private boolean ownDisk;
  private boolean replacedDisk;

  SimulatedServer(World world, Judge judge, SplittableRandom random, NodeId id, int pullBytesMax) {
    this.world = world;
    this.judge = judge;
    this.random = random;
    this.timing = timing(pullBytesMax);
    this.id = id;
    this.volume = SimulatedVolume.seeded(random.nextLong());
    this.store = new CheckedStore(id, disk, judge);
  }

  /** More impatient than a real server, so that more happens in a short run. */
  private static Timing timing(int pullBytes) {
    return new Timing(
        20 * MILLI,
        MILLI,
        50 * MILLI,
        1_000 * MILLI,
        60 * MILLI,
        1_000 * MILLI,
        10 * MILLI,
        pullBytes);
  }

  boolean isUp() {
    return replica != null;
  }

  int life() {
    return life;
  }

  CheckedStore store() {
    return store;
  }

  Replica replica() {
    if (replica == null) {
      throw new IllegalStateException("server " + id + " is down");
    }
    return replica;
  }

  private SegmentedJournal journal() {
    if (journal == null) {
      throw new IllegalStateException("server " + id + " is down");
    }
    return journal;
  }

  // Life and death

  /** Whether its disk is its own, and not empty. */
  boolean knowsMembers() {
    return ownDisk;
  }

  boolean hasReplacedDisk() {
    return replacedDisk;
  }

  /** As an operator would name it. */
  Member asMember() {
    return new Member(id, address(), Standing.ACTIVE, 1);
  }

  private String address() {
    return "server-" + id;
  }

  /** Starts the server from what its disk holds. */
  void start(MemberTable known) {
    life++;
    ownDisk |= !replacedDisk;
    store = new CheckedStore(id, disk, judge);
    byte[] checkpoint = disk.checkpointed();
    long from = 0;
    ReplicaState state = ReplicaState.initial(new Origin(random.nextLong(), random.nextLong()));
    if (checkpoint != null) {
      BinaryReader in = new BinaryReader(checkpoint);
      from = in.readVarint();
      state = ReplicaState.decode(in);
      disk.updates().forEach(update -> judge.onSynced(id, update));
    }
    View view = new View(store, CommittedView.NONE);
    Replica started = new Replica(id, id.value(), address(), timing, view, random::nextLong, state);
    JournalId journalId = new JournalId(random.nextLong(), random.nextLong());
    JournalOptions options = new JournalOptions(journalId, SEGMENT_BYTES, random::nextLong);
    try {
      journal =
          SegmentedJournal.open(
              volume, options, from, (_, type, body) -> recover(started, type, body));
    } catch (IOException e) {
      throw new UncheckedIOException("the simulated disk of server " + id, e);
    }
    replica = started;
    handledPosition = journal().endPosition();
    judge.onRecovered(id, started.received());
    judgeView(started);
    guarded(() -> started.start(known, true, world.now(id), this));
  }

  private void recover(Replica started, int type, ByteBuffer body) {
    byte[] bytes = new byte[body.remaining()];
    body.get(bytes);
    JournalRecord record = JournalCodec.decode(type, bytes);
    record.updates().forEach(update -> judge.onSynced(id, update));
    started.recover(record);
  }

  /** Dies after so many more effects; at once with 0. */
  void crashAfter(int effects, boolean power) {
    crashWithPower = power;
    effectsUntilCrash = effects;
    if (effects == 0) {
      crash();
    }
  }

  /** Forgets a crash that was still to come. */
  void spare() {
    effectsUntilCrash = -1;
  }

  private void crash() {
    life++;
    effectsUntilCrash = -1;
    replica = null;
    journal = null;
    batch.clear();
    inBatch.clear();
    syncing.clear();
    isSyncing = false;
    givenCount = 0;
    if (crashWithPower) {
      volume.crash();
    } else {
      volume.killProcess();
    }
    disk = random.nextBoolean() ? disk.afterCrash() : disk.afterCrashWithAll();
    store = new CheckedStore(id, disk, judge);
    world.onCrash(id);
  }

  void copyDisk() {
    volumeCopy = volume.copy();
    volumeCopy.crash();
    diskCopy = random.nextBoolean() ? disk.afterCrash() : disk.afterCrashWithAll();
  }

  /** Puts the copied disk back; whether there was one. */
  boolean rollBack() {
    if (volumeCopy == null || diskCopy == null) {
      return false;
    }
    volume = volumeCopy.copy();
    disk = diskCopy.afterCrashWithAll();
    onDiskReplaced();
    return true;
  }

  private void onDiskReplaced() {
    ownDisk = false;
    replacedDisk = true;
    judge.onDiskReplaced(id);
  }

  void wipe() {
    empty();
    onDiskReplaced();
  }

  /** It has left: its disk is thrown away, and nothing may be lost by that. */
  void throwAway() {
    judge.onLeft(id);
    empty();
    ownDisk = false;
    replacedDisk = true;
  }

  private void empty() {
    volume = SimulatedVolume.seeded(random.nextLong());
    disk = new MemoryUpdateStore();
  }

  // Running

  /** One input, with all that follows from it up to the next event. */
  void step(Input input) {
    if (replica == null) {
      return;
    }
    Replica running = replica;
    guarded(() -> running.step(input, world.now(id), this));
  }

  private void guarded(Runnable step) {
    try {
      step.run();
      beginSync();
    } catch (CrashSignal _) {
      crash();
    }
    if (replica != null) {
      judgeView(replica);
      world.scheduleWake(this);
    }
  }

  private void judgeView(Replica running) {
    if (running.isSettled()) {
      store.tellShown(store::lookup);
      judge.onView(id, running.visible(), store.viewHash());
    }
  }

  private void beginSync() {
    if (isSyncing || batch.isEmpty()) {
      return;
    }
    try {
      journal().append(batch);
      syncingPosition = journal().endPosition();
    } catch (IOException e) {
      throw new UncheckedIOException("the simulated disk of server " + id, e);
    }
    batch.clear();
    syncing = new ArrayList<>(inBatch);
    inBatch.clear();
    isSyncing = true;
    world.scheduleSync(this, givenCount);
  }

  /** The disk has synced what it was given. */
  void onSynced(long count) {
    try {
      journal().sync();
    } catch (IOException e) {
      throw new UncheckedIOException("the simulated disk of server " + id, e);
    }
    syncing.forEach(update -> judge.onSynced(id, update));
    isSyncing = false;
    handledPosition = syncingPosition;
    step(new Input.Persisted(count));
  }

  /** Checkpoints, also while something is on its way to the disk: the state does not hold that. */
  void checkpoint() {
    if (replica == null) {
      return;
    }
    BinaryWriter out = new BinaryWriter();
    out.writeVarint(handledPosition);
    out.writeRaw(replica.state().encode());
    store.checkpoint(out.toByteArray());
    try {
      journal().truncateBefore(handledPosition);
    } catch (IOException e) {
      throw new UncheckedIOException("the simulated disk of server " + id, e);
    }
  }

  // Effects: a crash may come between any two

  private void countDown() {
    if (effectsUntilCrash > 0 && --effectsUntilCrash == 0) {
      throw new CrashSignal();
    }
  }

  @Override
  public void persist(JournalRecord record) {
    countDown();
    batch.add(JournalCodec.type(record), JournalCodec.body(record));
    givenCount++;
    for (Update update : record.updates()) {
      judge.onAccepted(update);
      inBatch.add(update);
    }
  }

  @Override
  public void send(NodeId to, PeerMessage message) {
    countDown();
    judgeSent(message);
    world.send(id, to, new PeerMessage.Envelope(replica().boot(), message));
  }

  @Override
  public void broadcast(PeerMessage message) {
    countDown();
    judgeSent(message);
    world.broadcast(id, new PeerMessage.Envelope(replica().boot(), message));
  }

  private void judgeSent(PeerMessage message) {
    if (message instanceof PeerMessage.Spread(List<Update> updates)) {
      updates.forEach(update -> judge.onSent(id, update));
    } else if (message instanceof PeerMessage.Batch sent) {
      sent.updates().forEach(update -> judge.onSent(id, update));
    }
  }

  @Override
  public void reply(long request, Reply reply) {
    countDown();
    if (reply instanceof Reply.Written written) {
      judge.onAcknowledged(id, written.dot());
    }
    judgeView(replica());
    world.reply(id, request, reply);
  }

  @Override
  public void membersChanged(MemberTable members) {
    countDown();
  }
}
