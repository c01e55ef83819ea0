package io.gamut.server.resp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gamut.core.NodeId;
import io.gamut.overlay.Endpoint;
import io.gamut.protocol.resp.RespValue;
import io.gamut.server.Node;
import io.gamut.server.NodeConfig;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The same random commands to a real Redis and to a server of this project: every reply, errors
 * too, must be the same, byte by byte. Where Redis is not installed, nothing is compared.
 *
 * <p>{@code -Dgamut.commands=N} and {@code -Dgamut.seed=S} say how many, and which.
 */
final class RedisComparisonTest {
  private static final int COMMANDS = Integer.getInteger("gamut.commands", 20_000);
  private static final long SEED = Long.getLong("gamut.seed", 20_261_122L);
  private static final int BATCH = 50;

  @TempDir private Path directory;
  private @Nullable Process redis;
  private int redisPort;
  private @Nullable Node node;

  @BeforeEach
  void start() throws Exception {
    assumeTrue(isInstalled("redis-server"), "redis-server is not installed");
    try (ServerSocket free = new ServerSocket(0)) {
      redisPort = free.getLocalPort();
    }
    redis =
        new ProcessBuilder(
                "redis-server",
                "--port",
                Integer.toString(redisPort),
                "--bind",
                "127.0.0.1",
                "--save",
                "",
                "--dir",
                directory.toString())
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("redis.log").toFile())
            .start();
    node = Node.start(NodeConfig.of(new NodeId(0), directory.resolve("node")));
  }

  private static boolean isInstalled(String program) {
    return Stream.of(System.getenv("PATH").split(":", -1))
        .anyMatch(place -> Files.isExecutable(Path.of(place, program)));
  }

  @AfterEach
  void stop() throws InterruptedException {
    if (node != null) {
      node.kill();
    }
    if (redis != null) {
      redis.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
    }
  }

  private WireClient toRedis() throws IOException {
    long limit = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (true) {
      try {
        return new WireClient("127.0.0.1", redisPort);
      } catch (IOException e) {
        if (System.nanoTime() - limit > 0) {
          throw e;
        }
        Thread.onSpinWait();
      }
    }
  }

  private WireClient toOurs() throws IOException {
    Endpoint address = Objects.requireNonNull(node).respAddress();
    return new WireClient(address.host(), address.port());
  }

  @Test
  void aServerAnswersAsRedisDoes() throws Exception {
    SplittableRandom random = new SplittableRandom(SEED);
    try (WireClient theirs = toRedis();
        WireClient ours = toOurs()) {
      List<List<String>> before = new ArrayList<>();
      for (int done = 0; done < COMMANDS; ) {
        List<List<String>> batch = new ArrayList<>();
        for (int i = 0; i < BATCH; i++) {
          batch.addAll(random.nextInt(20) == 0 ? transaction(random) : List.of(command(random)));
        }
        for (List<String> command : batch) {
          theirs.send(command);
          ours.send(command);
        }
        for (List<String> command : batch) {
          String expected = rounded(command, shown(theirs.receive()));
          String answered = rounded(command, shown(ours.receive()));
          before.add(command);
          assertThat(answered)
              .as(() -> "seed %d, after%n%s".formatted(SEED, last(before)))
              .isEqualTo(expected);
        }
        done += batch.size();
      }
    }
  }

  private static String last(List<List<String>> commands) {
    return commands.subList(Math.max(0, commands.size() - 40), commands.size()).stream()
        .map(words -> String.join(" ", words))
        .collect(Collectors.joining(System.lineSeparator()));
  }

  /** Sums of fractions are exact here, and those of Redis are not. */
  private static String rounded(List<String> command, String shown) {
    boolean isFraction =
        command.size() > 1
            && command.get(1).startsWith("f")
            && shown.matches("'-?\\d+(\\.\\d+)?(e\\d+)?'");
    if (!isFraction) {
      return shown;
    }
    BigDecimal number = new BigDecimal(shown.substring(1, shown.length() - 1));
    return number.setScale(6, RoundingMode.HALF_EVEN).toPlainString();
  }

  private static String shown(RespValue reply) {
    return switch (reply) {
      case RespValue.Text text -> "'" + new String(text.bytes(), StandardCharsets.ISO_8859_1) + "'";
      case RespValue.Failure failure -> "-" + failure.message();
      case RespValue.Whole whole -> ":" + whole.value();
      case RespValue.Null _ -> "null";
      case RespValue.Sequence(List<RespValue> elements) ->
          elements.stream().map(RedisComparisonTest::shown).toList().toString();
      case RespValue.Attributed attributed -> shown(attributed.value());
    };
  }

  // Commands

  private static List<List<String>> transaction(SplittableRandom random) {
    List<List<String>> all = new ArrayList<>();
    if (random.nextInt(3) == 0) {
      all.add(List.of("WATCH", key(random), key(random)));
      if (random.nextInt(2) == 0) {
        all.add(random.nextInt(4) == 0 ? List.of("UNWATCH") : command(random));
      }
    }
    all.add(List.of("MULTI"));
    for (int left = random.nextInt(6); left > 0; left--) {
      List<String> command = random.nextInt(30) == 0 ? List.of("MULTI") : command(random);
      boolean isFraction = command.size() > 1 && command.get(1).startsWith("f");
      all.add(isFraction ? List.of("PING") : command);
    }
    all.add(List.of(random.nextInt(8) == 0 ? "DISCARD" : "EXEC"));
    return all;
  }

  private static String key(SplittableRandom random) {
    return "k" + random.nextInt(6);
  }

  private static String value(SplittableRandom random) {
    return switch (random.nextInt(8)) {
      case 0 -> "";
      case 1, 2 -> Integer.toString(random.nextInt(-100, 100));
      case 3 -> Long.toString(random.nextBoolean() ? Long.MAX_VALUE : Long.MIN_VALUE);
      case 4 -> random.nextInt(50) + "." + random.nextInt(100);
      case 5 -> "binary \0\r\n\u00ff";
      default -> "text " + random.nextInt(100);
    };
  }

  private static String number(SplittableRandom random) {
    return switch (random.nextInt(12)) {
      case 0 -> "x";
      case 1 -> Long.toString(Long.MAX_VALUE);
      case 2 -> "007";
      default -> Integer.toString(random.nextInt(-20, 20));
    };
  }

  /** Far from now, or over: so that both servers' clocks see it alike. */
  private static String moment(SplittableRandom random, long unit) {
    long far = (4_000_000_000L + random.nextInt(100)) * unit;
    return random.nextInt(6) == 0 ? Long.toString(random.nextInt(1, 1_000)) : Long.toString(far);
  }

  private static List<String> command(SplittableRandom random) {
    String key = key(random);
    String other = key(random);
    String value = value(random);
    List<String> words = new ArrayList<>();
    switch (random.nextInt(40)) {
      case 0, 1, 2 -> words.addAll(List.of("GET", key));
      case 3, 4, 5 -> words.addAll(List.of("SET", key, value));
      case 6, 7, 8 -> setWithOptions(key, value, random, words);
      case 9 -> words.addAll(List.of("SETNX", key, value));
      case 10 -> words.addAll(List.of("GETSET", key, value));
      case 11 -> words.addAll(List.of("GETDEL", key));
      case 12 -> getex(key, random, words);
      case 13 -> words.addAll(List.of("MGET", key, other, key(random)));
      case 14 -> words.addAll(List.of("MSET", key, value, other, value(random)));
      case 15 -> words.addAll(List.of("MSETNX", key, value, other, value(random)));
      case 16, 17 -> words.addAll(List.of(random.nextBoolean() ? "INCR" : "DECR", key));
      case 18, 19 ->
          words.addAll(List.of(random.nextBoolean() ? "INCRBY" : "DECRBY", key, number(random)));
      case 20 -> fraction(random, words);
      case 21 -> words.addAll(List.of("APPEND", key, value));
      case 22 -> words.addAll(List.of("STRLEN", key));
      case 23 -> words.addAll(List.of("GETRANGE", key, number(random), number(random)));
      case 24 -> words.addAll(List.of("SETRANGE", key, number(random).replace("9223", "9"), value));
      case 25 -> words.addAll(List.of(random.nextBoolean() ? "DEL" : "UNLINK", key, other));
      case 26 -> words.addAll(List.of(random.nextBoolean() ? "EXISTS" : "TOUCH", key, other));
      case 27 -> words.addAll(List.of("TYPE", key));
      case 28, 29, 30 -> expire(key, random, words);
      case 31 -> words.addAll(List.of("EXPIRETIME", key));
      case 32 -> words.addAll(List.of("PEXPIRETIME", key));
      case 33 -> words.addAll(List.of("PERSIST", key));
      case 34 -> words.addAll(List.of("RENAME", key, other));
      case 35 -> words.addAll(List.of("RENAMENX", key, other));
      case 36 -> copy(key, other, random, words);
      case 37 -> words.addAll(random.nextInt(10) == 0 ? List.of("DBSIZE") : List.of("PING"));
      case 38 -> wrong(key, random, words);
      default -> words.addAll(List.of("ECHO", value));
    }
    // DBSIZE, which a transaction may not have here, comes alone.
    return words.getFirst().equals("DBSIZE") ? List.of("PING", "x") : words;
  }

  /** On keys of their own: Redis rounds what is far from zero, and sums here are exact. */
  private static void fraction(SplittableRandom random, List<String> words) {
    String key = "f" + random.nextInt(3);
    String number = random.nextInt(-50, 50) + "." + random.nextInt(1_000);
    switch (random.nextInt(6)) {
      case 0 -> words.addAll(List.of("SET", key, number));
      case 1 -> words.addAll(List.of("GET", key));
      case 2 -> words.addAll(List.of("SET", key, number + "e1"));
      case 3 -> words.addAll(List.of("INCRBYFLOAT", key, "1.5x"));
      default -> words.addAll(List.of("INCRBYFLOAT", key, number));
    }
  }

  private static void setWithOptions(
      String key, String value, SplittableRandom random, List<String> words) {
    words.addAll(List.of("SET", key, value));
    switch (random.nextInt(7)) {
      case 0 -> words.addAll(List.of("PXAT", moment(random, 1_000)));
      case 1 -> words.addAll(List.of("exat", moment(random, 1)));
      case 2 -> words.add("KEEPTTL");
      case 3 -> words.addAll(List.of("EX", random.nextBoolean() ? "0" : "nan"));
      case 4 -> words.addAll(List.of("PXAT", moment(random, 1_000), "KEEPTTL"));
      default -> {}
    }
    switch (random.nextInt(5)) {
      case 0 -> words.add("NX");
      case 1 -> words.add("xx");
      case 2 -> words.addAll(List.of("NX", "XX"));
      default -> {}
    }
    if (random.nextInt(3) == 0) {
      words.add("GET");
    }
  }

  private static void getex(String key, SplittableRandom random, List<String> words) {
    words.addAll(List.of("GETEX", key));
    switch (random.nextInt(5)) {
      case 0 -> words.add("PERSIST");
      case 1 -> words.addAll(List.of("PXAT", moment(random, 1_000)));
      case 2 -> words.addAll(List.of("EXAT", moment(random, 1)));
      case 3 -> words.addAll(List.of("PERSIST", "EX", "5"));
      default -> {}
    }
  }

  private static void expire(String key, SplittableRandom random, List<String> words) {
    boolean isMillis = random.nextBoolean();
    words.add(isMillis ? "PEXPIREAT" : "EXPIREAT");
    words.addAll(List.of(key, moment(random, isMillis ? 1_000 : 1)));
    for (int left = random.nextInt(3); left > 0; left--) {
      words.add(List.of("NX", "XX", "GT", "LT", "ZZ").get(random.nextInt(5)));
    }
  }

  private static void copy(String key, String other, SplittableRandom random, List<String> words) {
    words.addAll(List.of("COPY", key, other));
    switch (random.nextInt(4)) {
      case 0 -> words.add("REPLACE");
      case 1 -> words.addAll(List.of("DB", "0"));
      default -> {}
    }
  }

  private static void wrong(String key, SplittableRandom random, List<String> words) {
    switch (random.nextInt(6)) {
      case 0 -> words.add("GET");
      case 1 -> words.addAll(List.of("NOSUCH", key, "x"));
      case 2 -> words.addAll(List.of("SET", key));
      case 3 -> words.addAll(List.of("MSET", key, "x", "y"));
      case 4 -> words.addAll(List.of("EXPIRE", key, "9223372036854775807"));
      default -> words.addAll(List.of("SETEX", key, "-1", "x"));
    }
  }
}
