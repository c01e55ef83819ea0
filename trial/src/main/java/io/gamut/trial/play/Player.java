package io.gamut.trial.play;

import io.gamut.client.ConnectionException;
import io.gamut.client.GamutConnection;
import io.gamut.protocol.resp.RespValue;
import io.gamut.trial.workload.Planned;
import io.gamut.trial.workload.Workload;
import io.gamut.verify.history.Operation;
import io.gamut.verify.history.Request;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A client that does one thing after the other, and moves with its session from server to server.
 * If it loses its connection it goes on as another session, under another number, since nobody
 * promises anything to a session whose token is gone. For one thread.
 */
public final class Player {
  private static final String WAIT_MILLIS = "300";
  private static final int STAY_MAX = 150;
  private static final long PAUSE_NANOS = 20_000_000;

  private final Servers servers;
  private final Numbers numbers;
  private final IntFunction<Workload> workloads;
  private final Consumer<Request> record;
  private final RandomGenerator random;
  private int session;
  private Workload workload;
  private @Nullable String token;

  /** What all players count together. */
  public static final class Numbers {
    private final AtomicInteger sessions = new AtomicInteger();
    private final AtomicLong requests = new AtomicLong();

    private int nextSession() {
      return sessions.getAndIncrement();
    }

    private long nextRequest() {
      return requests.getAndIncrement();
    }
  }

  /**
   * Begins nothing yet.
   *
   * @param workloads makes the workload of a session, by its number
   * @param record takes whatever was asked and answered, from any thread
   */
  public Player(
      Servers servers,
      Numbers numbers,
      IntFunction<Workload> workloads,
      Consumer<Request> record,
      RandomGenerator random) {
    this.servers = servers;
    this.numbers = numbers;
    this.workloads = workloads;
    this.record = record;
    this.random = random;
    session = numbers.nextSession();
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
        int stay = 1 + random.nextInt(STAY_MAX);
        while (stay-- > 0 && !isOver.getAsBoolean()) {
          play(connection);
        }
        token = connection.call("GAMUT", "SESSION").toString();
      } catch (ConnectionException e) {
        beginAnew();
        LockSupport.parkNanos(PAUSE_NANOS);
        if (Thread.interrupted()) {
          throw new InterruptedException();
        }
      }
    }
  }

  private void beginAnew() {
    session = numbers.nextSession();
    workload = workloads.apply(session);
    token = null;
  }

  private GamutConnection open() throws ConnectionException {
    GamutConnection connection = servers.connect(random.nextInt(servers.count()));
    try {
      require(connection.call("GAMUT", "RECEIPT", "ON"));
      require(connection.call("GAMUT", "WAIT", WAIT_MILLIS));
      if (token != null) {
        require(connection.call("GAMUT", "SESSION", token));
      }
    } catch (ConnectionException | RuntimeException e) {
      connection.close();
      throw e;
    }
    return connection;
  }

  private static void require(RespValue reply) {
    if (reply instanceof RespValue.Failure failure) {
      throw new IllegalStateException(failure.message());
    }
  }

  private void play(GamutConnection connection) throws ConnectionException {
    Planned planned = workload.next();
    long number = numbers.nextRequest();
    String[] command = Requests.command(planned);
    long invoked = System.nanoTime();
    Request request;
    try {
      RespValue reply = connection.call(command);
      request = Requests.answered(planned, reply, number, session, invoked, after(invoked));
    } catch (ConnectionException e) {
      record.accept(Requests.lost(planned, number, session, invoked, after(invoked)));
      throw e;
    }
    record.accept(request);
    workload.onAnswered(new Operation(request, request.steps().getFirst()));
  }

  private static long after(long invoked) {
    return Math.max(System.nanoTime(), invoked + 1);
  }
}
