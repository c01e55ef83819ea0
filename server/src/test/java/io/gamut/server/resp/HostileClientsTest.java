package io.gamut.server.resp;

import static io.gamut.server.hostile.Siege.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import io.gamut.core.NodeId;
import io.gamut.overlay.Endpoint;
import io.gamut.protocol.resp.RespValue;
import io.gamut.server.Node;
import io.gamut.server.NodeConfig;
import io.gamut.server.hostile.Dialect;
import io.gamut.server.hostile.Siege;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
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
 * Clients that send what is no request, too much of it, or never an end, in RESP. Whatever they do,
 * a fresh client is answered, and soon: see {@link Siege}.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class HostileClientsTest implements Dialect {
  private static final String MARK = "end of garbage";
  private static final int LARGE_BYTES = 1 << 20;

  private @Nullable Node node;
  private @Nullable Siege siege;

  @BeforeAll
  void start(@TempDir Path directory) throws Exception {
    node = Node.start(NodeConfig.of(new NodeId(0), directory.resolve("node")));
    try (WireClient client = connect()) {
      client.call("SET", "kept", "value");
      client.call("SET", "large", "x".repeat(LARGE_BYTES));
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
    return Objects.requireNonNull(node).respAddress();
  }

  private WireClient connect() throws IOException {
    return new WireClient(server().host(), server().port());
  }

  @Override
  public void requireServed() throws IOException {
    try (WireClient client = connect()) {
      assertThat(client.call("GET", "kept").toString()).isEqualTo("value");
    }
  }

  // Requests that are wrong

  @Test
  void eachWrongRequestIsAnsweredAndTheConnectionGoesOn() throws Exception {
    String longKey = "k".repeat(4_097);
    List<List<String>> wrong =
        List.of(
            List.of("GET"),
            List.of("GET", "a", "b"),
            List.of("SET"),
            List.of("SET", "key"),
            List.of("SET", "key", "value", "and", "more"),
            List.of("MSET", "key"),
            List.of("MSET", "key", "value", "key"),
            List.of("MGET"),
            List.of("DEL"),
            List.of("GET", ""),
            List.of("SET", "", "value"),
            List.of("SET", longKey, "value"),
            List.of("GET", longKey),
            List.of("MGET", "a", longKey),
            List.of("SET", "key", "v".repeat((8 << 20) + 1)),
            List.of(""),
            List.of("\0\r\n"),
            List.of("GAMUT"),
            List.of("GAMUT", "AT"),
            List.of("GAMUT", "AT", "nonsense", "GET", "a"),
            List.of("GAMUT", "AT", "bounded:x", "GET", "a"),
            List.of("GAMUT", "IN", "no token", "GET", "a"),
            List.of("EXEC"),
            List.of("DISCARD"),
            List.of("SCAN", "x"),
            List.of("SCAN", "12345"),
            List.of("COMMAND", "NONSENSE"),
            List.of("CLIENT", "REPLY", "MAYBE"),
            List.of("HELLO", "4"),
            List.of("AUTH", "x"),
            List.of("SELECT", "1"));
    try (WireClient client = connect()) {
      for (List<String> request : wrong) {
        assertThat(client.call(request))
            .as(request.getFirst())
            .isInstanceOf(RespValue.Failure.class);
        assertThat(client.call("PING").toString()).isEqualTo("PONG");
      }
    }
  }

  @Test
  void whatIsNoRequestEndsItsConnectionWithAnError() throws Exception {
    for (String hostile :
        List.of(
            "*1000000000\r\n",
            "*1\r\n$1000000000\r\n",
            "*1\r\n$-5\r\n",
            "*1\r\n:5\r\n",
            "*x\r\n",
            "*1\r\n$1\r\nabc\r\n",
            "set \"a\r\n",
            "x".repeat(70_000))) {
      assertThat(siege().answersToEnd(bytes(hostile)))
          .as(hostile.substring(0, 10 % hostile.length()))
          .startsWith("-ERR Protocol");
    }
  }

  @Test
  void aRequestThatIsSplitAnywhereIsOne() throws Exception {
    byte[] requests = bytes("*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$3\r\na\r\n\r\nGET k\r\n");
    String whole = siege().answersSplit(requests, 0);
    assertThat(whole).startsWith("+OK\r\n$3\r\na\r\n\r\n");
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
  public byte[] lastRequest() {
    return bytes("CLIENT REPLY ON\r\nRESET\r\nECHO \"" + MARK + "\"\r\n");
  }

  @Override
  public String mark() {
    return MARK;
  }

  @Override
  public byte[] garbage(SplittableRandom random) {
    return switch (random.nextInt(3)) {
      case 0 -> {
        byte[] noise = new byte[random.nextInt(60)];
        random.nextBytes(noise);
        yield noise;
      }
      case 1 -> {
        byte[] like = new byte[random.nextInt(60)];
        for (int i = 0; i < like.length; i++) {
          like[i] = (byte) "*$\r\n0123456789+-GETSabc ".charAt(random.nextInt(24));
        }
        yield like;
      }
      default -> bytes("*" + random.nextInt(5) + "\r\n$" + random.nextInt(9) + "\r\nGET\r\n");
    };
  }

  /** A whole request of words that may mean something. */
  @Override
  public byte[] request(SplittableRandom random) {
    List<String> words =
        List.of(
            "GET",
            "SET",
            "MSET",
            "DEL",
            "MULTI",
            "EXEC",
            "WATCH",
            "SCAN",
            "GAMUT",
            "AT",
            "IN",
            "eventual",
            "LEVEL",
            "CLIENT",
            "REPLY",
            "OFF",
            "ON",
            "a",
            "b",
            "0",
            "-1",
            "EX",
            "NX",
            "HELLO",
            "3",
            "RESET",
            "KEYS",
            "*",
            "INFO",
            "COMMAND",
            "DOCS",
            "EXPIRE",
            "COPY",
            "");
    StringBuilder request = new StringBuilder();
    int count = random.nextInt(1, 6);
    request.append('*').append(count).append("\r\n");
    for (int i = 0; i < count; i++) {
      String word = words.get(random.nextInt(words.size()));
      request.append('$').append(word.length()).append("\r\n").append(word).append("\r\n");
    }
    return bytes(request.toString());
  }

  // Too many, and too slow

  @Test
  void manyConnectionsThatSayNothingOrHalfARequestKeepNobodyOut() throws Exception {
    siege()
        .flood(
            List.of(
                bytes(""),
                bytes("*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$8000000\r\nbegun"),
                bytes("*"),
                bytes("GET ke")));
  }

  @Test
  void clientsThatDoNotReadTheirAnswersAreNotReadFrom() throws Exception {
    // 40 GB are asked for.
    siege().askWithoutReading(20, bytes("GET large\r\n".repeat(2_000)));
  }

  @Test
  void answersOfWritesThatNobodyReadsAreNotHeldWithoutBounds() throws Exception {
    siege().askWithoutReading(4, bytes("GETEX large EX 1000\r\n".repeat(2_000)));
  }

  @Test
  void aRequestForMoreThanCanBeHeldIsRefusedAtEveryLevel() throws Exception {
    for (String level : List.of("session", "linearizable")) {
      try (WireClient client = connect()) {
        client.call("GAMUT", "LEVEL", level);
        List<String> request = new ArrayList<>(Collections.nCopies(10_000, "large"));
        request.addFirst("MGET");
        assertThat(client.call(request)).as(level).isInstanceOf(RespValue.Failure.class);
      }
      siege().requireBounded();
    }
  }

  @Test
  void requestsThatNeverEndShareABudget() throws Exception {
    String beginning = "*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$8388608\r\n";
    siege().beginWithoutEnd(300, bytes(beginning + "x".repeat(4 << 20)));
  }

  @Test
  void nothingIsKeptOfRequestsThatAreAnswered() throws Exception {
    String wrong = "*4\r\n$8\r\nGETRANGE\r\n$1\r\nk\r\n$1\r\n0\r\n$8388608\r\n";
    siege().fallSilentAfter(bytes(wrong + "x".repeat(8 << 20) + "\r\n"), "-ERR value");
  }

  @Test
  void transactionsThatAreNeverExecutedShareABudget() throws Exception {
    String value = "x".repeat(4 << 20);
    String set = "*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$" + value.length() + "\r\n" + value + "\r\n";
    siege().beginWithoutEnd(200, bytes("MULTI\r\n" + set));
  }

  @Test
  void aLargeValueInManySmallPiecesHoldsNobodyUp() throws Exception {
    String value = "v".repeat(4 << 20);
    byte[] request =
        bytes("*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$" + value.length() + "\r\n" + value + "\r\n");
    assertThat(siege().trickle(request, 100)).startsWith("+OK\r\n");
  }
}
