package io.gamut.replication.strong;

import io.gamut.core.ErrorCode;
import io.gamut.core.HybridClock;
import io.gamut.core.Operation;
import io.gamut.core.OperationResult;
import io.gamut.core.Origin;
import io.gamut.core.Reply;
import io.gamut.core.Version;
import io.gamut.core.VersionVector;
import io.gamut.replication.Now;
import io.gamut.replication.committed.Command.Operations;
import io.gamut.replication.committed.CommandCodec;
import io.gamut.replication.committed.Proposer;
import io.gamut.replication.committed.StateMachine;
import io.gamut.replication.strong.StrongMessage.Declined;
import io.gamut.replication.strong.StrongMessage.Offer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Gives strong operations to the ledger, those of a replica or of a gateway: each once, in the
 * order in which they came.
 *
 * <p>Operations gather into batches. A batch gets the next number of this proposer when it is first
 * offered, and keeps it: the state machine applies exactly the next number, so an offer may be
 * repeated, to another leader or because it may be lost, and takes effect once. What was never
 * offered can be refused; what was offered and is not answered in time has an unknown outcome, and
 * is <em>withdrawn</em>: when its batch has to be offered again, its place is empty.
 */
public final class Proposing {
  private static final int BATCH_OPERATIONS_MAX = 4_096;
  private static final int BATCH_BYTES_MAX = 256 << 10;

  /** Batches offered and not applied yet. */
  private static final int OFFERED_MAX = 64;

  private static final long OFFERED_BYTES_MAX = 16L << 20;

  /** An offer that is not applied for so long may be lost. */
  private static final long REPEAT_NANOS = 400_000_000;

  /** After an offer was declined; most likely a leader is just being elected. */
  private static final long DECLINED_NANOS = 20_000_000;

  private Proposer proposer;
  private final Stamps stamps;
  private final Applied applied;
  private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
  private final ArrayDeque<Batch> offered = new ArrayDeque<>();
  private long waitingBytes;
  private long offeredBytes;
  private long numbered;
  private long answered;
  private long repeatNanos;
  private boolean isLifeKept;

  /** Gives timestamps of a hybrid clock. */
  @FunctionalInterface
  public interface Stamps {
    /** The first of {@code count} consecutive timestamps, all greater than {@code than}. */
    long next(int count, long than, Now now);
  }

  /** What is known of the state machines that apply the offers. */
  public interface Applied {
    /** Ledger time. */
    long millis();

    /** How far the ledger was applied when the last results came about. */
    long index();

    /** The kept reply to a batch that was passed over; null where there is none. */
    @Nullable List<OperationResult> reply(Proposer proposer, long number);
  }

  /** Answers requests. */
  @FunctionalInterface
  public interface Replies {
    void reply(long request, Reply reply);
  }

  /** Where offers go: to the leader, which may be here. */
  @FunctionalInterface
  public interface Way {
    void offer(Offer offer);
  }

  /** An operation that was not offered yet. */
  private record Waiting(
      long request, Operation operation, long sessionLatest, long deadlineNanos) {}

  /** Operations that were offered together; one is null once it was answered or withdrawn. */
  private static final class Batch {
    final long number;
    final List<@Nullable Waiting> operations;
    final long bytes;
    Version stamp;
    byte @Nullable [] encoded;
    boolean isRefused;

    Batch(long number, List<@Nullable Waiting> operations, long bytes, Version stamp) {
      this.number = number;
      this.operations = operations;
      this.bytes = bytes;
      this.stamp = stamp;
    }

    boolean isEmpty() {
      return isRefused || operations.stream().allMatch(Objects::isNull);
    }
  }

  public Proposing(Proposer proposer, Stamps stamps, Applied applied) {
    this.proposer = proposer;
    this.stamps = stamps;
    this.applied = applied;
  }

  /** For a proposer beside a state machine. */
  static Proposing beside(StateMachine machine, Proposer proposer, Stamps stamps) {
    return new Proposing(
        proposer,
        stamps,
        new Applied() {
          @Override
          public long millis() {
            return machine.millis();
          }

          @Override
          public long index() {
            return machine.applied().index();
          }

          @Override
          public @Nullable List<OperationResult> reply(Proposer of, long number) {
            return machine.reply(of, number);
          }
        });
  }

  public Proposer proposer() {
    return proposer;
  }

  /** The number of the last batch that was offered. */
  public long numbered() {
    return numbered;
  }

  /** How many bytes of operations wait to be offered. */
  public long waitingBytes() {
    return waitingBytes;
  }

  /** Takes an operation. */
  public void add(StrongInput.Execute execute) {
    Operation operation = execute.operation();
    waiting.add(
        new Waiting(
            execute.request(), operation, execute.sessionLatest(), execute.deadlineNanos()));
    waitingBytes += operation.size();
  }

  // Offering

  /**
   * The boot that this proposer goes by is durable: no later life can have an earlier one. Nothing
   * is offered before, since a life with an earlier boot would be taken for one that is over. If
   * that is what has become of the one that began, it goes on as another, and nobody can say any
   * more what was done of what it had offered.
   */
  public void onLifeKept(long boot, Replies replies) {
    if (boot != proposer.boot()) {
      while (!offered.isEmpty()) {
        withdraw(remove(), operation -> true, unknown(), replies);
      }
      proposer = new Proposer(proposer.id(), boot);
      numbered = 0;
      answered = 0;
    }
    isLifeKept = true;
  }

  /** Offers what has gathered, and again what may be lost. */
  public void advance(Now now, Way way) {
    if (!isLifeKept) {
      return;
    }
    if (!offered.isEmpty() && now.nanos() - repeatNanos >= 0) {
      repeat(now, way);
    }
    while (!waiting.isEmpty() && offered.size() < OFFERED_MAX && offeredBytes < OFFERED_BYTES_MAX) {
      Batch batch = nextBatch(now);
      if (offered.isEmpty()) {
        repeatNanos = now.nanos() + REPEAT_NANOS;
      }
      offered.add(batch);
      offeredBytes += batch.bytes;
      offer(batch, way);
    }
  }

  /** There is another leader: all that is not applied is offered to it. */
  public void repeat(Now now, Way way) {
    repeatNanos = now.nanos() + REPEAT_NANOS;
    for (Batch batch : List.copyOf(offered)) {
      offer(batch, way);
    }
  }

  private Batch nextBatch(Now now) {
    List<@Nullable Waiting> operations = new ArrayList<>();
    long bytes = 0;
    long weight = 0;
    long sessionLatest = 0;
    while (!waiting.isEmpty()
        && weight < BATCH_BYTES_MAX
        && operations.size() < BATCH_OPERATIONS_MAX) {
      Waiting next = waiting.remove();
      operations.add(next);
      bytes += next.operation.size();
      weight += next.operation.weight();
      sessionLatest = Math.max(sessionLatest, next.sessionLatest);
    }
    waitingBytes -= bytes;
    long timestamp = stamps.next(operations.size(), sessionLatest, now);
    Version stamp = new Version(timestamp, new Origin(proposer.id(), proposer.boot()));
    return new Batch(++numbered, operations, bytes, stamp);
  }

  /** One that is empty by now stands for its number alone, and is never too old to be taken. */
  private void offer(Batch batch, Way way) {
    if (batch.isEmpty()) {
      batch.stamp = new Version(HybridClock.fromMillis(applied.millis()), batch.stamp.stamper());
      batch.encoded = null;
    }
    byte[] encoded = batch.encoded;
    if (encoded == null) {
      List<@Nullable Operation> operations = new ArrayList<>(batch.operations.size());
      for (Waiting each : batch.operations) {
        operations.add(each == null || batch.isRefused ? null : each.operation);
      }
      encoded =
          CommandCodec.encode(
              new Operations(
                  proposer, batch.number, answered, VersionVector.EMPTY, batch.stamp, operations));
      batch.encoded = encoded;
    }
    way.offer(new Offer(proposer.boot(), batch.number, batch.stamp.timestamp(), encoded));
  }

  // What becomes of offers

  /** An offer was not taken. */
  public void onDeclined(Declined declined, Now now) {
    if (declined.boot() != proposer.boot()) {
      return; // an earlier life's, whose numbers mean something else
    }
    switch (declined.reason()) {
      case NOT_LEADER, BUSY -> {
        long soon = now.nanos() + DECLINED_NANOS;
        repeatNanos = soon - repeatNanos < 0 ? soon : repeatNanos;
      }
      case CLOCK -> onClockRefused(declined.number(), now);
    }
  }

  /**
   * Nothing of the batch can be taken as it is, and its number is used up by an empty one. Until
   * that is applied nobody knows what has become of it: the offer may have come twice, and the
   * leader's clock may have gone on in between.
   */
  private void onClockRefused(long number, Now now) {
    for (Batch batch : offered) {
      if (batch.number == number && !batch.isRefused) {
        batch.isRefused = true;
        repeatNanos = now.nanos() + DECLINED_NANOS;
      }
    }
  }

  /** The state machine has applied a batch of this proposer. */
  public void onExecuted(long number, List<OperationResult> results, Replies replies) {
    onSkipped(number - 1, replies);
    Batch batch = offered.peekFirst();
    if (batch != null && batch.number == number) {
      remove();
      answer(batch, results, replies);
    }
  }

  /** Batches up to this number were applied; those of a snapshot without being seen here. */
  void onSkipped(long through, Replies replies) {
    while (!offered.isEmpty() && offered.getFirst().number <= through) {
      Batch batch = remove();
      List<OperationResult> kept = applied.reply(proposer, batch.number);
      if (kept == null) {
        withdraw(batch, waiting -> true, unknown(), replies);
      } else {
        answer(batch, kept, replies);
      }
    }
  }

  private Batch remove() {
    Batch batch = offered.removeFirst();
    offeredBytes -= batch.bytes;
    answered = batch.number;
    return batch;
  }

  private void answer(Batch batch, List<OperationResult> results, Replies replies) {
    long index = applied.index();
    for (int i = 0; i < batch.operations.size(); i++) {
      Waiting operation = batch.operations.get(i);
      if (operation != null) {
        boolean isDone = results.get(i) != OperationResult.Withdrawn.WITHDRAWN;
        replies.reply(
            operation.request, isDone ? new Reply.Executed(results.get(i), index) : clockRefused());
      }
    }
  }

  // What takes too long

  /**
   * Answers what is out of time.
   *
   * @param refusal why what was not offered yet was not
   * @param isHopeless whether what was not offered is to be refused at once
   */
  public void onTime(Now now, Reply.Failed refusal, boolean isHopeless, Replies replies) {
    int left = waiting.size();
    while (left-- > 0) {
      Waiting next = waiting.remove();
      if (isHopeless || now.nanos() - next.deadlineNanos >= 0) {
        waitingBytes -= next.operation.size();
        replies.reply(next.request, refusal);
      } else {
        waiting.add(next);
      }
    }
    for (Batch batch : offered) {
      withdraw(batch, operation -> now.nanos() - operation.deadlineNanos >= 0, unknown(), replies);
    }
  }

  /** Which of a batch's operations are meant. */
  @FunctionalInterface
  private interface Chosen {
    boolean isMeant(Waiting operation);
  }

  private static void withdraw(Batch batch, Chosen chosen, Reply answer, Replies replies) {
    for (int i = 0; i < batch.operations.size(); i++) {
      Waiting operation = batch.operations.get(i);
      if (operation != null && chosen.isMeant(operation)) {
        batch.operations.set(i, null);
        batch.encoded = null;
        replies.reply(operation.request, answer);
      }
    }
  }

  private static Reply clockRefused() {
    return new Reply.Failed(
        ErrorCode.CLOCK, "this server's clock is too far ahead of the leader's");
  }

  private static Reply unknown() {
    return new Reply.Failed(
        ErrorCode.UNKNOWN, "the ledger has not answered in time: it may have been written or not");
  }

  /** Whether nothing waits, and nothing is under way. */
  public boolean isIdle() {
    return waiting.isEmpty() && offered.isEmpty();
  }

  /** When offers must be repeated, to a leader; {@code otherwise} when there are none. */
  public long wakeAtNanos(long otherwise) {
    return !offered.isEmpty() && repeatNanos - otherwise < 0 ? repeatNanos : otherwise;
  }
}
