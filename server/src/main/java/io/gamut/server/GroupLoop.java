package io.gamut.server;

import io.gamut.core.ErrorCode;
import io.gamut.core.InvalidDataException;
import io.gamut.core.NodeId;
import io.gamut.core.Reply;
import io.gamut.ledger.log.Participant;
import io.gamut.ledger.message.LedgerCodec;
import io.gamut.ledger.message.LedgerMessage;
import io.gamut.ledger.message.LedgerRecord;
import io.gamut.overlay.Channel;
import io.gamut.overlay.Overlay;
import io.gamut.replication.Input;
import io.gamut.replication.group.Checkpoint;
import io.gamut.replication.group.GroupEffects;
import io.gamut.replication.group.GroupReplica;
import io.gamut.replication.message.JournalCodec;
import io.gamut.replication.message.JournalRecord;
import io.gamut.replication.message.MemberTable;
import io.gamut.replication.message.PeerCodec;
import io.gamut.replication.message.PeerMessage;
import io.gamut.replication.strong.StrongCodec;
import io.gamut.replication.strong.StrongInput;
import io.gamut.replication.strong.StrongInput.FromLedger;
import io.gamut.replication.strong.StrongMessage;
import io.gamut.server.DiskGuard.Space;
import io.gamut.server.fault.WallClock;
import io.gamut.server.snapshot.Snapshots;
import io.gamut.storage.journal.Durability;
import io.gamut.storage.journal.DurabilityListener;
import io.gamut.storage.journal.GroupCommit;
import io.gamut.storage.log.JournalFeed;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a group's replica on an event loop: feeds it inputs, does its effects on the real journal,
 * stores and network.
 *
 * <p>All inputs of one turn of the loop are taken first; then their records go to the journal as
 * one batch, the stores are committed, and only then do answers leave. So a thousand pipelined
 * writes cost one disk write.
 *
 * <p>Thread rules: everything on the loop, except {@link #submit}, {@link #view} and the journal's
 * callbacks.
 */
final class GroupLoop implements GroupEffects, DurabilityListener {
  private static final Logger LOGGER = LoggerFactory.getLogger(GroupLoop.class);

  private final EventLoop loop;
  private final WallClock clock;
  private final GroupReplica group;
  private final GroupDisk disk;
  private final Overlay overlay;
  private final GroupNetwork network;
  private final WakeTimer timer;
  private final Consumer<MemberTable> onMembers;
  private final Consumer<Throwable> onFailure;

  private @Nullable JournalFeed feed;
  private @Nullable Checkpoints checkpoints;
  private @Nullable Snapshots snapshots;
  private long durableSequence;
  private long durablePosition;
  private long turnPosition;

  private final Map<Long, Consumer<Reply>> asking = new HashMap<>();
  private final ArrayDeque<Runnable> answers = new ArrayDeque<>();
  private final ArrayDeque<Runnable> waitingForRoom = new ArrayDeque<>();
  private long requests;
  private final SpaceWatch space = new SpaceWatch();
  private boolean flushing;
  private boolean flushScheduled;
  private boolean stopped;
  private @Nullable CompletableFuture<Void> stopping;
  private volatile GroupView view;

  GroupLoop(
      EventLoop loop,
      WallClock clock,
      GroupDisk disk,
      Overlay overlay,
      GroupNetwork network,
      Consumer<MemberTable> onMembers,
      Consumer<Throwable> onFailure) {
    this.loop = loop;
    this.clock = clock;
    this.disk = disk;
    this.overlay = overlay;
    this.network = network;
    timer = new WakeTimer(loop, this::tick);
    this.onMembers = onMembers;
    this.onFailure = onFailure;
    group = disk.replica();
    view = GroupView.of(group);
  }

  /** Starts the replica; the journal reports to this loop. On the loop. */
  void start(MemberTable known, boolean trustDisk) {
    GroupCommit journal = disk.startJournal(this);
    durablePosition = disk.openedAt();
    turnPosition = durablePosition;
    feed = new JournalFeed(journal);
    checkpoints = new Checkpoints(disk, loop, this::onCheckpoint, this::fail);
    GroupSnapshots own = new GroupSnapshots(disk, overlay, this::step, this::fail);
    snapshots = new Snapshots(disk.self(), disk.place(), own, own, loop, disk.random());
    if (journal.durability() != Durability.FSYNC) {
      disk.keepBeside(() -> checkpoints().encoded(turnPosition));
    }
    group.start(known, trustDisk, clock.now(), this);
    overlay.neighbours().stream().filter(NodeId::isServer).forEach(this::onNeighbourUp);
    onReachable();
    flush();
  }

  // From any thread

  GroupView view() {
    return view;
  }

  /** Asks the weak world something; the answer comes on the loop. */
  void submit(LongFunction<Input> request, Consumer<Reply> answer) {
    ask(
        number -> {
          Input input = request.apply(number);
          take(number, input instanceof Input.Write, () -> step(input));
        },
        answer);
  }

  /** Asks the strong world something; the answer comes on the loop. */
  void submitStrong(LongFunction<StrongInput> request, Consumer<Reply> answer) {
    ask(
        number -> {
          StrongInput input = request.apply(number);
          take(number, input instanceof StrongInput.Execute, () -> step(input));
        },
        answer);
  }

  private void take(long number, boolean isWrite, Runnable step) {
    if (isWrite && !space.isAmple()) {
      reply(number, SpaceWatch.refusal());
      scheduleFlush();
    } else {
      step.run();
    }
  }

  /** Hears how much space there is on the disk; from any thread. */
  void onSpace(Space now) {
    loop.execute(() -> {
      if (space.onLook(now)) {
        step(StrongInput.HandOver.HAND_OVER);
      }
    });
  }

  private void ask(LongConsumer question, Consumer<Reply> answer) {
    if (loop.inEventLoop()) {
      askHere(question, answer);
    } else {
      loop.execute(() -> askHere(question, answer));
    }
  }

  private void askHere(LongConsumer question, Consumer<Reply> answer) {
    if (stopped || stopping != null) {
      answer.accept(new Reply.Failed(ErrorCode.BUSY, "this server is stopping"));
    } else {
      asking.put(++requests, answer);
      question.accept(requests);
    }
  }

  // On the loop

  private JournalFeed feed() {
    return started(feed);
  }

  private Checkpoints checkpoints() {
    return started(checkpoints);
  }

  private Snapshots snapshots() {
    return started(snapshots);
  }

  private static <T> T started(@Nullable T part) {
    return Objects.requireNonNull(part, "the loop has not been started");
  }

  void step(Input input) {
    guarded(() -> group.step(input, clock.now(), this));
  }

  void step(StrongInput input) {
    guarded(() -> group.step(input, clock.now(), this));
  }

  void onNeighbourUp(NodeId server) {
    step(new Input.NeighbourUp(server));
  }

  /** The network has found or lost a path. */
  void onReachable() {
    step(new StrongInput.Reachable(overlay.reachable()));
  }

  private void guarded(Runnable step) {
    if (stopped) {
      return;
    }
    try {
      step.run();
      scheduleFlush();
    } catch (RuntimeException e) {
      fail(e);
    }
  }

  void onMessage(NodeId source, Channel channel, byte[] payload) {
    if (space.isGone()) {
      return; // as if the network had lost it: there is no room to remember it
    }
    try {
      switch (channel) {
        case WEAK -> onWeak(source, PeerCodec.decode(payload));
        case LEDGER, LEDGER_BULK -> step(new FromLedger(source, LedgerCodec.decode(payload)));
        case FORWARD -> step(new StrongInput.FromReplica(source, StrongCodec.decode(payload)));
        case SNAPSHOT -> snapshots().onMessage(source, payload);
        case PROBES, TOPOLOGY -> {}
      }
    } catch (InvalidDataException e) {
      LOGGER.warn("Server {} has sent what cannot be read: {}", source, e.getMessage());
    }
  }

  private void onWeak(NodeId source, PeerMessage.Envelope envelope) {
    if (!(isOverloaded() && envelope.message() instanceof PeerMessage.Spread)) {
      step(new Input.Received(source, envelope));
    }
  }

  /** Whether the disk is behind, so that nothing more should be taken in for now. */
  boolean isOverloaded() {
    return feed().isFull();
  }

  /** Calls back once the disk has caught up. */
  void whenRoom(Runnable callback) {
    if (isOverloaded() || !waitingForRoom.isEmpty()) {
      waitingForRoom.add(callback);
    } else {
      callback.run();
    }
  }

  private void scheduleFlush() {
    if (!flushScheduled && !flushing) {
      flushScheduled = true;
      loop.execute(this::flush);
    }
  }

  private void flush() {
    flushScheduled = false;
    if (stopped) {
      return;
    }
    flushing = true;
    try {
      onDurableHere();
      group.endTurn(clock.now(), this);
      while (feed().append()) {
        if (onDurableHere()) {
          group.endTurn(clock.now(), this);
        }
      }
      if (!group.weak().isSettled()) {
        // Before others see a view that is half way over a barrier: they are to wait.
        view = view.unsettled();
      }
      commit();
    } catch (IOException | RuntimeException e) {
      fail(e);
      return;
    } finally {
      flushing = false;
    }
    view = GroupView.of(group);
    for (Runnable answer = answers.poll(); answer != null; answer = answers.poll()) {
      answer.run();
    }
    while (!waitingForRoom.isEmpty() && !isOverloaded()) {
      waitingForRoom.remove().run();
    }
    if (feed().handledSequence() == durableSequence) {
      checkpoints().writeIfDue(durablePosition);
    }
    timer.wakeAt(group.wakeAtNanos(clock.now()));
    stopIfIdle();
  }

  /**
   * Commits what was done in this turn. With fsync everything in it is on the disk already. Below
   * that a crash of the machine may leave the store ahead of the journal: so the state goes with
   * every write, and what the crash leaves of the store is consistent in itself. A write may come
   * in mid-turn, with the journal's position of the turn before: to repeat records is no harm.
   */
  private void commit() {
    disk.updates().commit();
    turnPosition = durablePosition;
  }

  /**
   * Tells the replica what has become durable since the last time.
   *
   * @return whether anything has
   */
  private boolean onDurableHere() {
    boolean isMore = feed().onDurable(durableSequence);
    if (isMore) {
      JournalFeed.Counts durable = feed().durable();
      group.onPersisted(durable.ofWeak(), durable.ofLedger(), clock.now(), this);
      long durableIndex = group.ledger().durableIndex();
      disk.onDurable(durableIndex, feed().isRestartDurable(), durablePosition);
    }
    return isMore;
  }

  private void onCheckpoint(Checkpoint written) {
    guarded(() -> disk.onCheckpoint(written, snapshots().pinnedIndex(), clock.now(), this));
  }

  private void tick() {
    step(new Input.Tick());
    step(StrongInput.Tick.TICK);
  }

  private void fail(Throwable failure) {
    if (!stopped) {
      stopped = true;
      LOGGER.error("This server stops, so that nothing is lost", failure);
      onFailure.accept(failure);
    }
  }

  /**
   * Takes nothing more; once everything taken is durable, writes a checkpoint and closes the
   * journal.
   */
  CompletableFuture<Void> stop() {
    if (stopping == null) {
      stopping = new CompletableFuture<>();
      if (stopped) {
        stopping.complete(null);
      } else {
        step(StrongInput.HandOver.HAND_OVER);
        flush();
      }
    }
    return stopping;
  }

  private void stopIfIdle() {
    if (stopping == null || stopped || !feed().isIdle()) {
      return;
    }
    abandon();
    try {
      disk.closeJournal();
      checkpoints().writeLast(durablePosition);
      stopping.complete(null);
    } catch (IOException e) {
      stopping.completeExceptionally(e);
    }
  }

  /** Stops as a crash does: nothing is written any more. */
  void abandon() {
    stopped = true;
    if (snapshots != null) {
      snapshots.stop();
    }
  }

  /** Waits for what still goes on at the disk. After a stop, from any thread but the loop's. */
  void close() {
    if (snapshots != null) {
      snapshots.close();
    }
  }

  long antiEntropyBytes() {
    return network.antiEntropyBytes();
  }

  GroupReplica group() {
    return group;
  }

  // The journal's answers, from its thread or from this one

  @Override
  public void onDurable(long sequence, long position) {
    if (loop.inEventLoop()) {
      durableSequence = sequence;
      durablePosition = position;
    } else {
      loop.execute(() -> {
        durableSequence = sequence;
        durablePosition = position;
        flush();
      });
    }
  }

  @Override
  public void onFailure(IOException failure) {
    loop.execute(() -> fail(failure));
  }

  // What the replica wants done

  @Override
  public void persist(JournalRecord record) {
    feed().add(JournalCodec.type(record), JournalCodec.body(record));
  }

  @Override
  public void persist(LedgerRecord record) {
    feed().add(record);
  }

  @Override
  public void send(NodeId to, PeerMessage message) {
    network.send(to, new PeerMessage.Envelope(group.weak().boot(), message));
  }

  @Override
  public void broadcast(PeerMessage message) {
    network.broadcast(new PeerMessage.Envelope(group.weak().boot(), message));
  }

  @Override
  public void send(Participant to, LedgerMessage message) {
    network.send(to, message);
  }

  @Override
  public void tell(NodeId to, StrongMessage message) {
    network.tell(to, message);
  }

  @Override
  public void tellAll(StrongMessage message) {
    network.tellAll(message);
  }

  @Override
  public void needsSnapshot(Participant participant) {
    snapshots().onNeeded(participant);
  }

  @Override
  public void outdated() {
    fail(new OutdatedDiskException(disk.self()));
  }

  @Override
  public void reply(long request, Reply reply) {
    Consumer<Reply> answer = asking.remove(request);
    if (answer != null) {
      answers.add(() -> answer.accept(reply));
    }
  }

  @Override
  public void membersChanged(MemberTable members) {
    onMembers.accept(members);
  }
}
