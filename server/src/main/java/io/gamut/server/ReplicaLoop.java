package io.gamut.server;

import io.gamut.core.BinaryWriter;
import io.gamut.core.ErrorCode;
import io.gamut.core.InvalidDataException;
import io.gamut.core.NodeId;
import io.gamut.core.Reply;
import io.gamut.core.VersionVector;
import io.gamut.overlay.Channel;
import io.gamut.overlay.Overlay;
import io.gamut.replication.Effects;
import io.gamut.replication.Input;
import io.gamut.replication.Now;
import io.gamut.replication.Replica;
import io.gamut.replication.ReplicaState;
import io.gamut.replication.message.JournalCodec;
import io.gamut.replication.message.JournalRecord;
import io.gamut.replication.message.MemberTable;
import io.gamut.replication.message.PeerCodec;
import io.gamut.replication.message.PeerMessage;
import io.gamut.storage.journal.Durability;
import io.gamut.storage.journal.DurabilityListener;
import io.gamut.storage.journal.GroupCommit;
import io.gamut.storage.journal.JournalBatch;
import io.gamut.storage.update.RocksUpdateStore;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a replica on an event loop: feeds it inputs, does its effects on the real journal, store and
 * network.
 *
 * <p>All inputs of one turn of the loop are taken first; then the store is committed, their records
 * go to the journal as one batch, and only then do answers leave. So a thousand pipelined writes
 * cost one disk write.
 *
 * <p>Thread rules: everything on the loop, except {@link #submit}, {@link #view} and the journal's
 * callbacks.
 */
final class ReplicaLoop implements Effects, DurabilityListener {
  private static final Logger LOGGER = LoggerFactory.getLogger(ReplicaLoop.class);

  /** Bytes of journal after which a checkpoint lets it go. */
  private static final long CHECKPOINT_BYTES = 256L << 20;

  /** Bytes on their way to the disk beyond which nothing more is read from clients. */
  private static final long PENDING_BYTES_HIGH = 16L << 20;

  private final EventLoop loop;
  private final Replica replica;
  private final RocksUpdateStore store;
  private final Overlay overlay;
  private final Consumer<MemberTable> onMembers;
  private final Consumer<Throwable> onFailure;

  private @Nullable GroupCommit journal;
  private final JournalBatch batch = new JournalBatch();
  private final ArrayDeque<byte[]> overflow = new ArrayDeque<>();
  private final ArrayDeque<Integer> overflowTypes = new ArrayDeque<>();
  private final ArrayDeque<Appended> appended = new ArrayDeque<>();
  private long givenCount;
  private long durableSequence;
  private long durablePosition;
  private long handledSequence;
  private long turnPosition;
  private long checkpointPosition;
  private boolean checkpointing;

  private final Map<Long, Consumer<Reply>> asking = new HashMap<>();
  private final ArrayDeque<Runnable> answers = new ArrayDeque<>();
  private final ArrayDeque<Runnable> waitingForRoom = new ArrayDeque<>();
  private long requests;
  private boolean flushing;
  private boolean flushScheduled;
  private long wakeScheduledNanos = Long.MAX_VALUE;
  private boolean stopped;
  private @Nullable CompletableFuture<Void> stopping;
  private long antiEntropyBytes;
  private volatile View view;

  /** What other threads may know of the replica: true of the committed store, or a little older. */
  record View(VersionVector visible, boolean settled) {}

  /** Records up to this count went to the journal as this append. */
  private record Appended(long sequence, long count) {}

  ReplicaLoop(
      EventLoop loop,
      Replica replica,
      RocksUpdateStore store,
      Overlay overlay,
      Consumer<MemberTable> onMembers,
      Consumer<Throwable> onFailure) {
    this.loop = loop;
    this.replica = replica;
    this.store = store;
    this.overlay = overlay;
    this.onMembers = onMembers;
    this.onFailure = onFailure;
    this.view = new View(replica.visible(), replica.isSettled());
  }

  /** Starts the replica; the journal reports to this loop. On the loop. */
  void start(GroupCommit opened, MemberTable known, boolean trustDisk, long position) {
    journal = opened;
    checkpointPosition = position;
    durablePosition = position;
    turnPosition = position;
    if (opened.durability() != Durability.FSYNC) {
      store.keepBeside(() -> checkpointBytes(turnPosition));
    }
    replica.start(known, trustDisk, now(), this);
    overlay.neighbours().forEach(node -> step(new Input.NeighbourUp(node)));
    flush();
  }

  // From any thread

  View view() {
    return view;
  }

  /** Asks the replica something; the answer comes on the loop. */
  void submit(LongFunction<Input> request, Consumer<Reply> answer) {
    if (loop.inEventLoop()) {
      ask(request, answer);
    } else {
      loop.execute(() -> ask(request, answer));
    }
  }

  private void ask(LongFunction<Input> request, Consumer<Reply> answer) {
    if (stopped || stopping != null) {
      answer.accept(new Reply.Failed(ErrorCode.UNKNOWN, "this server is stopping"));
      return;
    }
    long number = ++requests;
    asking.put(number, answer);
    step(request.apply(number));
  }

  // On the loop

  private GroupCommit journal() {
    return Objects.requireNonNull(journal, "the loop has not been started");
  }

  void step(Input input) {
    if (stopped) {
      return;
    }
    try {
      replica.step(input, now(), this);
      scheduleFlush();
    } catch (RuntimeException e) {
      fail(e);
    }
  }

  void onMessage(NodeId source, byte[] payload) {
    try {
      PeerMessage.Envelope envelope = PeerCodec.decode(payload);
      if (!(isOverloaded() && envelope.message() instanceof PeerMessage.Spread)) {
        step(new Input.Received(source, envelope));
      }
    } catch (InvalidDataException e) {
      LOGGER.warn("Server {} has sent what cannot be read: {}", source, e.getMessage());
    }
  }

  /** Whether the disk is behind, so that nothing more should be taken in for now. */
  boolean isOverloaded() {
    return !overflow.isEmpty() || journal().pendingBytes() > PENDING_BYTES_HIGH;
  }

  /** Calls back once the disk has caught up. */
  void whenRoom(Runnable callback) {
    if (isOverloaded()) {
      waitingForRoom.add(callback);
    } else {
      callback.run();
    }
  }

  private static Now now() {
    return new Now(System.nanoTime(), System.currentTimeMillis());
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
      while (append()) {
        onDurableHere();
      }
      if (!replica.isSettled()) {
        // Before others see a view that is half way over a barrier: they are to wait.
        view = new View(view.visible(), false);
      }
      commit();
    } catch (IOException | RuntimeException e) {
      fail(e);
      return;
    } finally {
      flushing = false;
    }
    view = new View(replica.visible(), replica.isSettled());
    for (Runnable answer = answers.poll(); answer != null; answer = answers.poll()) {
      answer.run();
    }
    while (!waitingForRoom.isEmpty() && !isOverloaded()) {
      waitingForRoom.remove().run();
    }
    checkpointIfDue();
    scheduleWake();
    stopIfIdle();
  }

  /**
   * Commits what was done in this turn. With fsync everything in it is on the disk already. Below
   * that a crash of the machine may leave the store ahead of the journal: so the state goes with
   * every write, and whatever the crash leaves of the store is consistent in itself. A write may
   * come in the middle of a turn: the journal's position that goes with it is that of the turn
   * before, since repeating records does no harm.
   */
  private void commit() {
    store.commit();
    turnPosition = durablePosition;
  }

  /** Hands what has gathered to the journal; false when there is nothing, or no room there. */
  private boolean append() throws IOException {
    if (batch.isEmpty()) {
      return false;
    }
    long sequence = journal().append(batch);
    if (sequence == GroupCommit.REFUSED) {
      return false;
    }
    appended.add(new Appended(sequence, givenCount));
    while (!overflow.isEmpty() && batch.fits(overflow.getFirst().length)) {
      batch.add(overflowTypes.removeFirst(), overflow.removeFirst());
      givenCount++;
    }
    return true;
  }

  /** Tells the replica what has become durable since the last time. */
  private void onDurableHere() {
    long count = 0;
    while (!appended.isEmpty() && appended.getFirst().sequence <= durableSequence) {
      Appended done = appended.removeFirst();
      count = done.count;
      handledSequence = done.sequence;
    }
    if (count > 0) {
      replica.step(new Input.Persisted(count), now(), this);
    }
  }

  private void scheduleWake() {
    Now now = now();
    long wake = replica.wakeAtNanos(now);
    if (wake - now.nanos() <= 0) {
      loop.execute(() -> step(new Input.Tick()));
      return;
    }
    if (wakeScheduledNanos == Long.MAX_VALUE || wake - wakeScheduledNanos < 0) {
      wakeScheduledNanos = wake;
      var _ = loop.schedule(() -> wake(wake), wake - now.nanos(), TimeUnit.NANOSECONDS);
    }
  }

  private void wake(long scheduled) {
    if (wakeScheduledNanos == scheduled) {
      wakeScheduledNanos = Long.MAX_VALUE;
      step(new Input.Tick());
    }
  }

  private void checkpointIfDue() {
    if (!checkpointing && durablePosition - checkpointPosition > CHECKPOINT_BYTES) {
      checkpoint();
    }
  }

  /**
   * Saves the replica's state with the position that it speaks for. All records up to that position
   * have been reported to the replica only if nothing durable is still unhandled.
   */
  private void checkpoint() {
    if (handledSequence != durableSequence) {
      return;
    }
    long position = durablePosition;
    checkpointing = true;
    var _ =
        store
            .checkpointAsync(checkpointBytes(position))
            .whenComplete((done, failure) -> loop.execute(() -> onCheckpoint(position, failure)));
  }

  private byte[] checkpointBytes(long position) {
    return checkpointBytes(position, replica.state());
  }

  /** What a checkpoint keeps: a journal position, and the state that all before it has led to. */
  static byte[] checkpointBytes(long position, ReplicaState state) {
    BinaryWriter out = new BinaryWriter();
    out.writeVarint(position);
    out.writeRaw(state.encode());
    return out.toByteArray();
  }

  private void onCheckpoint(long position, @Nullable Throwable failure) {
    checkpointing = false;
    if (failure != null) {
      fail(failure);
    } else if (!stopped) {
      checkpointPosition = position;
      journal().truncateBefore(position);
    }
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
        flush();
      }
    }
    return stopping;
  }

  private void stopIfIdle() {
    if (stopping == null || stopped || !appended.isEmpty() || !batch.isEmpty()) {
      return;
    }
    stopped = true;
    try {
      journal().close();
      store.checkpoint(checkpointBytes(durablePosition));
      stopping.complete(null);
    } catch (IOException e) {
      stopping.completeExceptionally(e);
    }
  }

  /** Stops as a crash does: nothing is written any more. */
  void abandon() {
    stopped = true;
  }

  /** Frees what an abandoned loop still holds. From another thread than the loop's. */
  void release() throws IOException {
    if (journal != null) {
      journal.close();
    }
  }

  long antiEntropyBytes() {
    return antiEntropyBytes;
  }

  Replica replica() {
    return replica;
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
    byte[] body = JournalCodec.body(record);
    if (overflow.isEmpty() && batch.fits(body.length)) {
      batch.add(JournalCodec.type(record), body);
      givenCount++;
    } else {
      overflow.add(body);
      overflowTypes.add(JournalCodec.type(record));
    }
  }

  @Override
  public void send(NodeId to, PeerMessage message) {
    byte[] bytes = PeerCodec.encode(new PeerMessage.Envelope(replica.boot(), message));
    if (message instanceof PeerMessage.Batch) {
      antiEntropyBytes += bytes.length;
    }
    overlay.send(to, Channel.WEAK, bytes);
  }

  @Override
  public void broadcast(PeerMessage message) {
    overlay.broadcast(
        Channel.WEAK, PeerCodec.encode(new PeerMessage.Envelope(replica.boot(), message)));
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
