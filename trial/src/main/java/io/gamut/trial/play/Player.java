package io.gamut.trial.play;

import io.gamut.client.ConnectionException;
import io.gamut.client.GamutConnection;
import io.gamut.protocol.resp.RespValue;
import io.gamut.trial.workload.Planned;
import io.gamut.trial.workload.Workload;
import io.gamut.verify.file.HistoryRecorder;
import io.gamut.verify.file.Line.Completion;
import io.gamut.verify.file.Line.Invocation;
import io.gamut.verify.history.Request;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.IntFunction;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A client that does one thing after the other, and moves with its session from server to server,
 * sooner where it is refused. If it loses its connection it goes on as another session, under
 * another number, since nobody promises anything to a session whose token is gone. For one thread.
 */
public final class Player {
  private static final String WAIT_MILLIS = "300";
  private static final int STAY_MAX = 150;
  private static final int REFUSALS_MAX = 3;
  private static final long PAUSE_NANOS = 20_000_000;

  private final String name;
  private final Servers servers;
  private final Shared shared;
  private final IntFunction<Workload> workloads;
  private final RandomGenerator random;
  private int session;
  private Workload workload;
  private @Nullable String token;

  /**
   * Begins nothing yet.
   *
   * @param name of the client, for people
   * @param workloads makes the workload of a session, by its number
   */
  public Player(
      String name,
      Servers servers,
      Shared shared,
      IntFunction<Workload> workloads,
      RandomGenerator random) {
    this.name = name;
    this.servers = servers;
    this.shared = shared;
    this.workloads = workloads;
    this.random = random;
    session = shared.nextSession();
    workload = workloads.apply(session);
  }

  /**
   * Works until it is told that all is over, or until it is interrupted.
   *
   * @throws InterruptedException if it was interrupted while it waited to connect again
   */
  public void run(BooleanSupplier isOver) throws InterruptedException {
    while (!isOver.getAsBoolean()) {
      try (GamutConnection connection = open()) {
        if (isTakenUp(connection)) {
          stay(connection, isOver);
        } else {
          rest();
        }
      } catch (ConnectionException e) {
        rest(); // the session knows what it knew, and goes elsewhere
      }
    }
  }

  private void stay(GamutConnection connection, BooleanSupplier isOver)
      throws InterruptedException {
    int stay = 1 + random.nextInt(STAY_MAX);
    int refusals = 0;
    try {
      while (stay-- > 0 && refusals < REFUSALS_MAX && !isOver.getAsBoolean()) {
        shared.pace().await(isOver);
        refusals = play(connection).isOk() ? 0 : refusals + 1;
      }
      if (connection.call("GAMUT", "SESSION") instanceof RespValue.Text said) {
        token = said.toString();
        return;
      }
    } catch (ConnectionException e) {
      rest();
    }
    beginAnew();
  }

  private static void rest() throws InterruptedException {
    LockSupport.parkNanos(PAUSE_NANOS);
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
  }

  private void beginAnew() {
    session = shared.nextSession();
    workload = workloads.apply(session);
    token = null;
  }

  private GamutConnection open() throws ConnectionException {
    GamutConnection connection = servers.connect(random.nextInt(servers.count()));
    try {
      require(connection.call("GAMUT", "RECEIPT", "ON"));
      require(connection.call("GAMUT", "WAIT", WAIT_MILLIS));
    } catch (ConnectionException | RuntimeException e) {
      connection.close();
      throw e;
    }
    return connection;
  }

  /**
   * Whether a server takes the session up. One whose clock is behind refuses what seems to come
   * from the future; the session is to go elsewhere then, and loses nothing.
   */
  private boolean isTakenUp(GamutConnection connection) throws ConnectionException {
    return token == null
        || !(connection.call("GAMUT", "SESSION", token) instanceof RespValue.Failure);
  }

  private static void require(RespValue reply) {
    if (reply instanceof RespValue.Failure failure) {
      throw new IllegalStateException(failure.message());
    }
  }

  private Request play(GamutConnection connection) throws ConnectionException {
    Planned planned = workload.next();
    long number = shared.nextRequest(planned.steps().size());
    HistoryRecorder recorder = shared.recorder();
    long invoked = shared.nanos();
    recorder.invoke(
        new Invocation(
            number,
            session,
            name,
            planned.level(),
            planned.boundNanos(),
            planned.steps(),
            invoked));
    try {
      Requests.Answered answered = Requests.ask(connection, planned);
      Request request = request(number, planned, answered, invoked);
      recorder.complete(Completion.of(request));
      shared.onAnswered(request);
      workload.onAnswered(request);
      return request;
    } catch (ConnectionException e) {
      Request request = request(number, planned, Requests.lost(planned), invoked);
      recorder.complete(Completion.of(request));
      shared.onAnswered(request);
      throw e;
    }
  }

  private Request request(long number, Planned planned, Requests.Answered answered, long invoked) {
    return new Request(
        number,
        session,
        planned.level(),
        planned.boundNanos(),
        answered.steps(),
        answered.outcome(),
        invoked,
        Math.max(shared.nanos(), invoked + 1),
        answered.receipt());
  }
}
