package io.gamut.server.memcached;

import static org.assertj.core.api.Assertions.assertThat;

import io.gamut.core.NodeId;
import io.gamut.core.Version;
import io.gamut.overlay.Endpoint;
import io.gamut.server.Node;
import io.gamut.server.NodeConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What a connection is told of its session, and of how it was answered. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class MemcachedReceiptsTest {
  private static final String REFUSED =
      "RECEIPT level session|RECEIPT replica 0|RECEIPT outcome not applied|END|";

  private Node node;
  private LineClient client;

  @BeforeAll
  void start(@TempDir Path directory) throws Exception {
    node =
        Node.start(
            NodeConfig.of(new NodeId(0), directory).toBuilder()
                .memcached(new Endpoint("127.0.0.1", 0))
                .build());
  }

  @AfterAll
  void kill() {
    node.kill();
  }

  @BeforeEach
  void connectAtSession() throws Exception {
    client = connect();
    assertThat(call("flush_all", "level session")).isEqualTo("OK|OK|");
  }

  @AfterEach
  void close() throws Exception {
    client.close();
  }

  private LineClient connect() throws IOException {
    return new LineClient(node.memcachedAddress().orElseThrow());
  }

  private static String call(LineClient client, String... lines) throws IOException {
    return client.call(lines).replace("\r\n", "|");
  }

  /** The replies to some lines, with a bar for each end of a line. */
  private String call(String... lines) throws IOException {
    return call(client, lines);
  }

  // Receipts

  @Test
  void tellsHowTheLastRequestWasAnswered() throws Exception {
    try (LineClient fresh = connect()) {
      assertThat(call(fresh, "receipt")).isEqualTo("END|");
    }
    assertThat(call("set k 0 0 1", "a", "receipt"))
        .matches(
            "STORED\\|RECEIPT level session\\|RECEIPT replica 0\\|"
                + "RECEIPT version \\d+\\.\\d+@[0-9a-f]{32}\\|RECEIPT state tentative\\|"
                + "RECEIPT token [-\\w]+\\|RECEIPT outcome applied\\|END\\|");
    assertThat(call("mg k Llinearizable", "version", "receipt"))
        .startsWith("HD|VERSION 1.6.18|RECEIPT level linearizable|RECEIPT replica 0|")
        .contains("|RECEIPT age 0|RECEIPT state committed|RECEIPT token ")
        .doesNotContain("outcome");
    assertThat(call("ms k 1 ME q", "b", "receipt"))
        .as("a condition that does not hold")
        .contains("|RECEIPT level linearizable|", "|RECEIPT outcome not applied|");
  }

  /** Also where a request looks, or changes the same key, several times. */
  @Test
  void tellsTheVersionThatTheRequestHasMade() throws Exception {
    for (String request :
        List.of(
            "ms k 1 c",
            "ms k 1 MR c",
            "mg k T100 c",
            "mg k N30 T100 c",
            "ma k c",
            "ma k N30 T50 c",
            "ma new N30 J5 T50 c")) {
      String key = request.split(" ", -1)[1];
      call("set k 0 0 1", "1", "delete new");
      boolean hasValue = request.startsWith("ms");
      String reply = hasValue ? call(request, "2", "receipt") : call(request, "receipt");
      assertThat(reply).as(request).contains("RECEIPT outcome applied|");
      String cas = " c" + version(reply).tag();
      assertThat(reply).as(request).startsWith("HD" + cas + "|");
      assertThat(call("mg " + key + " c")).as(request).isEqualTo("HD" + cas + "|");
    }
    long tag = version(call("set k 0 0 1", "1", "md k I T60", "receipt")).tag();
    assertThat(call("me k")).contains(" cas=" + tag + " ");
  }

  private static Version version(String reply) {
    Matcher version = Pattern.compile("RECEIPT version (\\S+?)\\|").matcher(reply);
    assertThat(version.find()).as(reply).isTrue();
    return Version.parse(version.group(1));
  }

  @Test
  void whatChangedNothingWasNotApplied() throws Exception {
    assertThat(call("touch never 1", "receipt")).contains("RECEIPT outcome not applied|");
    assertThat(call("set k 0 0 1", "1", "ma k N30 C999 v", "receipt"))
        .as("a condition of two, with what it found")
        .contains("|EX|", "RECEIPT version ", "RECEIPT outcome not applied|");
    assertThat(call("gat 100 k never", "receipt"))
        .as("one of two has no version")
        .contains("RECEIPT outcome applied|")
        .doesNotContain("RECEIPT version 0");
  }

  @Test
  void whoDoesNotGetTheRightToMakeAValueAnewHasAppliedNothing() throws Exception {
    int lost = 0;
    for (int round = 0; round < 30; round++) {
      List<LineClient> clients = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        clients.add(connect());
        clients.get(i).send("mg due" + round + " v N30\r\nreceipt\r\n");
      }
      int won = 0;
      for (LineClient each : clients) {
        String reply = each.receiveUntil("END\r\n");
        boolean isWinner = reply.startsWith("VA 0 W");
        won += isWinner ? 1 : 0;
        lost += reply.contains("outcome not applied") ? 1 : 0;
        assertThat(reply.contains("outcome applied")).as(reply).isEqualTo(isWinner);
        each.close();
      }
      assertThat(won).isEqualTo(1);
    }
    assertThat(lost).as("some have tried, and others only read").isPositive();
  }

  @Test
  void whatIsNotAnsweredHasAReceiptToo() throws Exception {
    assertThat(call("set k 0 0 1 noreply", "a", "receipt")).contains("RECEIPT outcome applied|");
    client.send("set k 0 0 1\r\na\r\nset k 0 0 1 noreply\r\nabcreceipt\r\nmn\r\n");
    assertThat(client.receiveUntil("MN\r\n").replace("\r\n", "|")).isEqualTo("STORED|" + REFUSED);
    assertThat(call("set k 0 0 1", "a", "set k 0 0 nonsense noreply", "receipt"))
        .isEqualTo("STORED|" + REFUSED);
  }

  @Test
  void whateverIsWrongIsToldAsNotApplied() throws Exception {
    for (String wrong :
        List.of(
            "mg k Lbounded:x",
            "nosuch",
            "level nonsense",
            "session x",
            "session 1\r\nx",
            "stats nosuch",
            "receipt now",
            "get",
            "")) {
      assertThat(call("set k 0 0 1", "a", wrong, "receipt"))
          .as(wrong)
          .startsWith("STORED|")
          .containsPattern("ERROR.*\\|" + Pattern.quote(REFUSED));
    }
    assertThat(call("mg k Lbounded:x", "set k 0 0 1", "a", "get k", "receipt"))
        .as("requests that came together keep their order")
        .contains("|RECEIPT state ")
        .doesNotContain("outcome");
    assertThat(call("set k 0 0 1", "a", "flush_all 1000", "flush_all -1", "version", "receipt"))
        .contains("RECEIPT level linearizable|", "RECEIPT outcome applied|");
  }

  // Sessions

  @Test
  void aSessionGoesOnOverAnotherConnection() throws Exception {
    call("ms k 1 Lcausal", "a");
    String told = call("session");
    assertThat(told).matches("SESSION (\\d+)\\|[-\\w]+\\|END\\|");
    String token = token(told);
    assertThat(told).startsWith("SESSION " + token.length() + "|");
    try (LineClient other = connect()) {
      assertThat(token(call(other, "session"))).isNotEqualTo(token);
      assertThat(call(other, "session " + token.length(), token)).isEqualTo("OK|");
      assertThat(call(other, "session")).contains(token);
    }
    assertThat(call("session 5", "wrong", "session x", "session 1 2", "session 3", "abcd"))
        .startsWith("CLIENT_ERROR session token is not base64url text|")
        .endsWith(
            "|CLIENT_ERROR bad command line format".repeat(2)
                + "|CLIENT_ERROR bad data chunk|ERROR|");
    int tooMany = (512 << 10) + 1;
    assertThat(call("session " + tooMany, "x".repeat(tooMany)))
        .isEqualTo("SERVER_ERROR object too large for cache|");
    assertThat(call("session")).as("what was wrong changed nothing").isEqualTo(told);
  }

  private static String token(String told) {
    Matcher token = Pattern.compile("SESSION \\d+\\|([-\\w]+)").matcher(told);
    assertThat(token.find()).as(told).isTrue();
    return token.group(1);
  }
}
