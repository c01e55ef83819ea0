package io.gamut.server.memcached;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gamut.core.Consistency;
import io.gamut.core.NodeId;
import io.gamut.overlay.Endpoint;
import io.gamut.server.Node;
import io.gamut.server.NodeConfig;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The same random streams of text and meta commands to a real memcached and to a server of this
 * project: every reply, errors too, must be the same, byte by byte. Where memcached is not
 * installed, nothing is compared.
 *
 * <p>What differs by intent, and so is not compared: cas tokens themselves (but whether they hold
 * is); the cas token after a touch, which stays there and changes here; what {@code decr} leaves,
 * which is filled up with spaces there; whether a wrong cas token or a value that is no number is
 * told first by {@code ma}; {@code h}, {@code l}, {@code me}; a cas token that was never given out,
 * with {@code I}; a negative {@code N}; what a value that is too large leaves of the old one; keys
 * with control characters.
 *
 * <p>What 1.6.18 does not do as its own documents say: whether {@code t} tells of before or after
 * {@code T} or {@code N} depends on their order; so does whether {@code R} goes by the old expiry;
 * a stale number is fresh once it has more digits; {@code ma} may forget its {@code T} or the
 * expiry of {@code N}; after {@code ma} and appending, a Base64 key is told raw; {@code q} does not
 * hide what {@code N} has made; a {@code flush_all} with a delay brings back what one before it has
 * flushed; a {@code get} of a key that is too long takes away the replies before it.
 *
 * <p>{@code -Dgamut.commands=N} and {@code -Dgamut.seed=S} say how many, and which.
 */
final class MemcachedComparisonTest {
  private static final int COMMANDS = Integer.getInteger("gamut.commands", 20_000);
  private static final long SEED = Long.getLong("gamut.seed", 20_261_122L);
  private static final int BATCH = 20;
  private static final int SHOWN_MAX = 200;
  private static final Pattern VALUE_WITH_CAS =
      Pattern.compile("VALUE (\\S+) \\d+ \\d+ (?<cas>\\d+)\r\n");
  private static final Pattern META_CAS = Pattern.compile("(?<=[ ])c\\d+(?=[ \r])");
  private static final Pattern META_LEFT = Pattern.compile("(?<=[ ])t\\d+(?=[ \r])");

  @TempDir private Path directory;
  private @Nullable Process memcached;
  private int memcachedPort;
  private @Nullable Node node;

  /** One side of the comparison. */
  private static final class Side implements AutoCloseable {
    private final LineClient client;
    private final Map<String, String> tokens = new HashMap<>();

    Side(LineClient client) {
      this.client = client;
    }

    /** Sends a batch, with the side's own cas tokens in it, and returns what came back. */
    String run(List<String> batch, Set<String> touched) throws IOException {
      StringBuilder text = new StringBuilder();
      for (String command : batch) {
        String own = command;
        for (int end = own.indexOf('}'); end >= 0; end = own.indexOf('}')) {
          int begin = own.indexOf('{');
          String token =
              tokens.getOrDefault(own.substring(begin + 1, end), RandomCommands.NO_TOKEN);
          own = own.substring(0, begin) + token + own.substring(end + 1);
        }
        text.append(own);
      }
      client.send(text + "mn\r\n");
      String replies = client.receiveUntil("MN\r\n");
      Matcher values = VALUE_WITH_CAS.matcher(replies);
      while (values.find()) {
        tokens.put(values.group(1), values.group("cas"));
      }
      tokens.keySet().removeAll(touched);
      String shown = VALUE_WITH_CAS.matcher(replies).replaceAll(Side::withoutCas);
      shown = META_CAS.matcher(shown).replaceAll(cas -> cas.group().equals("c0") ? "c0" : "c*");
      return META_LEFT.matcher(shown).replaceAll("t*");
    }

    private static String withoutCas(MatchResult value) {
      String text = value.group();
      String shown = text.substring(0, text.lastIndexOf(' ')) + " *\r\n";
      return Matcher.quoteReplacement(shown);
    }

    @Override
    public void close() throws IOException {
      client.close();
    }
  }

  @BeforeEach
  void start() throws Exception {
    assumeTrue(isInstalled("memcached"), "memcached is not installed");
    try (ServerSocket free = new ServerSocket(0)) {
      memcachedPort = free.getLocalPort();
    }
    memcached =
        new ProcessBuilder(
                "memcached",
                "-u",
                "nobody",
                "-l",
                "127.0.0.1",
                "-p",
                Integer.toString(memcachedPort),
                "-I",
                "8m")
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("memcached.log").toFile())
            .start();
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
    if (memcached != null) {
      memcached.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
    }
  }

  private LineClient toMemcached() throws IOException {
    long limit = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (true) {
      try {
        return new LineClient(new Endpoint("127.0.0.1", memcachedPort));
      } catch (IOException e) {
        if (System.nanoTime() - limit > 0) {
          throw e;
        }
        Thread.onSpinWait();
      }
    }
  }

  private LineClient toOurs(Consistency level) throws Exception {
    NodeConfig config =
        NodeConfig.of(new NodeId(0), directory.resolve("node")).toBuilder()
            .memcached(new Endpoint("127.0.0.1", 0))
            .defaultLevel(level)
            .build();
    node = Node.start(config);
    return new LineClient(Objects.requireNonNull(node).memcachedAddress().orElseThrow());
  }

  @Test
  void aServerAnswersAsMemcachedDoes() throws Exception {
    compare(Consistency.LINEARIZABLE, COMMANDS, SEED);
  }

  @Test
  void aServerAtAWeakLevelAnswersAsMemcachedDoes() throws Exception {
    compare(Consistency.SESSION, COMMANDS / 2, SEED + 1);
  }

  private void compare(Consistency level, int commands, long seed) throws Exception {
    SplittableRandom random = new SplittableRandom(seed);
    try (Side theirs = new Side(toMemcached());
        Side ours = new Side(toOurs(level))) {
      List<String> before = new ArrayList<>();
      for (int done = 0; done < commands; done += BATCH) {
        List<String> batch = new ArrayList<>();
        Set<String> touched = new HashSet<>();
        for (int i = 0; i < BATCH; i++) {
          batch.add(RandomCommands.next(random, touched));
        }
        before.addAll(batch);
        before.subList(0, Math.max(0, before.size() - 3 * BATCH)).clear();
        String expected = theirs.run(batch, touched);
        String answered = ours.run(batch, touched);
        assertThat(answered)
            .as(() -> "seed %d, at %s, after%n%s".formatted(seed, level, last(before)))
            .isEqualTo(expected);
      }
    }
  }

  private static String last(List<String> commands) {
    return commands.stream()
        .map(text -> text.length() > SHOWN_MAX ? text.substring(0, SHOWN_MAX) + "..." : text)
        .collect(Collectors.joining());
  }
}
