package io.gamut.client;

import io.gamut.client.connection.Exchange;
import io.gamut.client.connection.RequestBuffer;
import io.gamut.client.connection.ServerAddress;
import io.gamut.client.connection.Traffic;
import io.gamut.core.Consistency;
import io.gamut.protocol.resp.RespValue;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * One call, from its begin to its one outcome, over as many attempts as are safe.
 *
 * <p><b>Nothing is done twice.</b> There is at most one attempt at a time of a write, and another
 * only after the last has certainly changed nothing: it never left this client, or its answer says
 * so. Whatever else ends a write that was handed to a connection (a lost connection, a deadline, a
 * closed client) makes its outcome unknown. A write that waits in this client is withdrawn by its
 * deadline, and then it has failed: {@link #offer} looks at the phase under the same lock.
 *
 * <p>A read may be asked again at any time. When half of the time it has left has gone by without
 * an answer it is asked elsewhere; what the first server says later counts for nothing.
 *
 * <p>Locks are taken in the order call, connection; a connection calls back under no lock.
 */
final class Call<T> implements Session.Turn {
  private enum Phase {
    /** In this client: for its turn, for room, for a connection, for the next attempt. */
    WAITING,
    /** Handed to a connection. */
    UNDER_WAY,
    OVER
  }

  /** A read is not asked elsewhere for less than this. */
  private static final long PATIENCE_NANOS_MIN = 10_000_000;

  private static final byte[] GAMUT = "GAMUT".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] AT = "AT".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] IN = "IN".getBytes(StandardCharsets.US_ASCII);

  private final Calls calls;
  private final Command<T> command;
  private final Level level;
  private final @Nullable Session session;
  private final Traffic traffic;
  private final long beganNanos = System.nanoTime();
  private final long limitNanos;
  private final CompletableFuture<Outcome<T>> result = new CompletableFuture<>();

  // Under this call's monitor.
  private Phase phase = Phase.WAITING;
  private boolean hasTurn;
  private byte[][] prefix = {};
  private @Nullable Attempt current;
  private @Nullable ServerAddress last;
  private int attempts;
  private @Nullable String trouble;
  private @Nullable Future<?> alarm;

  Call(Calls calls, Command<T> command, Level level, @Nullable Session session, Duration limit) {
    this.calls = calls;
    this.command = command;
    this.level = level;
    this.session = session;
    this.limitNanos = limit.toNanos();
    this.traffic =
        command.kind() == Command.Kind.MODIFY || !level.consistency().isWeak()
            ? Traffic.STRONG
            : Traffic.WEAK;
  }

  /** One handing over of the request to a connection. */
  private final class Attempt implements Exchange {
    @Override
    public void write(RequestBuffer requests) {
      requests.request(prefix, command.words());
    }

    @Override
    public void onReply(RespValue reply) {
      Call.this.onReply(this, reply);
    }

    @Override
    public void onGone(boolean sent, IOException cause) {
      Call.this.onGone(this, sent, cause);
    }
  }

  CompletableFuture<Outcome<T>> result() {
    return result;
  }

  /** Waits for the outcome; an interrupt is an end like a deadline. */
  Outcome<T> await() {
    try {
      return result.get();
    } catch (InterruptedException e) {
      giveUp(Fault.INTERRUPTED, "the waiting thread was interrupted");
      Thread.currentThread().interrupt();
      return result.join();
    } catch (ExecutionException e) {
      throw new IllegalStateException("an outcome is never an exception", e);
    }
  }

  synchronized boolean isOver() {
    return phase == Phase.OVER;
  }

  /** Begins, or waits for its turn. */
  void enter() {
    synchronized (this) {
      if (phase == Phase.WAITING) {
        alarm = calls.schedule(this::onAlarm, limitNanos);
      }
    }
    if (session == null) {
      begin();
    } else {
      session.enter(this);
    }
  }

  @Override
  public void begin() {
    boolean isLate;
    synchronized (this) {
      isLate = phase == Phase.OVER;
      hasTurn = !isLate;
      if (!isLate) {
        prefix = prefix();
      }
    }
    if (!isLate) {
      proceed();
    } else if (session != null) {
      session.end();
    }
  }

  /**
   * What comes before the command. A connection has a session of its own, with the history of all
   * who share it: it is left aside where a history is what the level is about.
   */
  private byte[][] prefix() {
    Consistency asked = level.consistency();
    boolean isOfSessions =
        asked == Consistency.SESSION
            || asked == Consistency.CAUSAL
            || asked == Consistency.SEQUENTIAL;
    if (session == null && !isOfSessions) {
      return new byte[][] {GAMUT, AT, level.word()};
    }
    SessionToken token = session == null ? SessionToken.EMPTY : session.token();
    return new byte[][] {GAMUT, IN, token.bytes(), GAMUT, AT, level.word()};
  }

  private void proceed() {
    if (!offer()) {
      calls.await(this, traffic);
    }
  }

  /** Hands the request to a server; false if none has room. */
  boolean offer() {
    ServerAddress preferred = session == null ? null : session.last();
    synchronized (this) {
      if (phase != Phase.WAITING) {
        return true;
      }
      Attempt attempt = new Attempt();
      ServerAddress server = calls.pool().offer(traffic, attempt, preferred, last);
      if (server == null) {
        return false;
      }
      phase = Phase.UNDER_WAY;
      current = attempt;
      last = server;
      attempts++;
      if (command.isRead() && calls.pool().count() > 1) {
        setAlarm(Math.max(leftNanos() / 2, PATIENCE_NANOS_MIN));
      }
      return true;
    }
  }

  private long leftNanos() {
    return limitNanos - (System.nanoTime() - beganNanos);
  }

  private void setAlarm(long delayNanos) {
    if (alarm != null) {
      alarm.cancel(false);
    }
    alarm = calls.schedule(this::onAlarm, Math.min(delayNanos, Math.max(0, leftNanos())));
  }

  private void onAlarm() {
    synchronized (this) {
      if (phase == Phase.OVER) {
        return;
      }
      if (leftNanos() > 0) {
        setAlarm(leftNanos());
        if (phase == Phase.WAITING) {
          return;
        }
        trouble = last + " has not answered yet";
        phase = Phase.WAITING;
        current = null;
      }
    }
    if (leftNanos() > 0) {
      proceed();
    } else {
      giveUp(Fault.DEADLINE, "no answer within " + limitNanos / 1_000_000 + " ms");
    }
  }

  /** Ends the call, whatever it is doing. */
  void giveUp(Fault fault, String why) {
    Outcome<T> outcome;
    synchronized (this) {
      if (phase == Phase.OVER) {
        return;
      }
      String reason = why + (trouble == null ? "" : "; " + trouble);
      if (phase == Phase.WAITING && trouble == null && fault == Fault.DEADLINE) {
        reason = why + "; " + (hasTurn ? calls.lastLoss() : "its session was busy");
      }
      outcome =
          phase == Phase.UNDER_WAY && !command.isRead()
              ? new Outcome.Unknown<>(last + " had it: " + reason)
              : new Outcome.Failed<>(fault, reason);
      phase = Phase.OVER;
    }
    over(outcome);
  }

  private void onGone(Attempt attempt, boolean sent, IOException cause) {
    Outcome<T> outcome;
    synchronized (this) {
      if (attempt != current || phase == Phase.OVER) {
        return;
      }
      String reason = "the connection to " + last + " ended: " + cause.getMessage();
      if (sent && !command.isRead()) {
        outcome = new Outcome.Unknown<>(reason);
        phase = Phase.OVER;
      } else {
        outcome = againOr(Fault.NO_ANSWER, reason);
      }
    }
    if (outcome != null) {
      over(outcome);
    }
  }

  private void onReply(Attempt attempt, RespValue reply) {
    Outcome<T> outcome;
    synchronized (this) {
      if (attempt != current || phase == Phase.OVER) {
        return;
      }
      outcome = judged(reply);
      if (outcome != null) {
        phase = Phase.OVER;
      }
    }
    if (outcome != null) {
      over(outcome);
    }
  }

  /** What a reply means; null if the request is tried again. */
  private @Nullable Outcome<T> judged(RespValue reply) {
    try {
      Receipt receipt = Receipt.of(reply);
      RespValue answer = Receipt.without(reply);
      if (session != null && receipt != null) {
        session.learn(receipt.token());
      }
      if (answer instanceof RespValue.Failure failure) {
        return refused(failure, receipt);
      }
      if (last != null) {
        calls.pool().onGood(traffic, last);
        if (session != null) {
          session.wasAt(last);
        }
      }
      return new Outcome.Ok<>(command.decode(answer), receipt);
    } catch (RuntimeException e) {
      String reason = last + " answered what cannot be understood: " + e.getMessage();
      return command.isRead()
          ? new Outcome.Failed<>(Fault.UNREADABLE, reason)
          : new Outcome.Unknown<>(reason);
    }
  }

  private @Nullable Outcome<T> refused(RespValue.Failure failure, @Nullable Receipt receipt) {
    Fault fault = Fault.of(failure.code());
    boolean isUnknown =
        fault == Fault.NO_ANSWER || (receipt != null && "unknown".equals(receipt.outcome()));
    if (isUnknown && !command.isRead()) {
      return new Outcome.Unknown<>(last + " answered: " + failure.message());
    }
    boolean isTheServers = fault == Fault.NOQUORUM || fault == Fault.BUSY || fault == Fault.CLOCK;
    if (isTheServers && last != null) {
      calls.pool().onTrouble(traffic, last);
    }
    return againOr(fault, last + " answered: " + failure.message());
  }

  /** Arranges another attempt, and returns null; or says how the call has failed. */
  private @Nullable Outcome<T> againOr(Fault fault, String reason) {
    long delayNanos = delayNanos();
    if (!fault.isPassing()
        || attempts >= calls.options().attemptsMax()
        || calls.isClosing()
        || delayNanos >= leftNanos()) {
      phase = Phase.OVER;
      return new Outcome.Failed<>(fault, reason);
    }
    trouble = reason;
    phase = Phase.WAITING;
    current = null;
    ServerAddress server = last;
    Calls.tell(
        () -> calls.options().metrics().onRetry(command.name(), String.valueOf(server), fault));
    // By the timer even without delay: this is the thread of a connection that may be ending.
    var _ = calls.schedule(this::proceed, delayNanos);
    return null;
  }

  /** None as long as there is a server that was not asked yet; then growing, cut by chance. */
  private long delayNanos() {
    int rounds = attempts / calls.pool().count();
    if (rounds == 0) {
      return 0;
    }
    long first = calls.options().backoffFirst().toNanos();
    long most = calls.options().backoffMost().toNanos();
    long whole = Math.min(most, first << Math.min(rounds - 1, 20));
    return whole - ThreadLocalRandom.current().nextLong(whole / 2 + 1);
  }

  /** After the phase has become {@link Phase#OVER}; once, under no lock. */
  private void over(Outcome<T> outcome) {
    boolean hadTurn;
    synchronized (this) {
      hadTurn = hasTurn;
      if (alarm != null) {
        alarm.cancel(false);
      }
    }
    calls.onOver(this, traffic);
    Calls.tell(() -> calls.options().metrics().onFinished(finished(outcome)));
    result.complete(outcome);
    if (hadTurn && session != null) {
      session.end();
    }
  }

  private ClientMetrics.Finished finished(Outcome<T> outcome) {
    ServerAddress server = last;
    ClientMetrics.Ending ending =
        switch (outcome) {
          case Outcome.Ok<T> _ -> ClientMetrics.Ending.OK;
          case Outcome.Failed<T> _ -> ClientMetrics.Ending.FAILED;
          case Outcome.Unknown<T> _ -> ClientMetrics.Ending.UNKNOWN;
        };
    return new ClientMetrics.Finished(
        command.name(),
        level,
        server == null ? null : server.toString(),
        System.nanoTime() - beganNanos,
        attempts,
        ending,
        outcome instanceof Outcome.Failed<T> failed ? failed.fault() : null);
  }
}
