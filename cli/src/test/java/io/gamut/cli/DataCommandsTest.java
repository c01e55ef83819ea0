package io.gamut.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.gamut.core.NodeId;
import io.gamut.overlay.Endpoint;
import io.gamut.server.Node;
import io.gamut.server.NodeConfig;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What {@code gamut get}, {@code put} and their like print, and with which exit status. */
final class DataCommandsTest {
  private static final byte[] BINARY = {0, 1, (byte) 0xff, '\n'};

  @TempDir private Path directory;
  private @Nullable Node node;
  private final StringWriter err = new StringWriter();
  private byte[] out = {};

  @BeforeEach
  void start() throws Exception {
    node =
        Node.start(
            NodeConfig.of(new NodeId(4), directory.resolve("node")).toBuilder()
                .memcached(new Endpoint("127.0.0.1", 0))
                .build());
  }

  @AfterEach
  void stop() {
    Objects.requireNonNull(node).kill();
  }

  /** Runs a command with what comes on standard input; the exit status. */
  private int run(byte[] in, String... words) {
    List<String> all = new ArrayList<>(List.of(words));
    all.add(1, "--server=" + Objects.requireNonNull(node).respAddress());
    String[] args = all.toArray(String[]::new);
    PrintStream outBefore = System.out;
    InputStream inBefore = System.in;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
    System.setIn(new ByteArrayInputStream(in));
    try {
      CommandLine commandLine = Gamut.commandLine(new Settings(Map.of(), args));
      commandLine.setErr(new PrintWriter(err));
      return commandLine.execute(args);
    } finally {
      System.setOut(outBefore);
      System.setIn(inBefore);
      out = printed.toByteArray();
    }
  }

  private int run(String... words) {
    return run(new byte[0], words);
  }

  private String printed() {
    return new String(out, StandardCharsets.UTF_8);
  }

  @Test
  void valuesGoInAndComeOutAsTheyAre() throws Exception {
    assertThat(run("put", "greeting", "hello")).isZero();
    assertThat(printed()).isEmpty();
    assertThat(run("get", "greeting")).isZero();
    assertThat(printed()).isEqualTo("hello");
    assertThat(run(BINARY, "put", "from-stdin")).isZero();
    assertThat(run("get", "from-stdin")).isZero();
    assertThat(out).isEqualTo(BINARY);
    Path file = directory.resolve("file");
    Files.write(file, BINARY);
    assertThat(run("put", "from-file", "--file", file.toString(), "--level", "causal")).isZero();
    assertThat(run("get", "from-file", "--level", "causal")).isZero();
    assertThat(Arrays.equals(out, BINARY)).isTrue();
  }

  @Test
  void whyAKeyIsReadAsItIsIsToldForPeopleAndForPrograms() {
    assertThat(run("put", "greeting", "hello")).isZero();
    assertThat(run("explain", "greeting")).isZero();
    assertThat(printed().lines())
        .anySatisfy(
            line -> assertThat(line).isEqualTo("Key greeting, asked of server 4; server 4 leads."))
        .anySatisfy(line -> assertThat(line).matches("4 +hello +committed +server 4 .* nothing"))
        .anySatisfy(line -> assertThat(line).matches("eventual +hello +committed +at once.*"))
        .anySatisfy(line ->
            assertThat(line).matches("linearizable +hello +committed +a round.*at most 5,000 ms"));
    assertThat(run("explain", "greeting", "--output", "json")).isZero();
    assertThat(printed())
        .startsWith("{\"key\":\"greeting\",\"node\":4,\"server\":4,\"leader\":4,")
        .contains("\"replicas\":[{\"server\":4,\"reached\":true,")
        .contains("\"committed\":{\"value\":\"hello\",\"length\":5,\"expiresAt\":null,")
        .contains("\"lacks\":{\"session\":{\"count\":0,\"lost\":false,\"first\":[]}")
        .contains("\"levels\":[{\"level\":\"eventual\",\"price\":\"at once\",")
        .endsWith("}]}\n");
    assertThat(run("explain", "never")).isZero();
    assertThat(printed()).contains("(never written)").contains("(none)");
    assertThat(run("explain")).isEqualTo(2);
    assertThat(run("explain", "greeting", "--session", "wrong")).isEqualTo(1);
  }

  @Test
  void theVersionsOfAKeyAreToldForPeopleAndForPrograms() {
    for (String value : List.of("one", "two", "three")) {
      assertThat(run("put", "k", value)).isZero();
    }
    assertThat(run("put", "k", "four", "--level", "causal")).isZero();
    assertThat(run("del", "k")).isZero();
    assertThat(run("history", "k")).isZero();
    assertThat(printed()).startsWith("Key k at server 4, as seen there since ");
    assertThat(printed().lines().skip(3))
        .satisfiesExactly(
            line -> assertThat(line).contains("Z  (deleted)  strong", "committed"),
            line -> assertThat(line).contains("Z  four ", " weak"),
            line -> assertThat(line).contains("Z  three ", " strong"),
            line -> assertThat(line).contains("Z  two "),
            line -> assertThat(line).contains("Z  one "));
    assertThat(run("history", "k", "--count", "1", "--output", "json")).isZero();
    assertThat(printed()).contains("\"value\":null").contains("\"allKeys\":false");
    assertThat(run("history", "never")).isZero();
    assertThat(printed()).endsWith(": no version.\n");
    assertThat(run("history", "k", "--count", "0")).isEqualTo(1);
    assertThat(err.toString()).contains("gamut history: ").contains("from 1 to 1000");
  }

  @Test
  void whatIsNotThereIsToldByTheExitStatus() {
    assertThat(run("get", "absent")).isEqualTo(1);
    assertThat(printed()).isEmpty();
    assertThat(err.toString()).contains("gamut get: absent: ERR_KEY");
    assertThat(run("put", "k", "v", "--if-present")).isEqualTo(1);
    assertThat(err.toString()).contains("k was not written");
    assertThat(run("put", "k", "v", "--if-absent")).isZero();
    assertThat(run("cas", "k", "--value", "x", "w")).isEqualTo(1);
    assertThat(run("cas", "k", "--value", "v", "w")).isZero();
    assertThat(run("put", "k", "v", "--if-absent", "--if-present")).isEqualTo(2);
    assertThat(run("put", "k", "v", "--level", "strongest")).isEqualTo(2);
    assertThat(run("get", "k", "--level", "causal:4")).isEqualTo(2);
    assertThat(run("incr", "k")).isEqualTo(1);
    assertThat(err.toString()).contains("value is not an integer or out of range");
  }

  @Test
  void numbersAndCountsArePrinted() {
    assertThat(run("incr", "n")).isZero();
    assertThat(printed()).isEqualTo("1\n");
    assertThat(run("incr", "n", "--", "-3")).isZero();
    assertThat(printed()).isEqualTo("-2\n");
    assertThat(run("del", "n", "absent")).isZero();
    assertThat(printed()).isEqualTo("1\n");
  }

  @Test
  void jsonSaysHowAnAnswerWasComeBy() {
    run(BINARY, "put", "k");
    assertThat(run("get", "k", "--output", "json", "--level", "bounded:2000")).isZero();
    assertThat(printed())
        .startsWith(
            "{\"key\":\"k\",\"valueBase64\":\"AAH/Cg==\",\"level\":\"bounded\",\"replica\":4,")
        .contains("\"version\":\"", "\"state\":\"committed\"", "\"session\":\"")
        .endsWith("}\n");
    String version = printed().replaceAll(".*\"version\":\"([^\"]*)\".*\n", "$1");
    assertThat(run("cas", "k", "--if-version", version, "new", "--output", "json")).isZero();
    assertThat(printed()).contains("\"applied\":true");
    String session = printed().replaceAll(".*\"session\":\"([^\"]*)\".*\n", "$1");
    assertThat(run("get", "k", "--level", "session", "--session", session)).isZero();
    assertThat(printed()).isEqualTo("new");
    assertThat(run("get", "k", "--output", "table")).isZero();
    assertThat(printed().lines().toList().get(1)).startsWith("k ").contains("new", "linearizable");
  }

  @Test
  void keysAreListedByPrefix() {
    for (String key : List.of("a", "b", "b1", "b2", "c")) {
      run("put", key, "of-" + key);
    }
    assertThat(run("scan")).isZero();
    assertThat(printed()).isEqualTo("a\nb\nb1\nb2\nc\n");
    assertThat(run("scan", "--prefix", "b")).isZero();
    assertThat(printed()).isEqualTo("b\nb1\nb2\n");
    assertThat(run("scan", "--prefix", "b", "--limit", "2")).isZero();
    assertThat(printed()).isEqualTo("b\nb1\n");
    assertThat(run("scan", "--prefix", "b1", "--values", "--output", "json")).isZero();
    assertThat(printed()).startsWith("{\"key\":\"b1\",\"value\":\"of-b1\"");
  }

  @Test
  void allPairsGoOutAndComeBack() throws Exception {
    for (int i = 0; i < 600; i++) {
      assertThat(i % 100 == 0 ? run("put", "key" + i, "v" + i, "--ttl", "600000") : 0).isZero();
    }
    run(BINARY, "put", "binary");
    Path file = directory.resolve("pairs");
    assertThat(run("export", file.toString())).isZero();
    List<String> lines = Files.readAllLines(file);
    assertThat(lines).hasSize(7);
    assertThat(lines.getFirst()).isEqualTo("{\"key\":\"binary\",\"valueBase64\":\"AAH/Cg==\"}");
    assertThat(lines.get(1)).matches("\\{\"key\":\"key0\",\"value\":\"v0\",\"expiresAt\":\\d{13}}");
    run("del", "binary", "key0", "key100");
    assertThat(run("import", file.toString())).isZero();
    assertThat(run("get", "binary")).isZero();
    assertThat(out).isEqualTo(BINARY);
    assertThat(run("export")).isZero();
    assertThat(printed().lines()).containsExactlyElementsOf(lines);
  }

  @Test
  void whatMemcachedsClientsHaveMarkedPairsWithGoesOutAndComesBack() throws Exception {
    assertThat(memcached("ms plain 1 F4294967295", "a", "ms old 1", "b", "md old I T600"))
        .isEqualTo("HD HD HD");
    assertThat(run("export")).isZero();
    byte[] lines = out;
    assertThat(printed())
        .matches(
            """
            \\{"key":"old","value":"b","expiresAt":\\d{13},"stale":true}
            \\{"key":"plain","value":"a","flags":4294967295}
            """);
    assertThat(memcached("flush_all", "mg plain f", "mg old f")).isEqualTo("OK EN EN");
    assertThat(run(lines, "import")).isZero();
    assertThat(memcached("mg plain f v")).isEqualTo("VA 1 f4294967295 a");
    assertThat(memcached("mg old f v")).as("who asks first").isEqualTo("VA 1 f0 X W b");
    assertThat(memcached("mg old f v")).as("and next").isEqualTo("VA 1 f0 Z X b");
    assertThat(run("export")).isZero();
    assertThat(out).as("elsewhere another may make it anew").isEqualTo(lines);
  }

  /** The lines that come back, as one. */
  private String memcached(String... lines) throws IOException {
    Endpoint address = Objects.requireNonNull(node).memcachedAddress().orElseThrow();
    try (Socket socket = new Socket(address.host(), address.port())) {
      String text = String.join("\r\n", lines) + "\r\nquit\r\n";
      socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
      byte[] replies = socket.getInputStream().readAllBytes();
      return new String(replies, StandardCharsets.US_ASCII).replace("\r\n", " ").strip();
    }
  }

  @Test
  void linesThatCannotBeImportedAreNamedAndTheOthersAre() {
    String lines =
        """
        {"key":"a","value":"1","other":[1,{"x":2}]}
        nonsense
        {"key":"b"}

        {"key":"","value":"1"}
        {"keyBase64":"!","value":"1"}
        {"key":"c","value":"3"} {}
        {"key":"d","value":"4","expiresAt":-1}
        {"key":"d","value":"4","flags":4294967296}
        {"key":"d","value":"4","flags":"5"}
        {"key":"d","value":"4","stale":1}
        {"key":"e","value":"5"}
        """;
    assertThat(run(lines.getBytes(StandardCharsets.UTF_8), "import", "--level", "causal"))
        .isEqualTo(1);
    assertThat(run("scan", "--level", "eventual")).isZero();
    assertThat(printed()).isEqualTo("a\ne\n");
  }

  @Test
  void aServerThatIsNotThereIsSaidSo() {
    Objects.requireNonNull(node).kill();
    assertThat(run("get", "k", "--timeout", "300")).isEqualTo(1);
    assertThat(err.toString()).contains("gamut get: ");
  }
}
