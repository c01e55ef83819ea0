package io.gamut.cli.launch;

import io.gamut.client.ConnectionException;
import io.gamut.client.GamutConnection;
import io.gamut.client.Receipt;
import io.gamut.core.Consistency;
import io.gamut.core.Version;
import io.gamut.protocol.resp.RespValue;
import io.gamut.verify.history.Kind;
import io.gamut.verify.history.Outcome;
import io.gamut.verify.history.Request;
import io.gamut.verify.history.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A client that does one thing after the other on the same few keys, at one level or at all of
 * them, moves with its session from server to server, and records what it sees.
 */
final class MixedSession {
  private static final String WAIT_MILLIS = "300";
  private static final int STAY_MAX = 150;

  /** Of a bounded request that names none. */
  private static final long BOUND_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final ServerProcesses servers;
  private final AtomicInteger numbers;
  private final @Nullable Consistency only;
  private final List<String> keys;
  private final String counter;
  private final Random random;
  private final List<Request> requests = new ArrayList<>();
  private int number;
  private int written;
  private int server;
  private @Nullable String token;

  /**
   * Begins no connection yet.
   *
   * @param numbers for sessions: one that has lost its history goes on under another number
   * @param only the level of all operations; null for all levels in turn
   * @param counter a key that is only counted up and read
   */
  MixedSession(
      ServerProcesses servers,
      AtomicInteger numbers,
      @Nullable Consistency only,
      List<String> keys,
      String counter,
      long seed) {
    this.servers = servers;
    this.numbers = numbers;
    this.only = only;
    this.keys = keys;
    this.counter = counter;
    random = new Random(seed);
    number = numbers.getAndIncrement();
    server = random.nextInt(servers.count());
  }

  List<Request> requests() {
    return requests;
  }

  /** Works until it is told that all is over. */
  void run(BooleanSupplier isOver) {
    while (!isOver.getAsBoolean()) {
      try (GamutConnection connection = open()) {
        int stay = 1 + random.nextInt(STAY_MAX);
        while (stay-- > 0 && !isOver.getAsBoolean()) {
          step(connection);
        }
        token = connection.call("GAMUT", "SESSION").toString();
      } catch (ConnectionException e) {
        // Its history is lost with the connection: nobody promises anything to what goes on.
        number = numbers.getAndIncrement();
        token = null;
      }
      server = random.nextInt(servers.count());
    }
  }

  private GamutConnection open() throws ConnectionException {
    GamutConnection connection = servers.connect(server);
    var _ = connection.call("GAMUT", "RECEIPT", "ON");
    var _ = connection.call("GAMUT", "WAIT", WAIT_MILLIS);
    if (token != null
        && connection.call("GAMUT", "SESSION", token) instanceof RespValue.Failure failure) {
      throw new IllegalStateException(failure.message());
    }
    return connection;
  }

  private void step(GamutConnection connection) throws ConnectionException {
    Consistency[] all = Consistency.values();
    Consistency level = only == null ? all[random.nextInt(all.length)] : only;
    String key = keys.get(random.nextInt(keys.size()));
    int what = random.nextInt(20);
    if (what < 10) {
      call(connection, level, Kind.READ, key, null, "GET", key);
    } else if (what < 18) {
      String value = number + "." + ++written;
      call(connection, level, Kind.WRITE, key, value, "SET", key, value);
    } else if (what == 18) {
      call(connection, level, Kind.DELETE, key, null, "DEL", key);
    } else if (level.isWeak()) {
      call(connection, level, Kind.READ, counter, null, "GET", counter);
    } else {
      call(connection, level, Kind.ADD, counter, null, "INCR", counter);
    }
  }

  private void call(
      GamutConnection connection,
      Consistency level,
      Kind kind,
      String key,
      @Nullable String value,
      String... command)
      throws ConnectionException {
    String[] request = new String[3 + command.length];
    request[0] = "GAMUT";
    request[1] = "AT";
    request[2] = level.toString();
    System.arraycopy(command, 0, request, 3, command.length);
    long invoked = System.nanoTime();
    RespValue reply;
    try {
      reply = connection.call(request);
    } catch (ConnectionException e) {
      add(level, kind, key, value, Outcome.UNKNOWN, invoked, null);
      throw e;
    }
    Receipt receipt = Receipt.of(reply);
    if (receipt == null || receipt.level() != level) {
      throw new IllegalStateException("asked at " + level + ": " + reply);
    }
    if (Receipt.without(reply) instanceof RespValue.Failure failure) {
      Outcome outcome = failure.code().equals("UNKNOWN") ? Outcome.UNKNOWN : Outcome.FAILED;
      if (!outcome.name().equals(said(receipt))) {
        throw new IllegalStateException(failure + " and " + receipt);
      }
      add(level, kind, key, value, outcome, invoked, receipt);
    } else {
      boolean isSum = kind == Kind.READ || kind == Kind.ADD;
      String result = isSum ? text(Receipt.without(reply)) : value;
      add(level, kind, key, result, Outcome.OK, invoked, receipt);
    }
  }

  private static String said(Receipt receipt) {
    return "not applied".equals(receipt.outcome())
        ? Outcome.FAILED.name()
        : String.valueOf(receipt.outcome()).toUpperCase(Locale.ROOT);
  }

  private static @Nullable String text(RespValue value) {
    return value instanceof RespValue.Null ? null : value.toString();
  }

  private void add(
      Consistency level,
      Kind kind,
      String key,
      @Nullable String value,
      Outcome outcome,
      long invoked,
      @Nullable Receipt receipt) {
    Version version = receipt == null ? null : receipt.version();
    long responded = Math.max(System.nanoTime(), invoked + 1);
    String argument = kind == Kind.ADD ? "1" : null;
    requests.add(
        new Request(
            (long) number << 32 | requests.size(),
            number,
            level,
            level == Consistency.BOUNDED ? BOUND_NANOS : 0,
            List.of(new Step(kind, key, value, argument, version, 0)),
            outcome,
            invoked,
            responded,
            receipt == null ? null : seen(receipt)));
  }

  private static io.gamut.verify.history.Receipt seen(Receipt receipt) {
    long age =
        receipt.ageMillis() == Receipt.AGE_UNKNOWN
            ? io.gamut.verify.history.Receipt.AGE_UNKNOWN
            : TimeUnit.MILLISECONDS.toNanos(receipt.ageMillis());
    return new io.gamut.verify.history.Receipt(receipt.level(), receipt.replica(), age);
  }
}
