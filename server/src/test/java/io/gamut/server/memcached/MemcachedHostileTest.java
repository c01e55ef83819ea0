package io.gamut.server.memcached;

import static io.gamut.server.hostile.Siege.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import io.gamut.core.NodeId;
import io.gamut.overlay.Endpoint;
import io.gamut.server.Node;
import io.gamut.server.NodeConfig;
import io.gamut.server.hostile.Dialect;
import io.gamut.server.hostile.Siege;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * Clients that send what is no request, too much of it, or never an end, in the memcached protocol.
 * Whatever they do, a fresh client is answered, and soon: see {@link Siege}.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class MemcachedHostileTest implements Dialect {
  private static final String LONG_KEY = "k".repeat(251);
  private static final String BAD_LINE = "CLIENT_ERROR bad command line format\r\n";
  private static final String TOO_LARGE = "SERVER_ERROR object too large for cache\r\n";
  private static final int EMPTY_LINES = 5;
  private static final int LARGE_BYTES = 1 << 20;

  private @Nullable Node node;
  private @Nullable Siege siege;

  @BeforeAll
  void start(@TempDir Path directory) throws Exception {
    NodeConfig config =
        NodeConfig.of(new NodeId(0), directory.resolve("node")).toBuilder()
            .memcached(new Endpoint("127.0.0.1", 0))
            .build();
    node = Node.start(config);
    try (LineClient client = new LineClient(server())) {
      client.call(
          "set kept 0 0 5", "value", "set large 0 0 " + LARGE_BYTES, "x".repeat(LARGE_BYTES));
    }
  }

  @AfterAll
  void stop() {
    Objects.requireNonNull(node).kill();
  }

  @BeforeEach
  void begin() throws IOException {
    siege = new Siege(this);
  }

  @AfterEach
  void end() throws Exception {
    siege().close();
  }

  private Siege siege() {
    return Objects.requireNonNull(siege);
  }

  @Override
  public Endpoint server() {
    return Objects.requireNonNull(node).memcachedAddress().orElseThrow();
  }

  @Override
  public void requireServed() throws IOException {
    try (LineClient client = new LineClient(server())) {
      assertThat(client.call("get kept")).isEqualTo("VALUE kept 0 5\r\nvalue\r\nEND\r\n");
    }
  }

  // Requests that are wrong

  @Test
  void eachWrongRequestIsAnsweredAndTheConnectionGoesOn() throws Exception {
    List<String> wrong =
        List.of(
            "\r\n",
            "\0\1\2\r\n",
            "get\r\n",
            "get " + LONG_KEY + "\r\n",
            "get a " + LONG_KEY + " b\r\n",
            "get a\tb\r\n",
            "get a\0b\r\n",
            "set\r\n",
            "set k\r\n",
            "set k 0 0\r\n",
            "set k 0 0 -1\r\n",
            "set k 0 0 x\r\n",
            "set k 0 0 99999999999999999999\r\n",
            "set k 4294967296 0 1\r\na\r\n",
            "set " + LONG_KEY + " 0 0 1\r\na\r\n",
            "set k\0 0 0 1\r\na\r\n",
            "set k 0 0 8388609\r\n" + "v".repeat(8_388_609) + "\r\n",
            "set k 0 0 1\r\nab\r\n",
            "cas k 0 0 1\r\na\r\n",
            "cas k 0 0 1 -5\r\na\r\n",
            "incr k -1\r\n",
            "incr k 18446744073709551616\r\n",
            "touch k x\r\n",
            "gat x k\r\n",
            "flush_all x\r\n",
            "level\r\n",
            "level nosuch\r\n",
            "mg\r\n",
            "mg k v v\r\n",
            "mg k !\r\n",
            "mg k b\r\n",
            "mg " + LONG_KEY + " v\r\n",
            "mg k O" + "o".repeat(33) + "\r\n",
            "mg k Lbounded:-1\r\n",
            "ms k\r\n",
            "ms k -1\r\n",
            "ms k 99999999999999999999\r\n",
            "ms k 1 MQ\r\na\r\n",
            "ms k 1 C-1\r\na\r\n",
            "ms k 8388609\r\n" + "v".repeat(8_388_609) + "\r\n",
            "ms " + LONG_KEY + " 1\r\na\r\n",
            "ma k Dx\r\n",
            "ma k MQ\r\n",
            "md k C\r\n");
    for (String each : wrong) {
      String answered = siege().answersSplit(bytes(each), 0);
      String what = each.substring(0, Math.min(20, each.length()));
      assertThat(answered)
          .as(what)
          .matches("(?s)((CLIENT_|SERVER_)?ERROR[^\r\n]*\r\n){" + (EMPTY_LINES + 1) + ",}EN.*");
    }
    assertThat(siege().answersSplit(bytes("set k 0 0 1\r\nabcdef\r\n"), 0)).contains("ERROR");
    assertThat(siege().answersSplit(bytes("get " + LONG_KEY + "\r\n"), 0)).startsWith(BAD_LINE);
    String tooLarge = "set kept 0 0 8388609\r\n" + "get kept\r\n".repeat(838_861);
    assertThat(
            siege()
                .answersSplit(
                    bytes(
                        tooLarge.substring(0, "set kept 0 0 8388609\r\n".length() + 8_388_609)
                            + "\r\n"),
                    0))
        .as("a value is never taken for commands")
        .isEqualTo(TOO_LARGE + "ERROR\r\n".repeat(EMPTY_LINES) + mark());
  }

  @Test
  void aLineWithoutEndIsRefusedAndItsConnectionClosed() throws Exception {
    for (String hostile : List.of("x".repeat(70_000), "get " + "k ".repeat(40_000))) {
      assertThat(siege().answersToEnd(bytes(hostile)))
          .isEqualTo("CLIENT_ERROR a line has at most 65536 bytes\r\n");
    }
  }

  @Test
  void requestsThatAreSplitAnywhereAreTheSame() throws Exception {
    byte[] requests =
        bytes(
            "set k 5 0 4\r\n"
                + "a\r\n"
                + "b\r\n"
                + "get k\r\n"
                + "ms m 2 F3 k q\r\n"
                + "xy\r\n"
                + "mg m f v\r\n"
                + "nosuch\r\n"
                + "md m\r\n");
    String whole = siege().answersSplit(requests, 0);
    assertThat(whole)
        .startsWith("STORED\r\nVALUE k 5 4\r\na\r\nb\r\nEND\r\nVA 2 f3\r\nxy\r\nERROR\r\nHD\r\n");
    for (int at = -1; at < requests.length; at++) {
      assertThat(siege().answersSplit(requests, at)).as("at %d", at).isEqualTo(whole);
    }
  }

  // Garbage

  @Test
  void garbageOfAllKindsIsAnsweredOrDropped() throws Exception {
    siege().sendGarbage();
  }

  @Override
  public byte[] request(SplittableRandom random) {
    return MemcachedGarbage.request(random);
  }

  @Override
  public byte[] garbage(SplittableRandom random) {
    return MemcachedGarbage.garbage(random);
  }

  /** Behind empty lines, since what comes before may take a few bytes for the end of its value. */
  @Override
  public byte[] lastRequest() {
    return bytes("\r\n".repeat(EMPTY_LINES) + "mg no-such-key Oend-of-garbage\r\n");
  }

  @Override
  public String mark() {
    return "EN Oend-of-garbage\r\n";
  }

  // Too many, and too slow

  @Test
  void manyConnectionsThatSayNothingOrHalfARequestKeepNobodyOut() throws Exception {
    siege()
        .flood(
            List.of(
                bytes(""),
                bytes("set k 0 0 8000000\r\nbegun"),
                bytes("get ke"),
                bytes("ms k 8000000 T30\r\n"),
                bytes("set k 0 0 2000000000\r\n" + "x".repeat(100))));
  }

  @Test
  void clientsThatDoNotReadTheirAnswersAreNotReadFrom() throws Exception {
    // 40 GB are asked for.
    siege().askWithoutReading(20, bytes("get large\r\n".repeat(2_000)));
  }

  @Test
  void answersOfWritesThatNobodyReadsAreNotHeldWithoutBounds() throws Exception {
    siege().askWithoutReading(4, bytes("gat 0 large\r\nmg large v T0\r\n".repeat(1_000)));
  }

  @Test
  void aRequestForMoreThanCanBeHeldIsRefusedAtEveryLevel() throws Exception {
    for (String level : List.of("session", "linearizable")) {
      String request = "level " + level + "\r\nget" + " large".repeat(10_000) + "\r\n";
      assertThat(siege().answersSplit(bytes(request), 0)).startsWith("OK\r\nSERVER_ERROR ERR ");
      siege().requireBounded();
    }
  }

  @Test
  void requestsThatNeverEndShareABudget() throws Exception {
    siege().beginWithoutEnd(300, bytes("set k 0 0 8388608\r\n" + "x".repeat(4 << 20)));
  }

  @Test
  void nothingIsKeptOfRequestsThatAreAnswered() throws Exception {
    String wrong = "set k 0 0 8388606\r\n" + "x".repeat(8 << 20);
    siege().fallSilentAfter(bytes(wrong), "CLIENT_ERROR");
  }

  @Test
  void aLargeValueInManySmallPiecesHoldsNobodyUp() throws Exception {
    String value = "v".repeat(4 << 20);
    byte[] request = bytes("set k 0 0 " + value.length() + "\r\n" + value + "\r\n");
    assertThat(siege().trickle(request, 100)).startsWith("STORED\r\n");
  }
}
