package io.gamut.simulator.cluster;

import io.gamut.core.NodeId;
import io.gamut.core.Reply;
import io.gamut.ledger.log.Configuration;
import io.gamut.ledger.log.Entry;
import io.gamut.ledger.log.Participant;
import io.gamut.ledger.message.LedgerMessage;
import io.gamut.ledger.message.LedgerRecord;
import io.gamut.ledger.message.LedgerRecordCodec;
import io.gamut.replication.Input;
import io.gamut.replication.Now;
import io.gamut.replication.committed.StateMachine;
import io.gamut.replication.group.Checkpoint;
import io.gamut.replication.group.GroupEffects;
import io.gamut.replication.group.GroupReplica;
import io.gamut.replication.group.RemovedException;
import io.gamut.replication.message.JournalCodec;
import io.gamut.replication.message.JournalRecord;
import io.gamut.replication.message.MemberTable;
import io.gamut.replication.message.PeerMessage;
import io.gamut.replication.message.Update;
import io.gamut.replication.strong.StrongInput;
import io.gamut.replication.strong.StrongMessage;
import io.gamut.simulator.CrashSignal;
import io.gamut.simulator.Violation;
import io.gamut.storage.committed.MemoryCommittedStore;
import io.gamut.storage.journal.JournalBatch;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A server of a simulated cluster: the real replica of a group, run in turns as a node runs it.
 *
 * <p>In a turn it is told what has become durable, takes inputs, ends the turn, gives the records
 * to the journal and commits; only then answers leave. A crash may come between any two effects.
 */
final class ClusterServer implements GroupEffects, WatchedLedger.Watcher, ClusterDisk.Finder {
  private static final long REBIRTH_NANOS = 5_000_000;

  private final ClusterWorld world;
  private final ClusterJudge judge;
  private final SplittableRandom random;
  private final ClusterScenario.Machine options;
  final NodeId id;

  private final ServerDisks disks;
  private ClusterDisk.@Nullable Opened opened;
  private Configuration configuration;
  private final JournalBatch batch = new JournalBatch();
  private final List<Update> inBatch = new ArrayList<>();
  private List<Update> syncing = new ArrayList<>();
  private Given given = new Given(0, 0);
  private Given durable = given;
  private long durablePosition;
  private boolean isSyncing;
  private boolean isFlushDue;
  private boolean isCheckpointing;
  private final ArrayDeque<Answer> answers = new ArrayDeque<>();
  private final TreeSet<Long> asked = new TreeSet<>();
  private int life;
  private int effectsUntilCrash = -1;
  private boolean crashWithPower;
  private boolean wasMember;

  /** Records of each kind. */
  private record Given(long ofWeak, long ofLedger) {}

  private record Answer(long request, Reply reply) {}

  ClusterServer(
      ClusterWorld world,
      ClusterJudge judge,
      SplittableRandom random,
      ClusterScenario.Machine options,
      NodeId id,
      Configuration begun) {
    this.world = world;
    this.judge = judge;
    this.random = random;
    this.options = options;
    this.id = id;
    configuration = begun;
    disks = new ServerDisks(id, begun, random, options);
  }

  Participant self() {
    return disks.now().self;
  }

  boolean isUp() {
    return opened != null;
  }

  int life() {
    return life;
  }

  ClusterDisk.Opened opened() {
    return Objects.requireNonNull(opened, "the server is down");
  }

  GroupReplica replica() {
    return opened().replica;
  }

  /** Who takes part in the ledger, as it believes, or did when it died. */
  Configuration configuration() {
    return opened == null ? configuration : replica().ledger().configuration();
  }

  /** Whether its disk tells of other members. */
  boolean knowsMembers() {
    return wasMember && !disks.isReplaced();
  }

  /** Whether somebody waits for an answer of it. */
  boolean isAsked() {
    return !asked.isEmpty();
  }

  // Life and death

  void start(MemberTable known) {
    life++;
    wasMember = true;
    ClusterDisk.Opened made = disks.now().open(judge.weak(), this, this);
    opened = made;
    given = new Given(0, 0);
    durable = given;
    durablePosition = made.endPosition();
    judge.weak().onRecovered(id, made.replica.weak().received());
    guarded(() -> made.replica.start(known, true, now(), this));
  }

  @Override
  public void onFound(Update update) {
    judge.weak().onSynced(id, update);
  }

  @Override
  public void onCommitted(StateMachine machine) {
    judge.onState(id, machine);
  }

  private Now now() {
    return world.now(id.value());
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
    configuration = configuration();
    life++;
    effectsUntilCrash = -1;
    opened = null;
    batch.clear();
    inBatch.clear();
    syncing.clear();
    answers.clear();
    asked.clear();
    isSyncing = false;
    isFlushDue = false;
    isCheckpointing = false;
    disks.now().crash(crashWithPower);
    world.onCrash(this);
  }

  /** It does what it is told: begins with an empty disks.now(). */
  private void onRemoved(RemovedException reason) {
    world.note("server " + self() + " stops: " + reason.getMessage());
    if (!judge.reference().machine().isGone(self())) {
      throw new Violation("nothing is given up that a member holds", self() + " holds it");
    }
    crashAfter(0, false);
    replaceDisk(false);
  }

  /** It gives up its vote, and comes back with what it has as somebody else. */
  private void beReborn() {
    crashAfter(0, false);
    disks.giveUpVote();
    world.later(REBIRTH_NANOS, () -> world.startIfDown(this));
  }

  /** To be copied or set back while it is down. */
  ServerDisks disks() {
    return disks;
  }

  /** Its disk is empty from now on: it is somebody else to the ledger. */
  void replaceDisk(boolean hasLeft) {
    disks.replace();
    configuration = Configuration.NOBODY;
    if (hasLeft) {
      judge.weak().onLeft(id);
    } else {
      judge.weak().onDiskReplaced(id);
    }
  }

  // Turns

  void ask(long request, Input input) {
    asked.add(request);
    step(input);
  }

  void ask(long request, StrongInput input) {
    asked.add(request);
    step(input);
  }

  void step(Input input) {
    guarded(() -> replica().step(input, now(), this));
  }

  void step(StrongInput input) {
    guarded(() -> replica().step(input, now(), this));
  }

  private void guarded(Runnable step) {
    if (opened == null) {
      return;
    }
    if (survives(step)) {
      judgeView();
      if (!isFlushDue) {
        isFlushDue = true;
        world.inSameLife(this, random.nextInt(options.turnMicrosMax()), this::flush);
      }
    }
  }

  private boolean survives(Runnable step) {
    try {
      step.run();
      return true;
    } catch (CrashSignal _) {
      crash();
    } catch (OutdatedSignal _) {
      beReborn();
    } catch (RemovedException e) {
      onRemoved(e);
    }
    return false;
  }

  private void judgeView() {
    ClusterDisk.Opened now = opened();
    if (now.replica.weak().isSettled()) {
      now.store.tellShown(now.view::lookup);
      judge.weak().onView(id, now.replica.weak().visible(), now.store.viewHash());
    }
  }

  /** The end of a turn. */
  private void flush() {
    if (opened == null) {
      return;
    }
    isFlushDue = false;
    if (survives(this::endTurn)) {
      world.scheduleWake(this, replica().wakeAtNanos(now()));
    }
  }

  private void endTurn() {
    replica().endTurn(now(), this);
    beginSync();
    opened().store.commit();
    judgeView();
    answer();
  }

  private void answer() {
    for (Answer next = answers.poll(); next != null; next = answers.poll()) {
      countDown();
      if (asked.remove(next.request)) {
        world.reply(id, next.request, next.reply);
      }
    }
  }

  private void beginSync() {
    if (isSyncing || batch.isEmpty()) {
      return;
    }
    opened().append(batch);
    batch.clear();
    long position = opened().endPosition();
    Given synced = given;
    syncing = new ArrayList<>(inBatch);
    inBatch.clear();
    isSyncing = true;
    int micros = 1 + random.nextInt(options.syncMicrosMax());
    world.inSameLife(this, micros, () -> onSynced(synced, position));
  }

  private void onSynced(Given synced, long position) {
    opened().sync();
    syncing.forEach(update -> judge.weak().onSynced(id, update));
    isSyncing = false;
    guarded(() -> {
      durable = synced;
      durablePosition = position;
      replica().onPersisted(synced.ofWeak, synced.ofLedger, now(), this);
      opened().onDurable(position);
    });
    flush();
  }

  void tick() {
    step(new Input.Tick());
    step(StrongInput.Tick.TICK);
  }

  // Checkpoints and snapshots

  /** Writes a checkpoint; the two stores do so each in its own time. */
  void checkpoint() {
    if (opened == null || isCheckpointing || !opened().mayCheckpoint()) {
      return;
    }
    isCheckpointing = true;
    Checkpoint checkpoint = opened().checkpoint(durablePosition);
    boolean isCommittedFirst = random.nextBoolean();
    writePart(checkpoint, isCommittedFirst);
    world.inSameLife(
        this,
        1 + random.nextInt(options.syncMicrosMax()),
        () -> {
          writePart(checkpoint, !isCommittedFirst);
          isCheckpointing = false;
          guarded(() -> {
            long through = opened().onCheckpoint(checkpoint);
            replica().step(new StrongInput.Saved(through), now(), this);
          });
        });
  }

  private void writePart(Checkpoint checkpoint, boolean isCommitted) {
    if (isCommitted) {
      disks.now().committed().checkpoint();
    } else {
      opened().checkpointUpdates(checkpoint);
    }
  }

  MemoryCommittedStore snapshot() {
    return disks.now().committed().snapshot();
  }

  /** A snapshot has come. It is on the disk before the replica hears of it. */
  void install(MemoryCommittedStore snapshot) {
    if (opened == null || snapshot.position() <= disks.now().committed().position()) {
      return;
    }
    guarded(() -> {
      countDown();
      disks.now().committed().install(snapshot);
      countDown();
      StateMachine there = new StateMachine(disks.now().committed());
      replica().step(new StrongInput.Installed(there.applied()), now(), this);
      judge.onState(id, replica().machine());
    });
  }

  // What the ledger says

  @Override
  public void onCommitted(List<Entry> entries) {
    countDown();
    judge.onCommitted(entries, world.trueNanos(), world.clocks().limitMillis());
  }

  @Override
  public void onApplied() {
    judge.onState(id, replica().machine());
    countDown();
  }

  @Override
  public void onLed(@Nullable Participant leader, long term) {
    world.note("server " + self() + " follows " + leader + " in term " + term);
    if (self().equals(leader)) {
      judge.onLed(self(), term);
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
    given = new Given(given.ofWeak + 1, given.ofLedger);
    for (Update update : record.updates()) {
      judge.onAccepted(update, world.clocks().limitMillis());
      inBatch.add(update);
    }
  }

  @Override
  public void persist(LedgerRecord record) {
    countDown();
    batch.add(LedgerRecordCodec.type(record), LedgerRecordCodec.body(record));
    given = new Given(given.ofWeak, given.ofLedger + 1);
  }

  @Override
  public void send(NodeId to, PeerMessage message) {
    countDown();
    judge.onSent(id, message);
    world.send(this, to, new PeerMessage.Envelope(replica().weak().boot(), message));
  }

  @Override
  public void broadcast(PeerMessage message) {
    countDown();
    judge.onSent(id, message);
    PeerMessage.Envelope envelope = new PeerMessage.Envelope(replica().weak().boot(), message);
    world.others(this).forEach(to -> world.send(this, to, envelope));
  }

  @Override
  public void send(Participant to, LedgerMessage message) {
    countDown();
    world.send(
        this,
        to.node(),
        new LedgerMessage.Envelope(self().incarnation(), to.incarnation(), message));
  }

  @Override
  public void tell(NodeId to, StrongMessage message) {
    countDown();
    world.send(this, to, message);
  }

  @Override
  public void tellAll(StrongMessage message) {
    countDown();
    world.others(this).forEach(to -> world.send(this, to, message));
  }

  @Override
  public void needsSnapshot(Participant participant) {
    countDown();
    world.snapshots.send(this, participant);
  }

  @Override
  public void outdated() {
    if (!disks.isSetBack()) {
      throw new Violation("a disk that keeps its word is trusted", id + " was called outdated");
    }
    throw new OutdatedSignal();
  }

  @Override
  public void reply(long request, Reply reply) {
    countDown();
    if (reply instanceof Reply.Written written) {
      judge.weak().onAcknowledged(id, written.dot());
    } else if (reply instanceof Reply.Read read) {
      judge.onWeakRead(id, read.pair(), disks.now().committed());
    }
    answers.add(new Answer(request, reply));
  }

  @Override
  public void membersChanged(MemberTable members) {
    countDown();
  }
}
