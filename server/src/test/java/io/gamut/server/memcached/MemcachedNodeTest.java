package io.gamut.server.memcached;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gamut.core.Consistency;
import io.gamut.core.NodeId;
import io.gamut.overlay.Endpoint;
import io.gamut.server.Node;
import io.gamut.server.NodeConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every command of the table at least once, by bare sockets, against one server. */
final class MemcachedNodeTest {
  private static final long LIMIT_NANOS = 20_000_000_000L;

  @TempDir private Path directory;
  private @Nullable Node node;
  private @Nullable LineClient client;

  @BeforeEach
  void start() throws Exception {
    NodeConfig config =
        NodeConfig.of(new NodeId(0), directory.resolve("node")).toBuilder()
            .memcached(new Endpoint("127.0.0.1", 0))
            .build();
    node = Node.start(config);
    client = connect();
  }

  private LineClient connect() throws IOException {
    return new LineClient(Objects.requireNonNull(node).memcachedAddress().orElseThrow());
  }

  @AfterEach
  void stop() throws IOException {
    if (client != null) {
      client.close();
    }
    if (node != null) {
      node.kill();
    }
  }

  /** The replies to some lines, with a bar for each end of a line. */
  private String call(String... lines) throws IOException {
    return Objects.requireNonNull(client).call(lines).replace("\r\n", "|");
  }

  private String cas(String key) throws IOException {
    Matcher token = Pattern.compile(" c(\\d+)").matcher(call("mg " + key + " c"));
    assertThat(token.find()).isTrue();
    return token.group(1);
  }

  @Test
  void opensNoPortWhereOneCannotBeHad() throws Exception {
    int respPort;
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
        respPort = free.getLocalPort();
      }
      NodeConfig config =
          NodeConfig.of(new NodeId(1), directory.resolve("other")).toBuilder()
              .resp(new Endpoint("127.0.0.1", respPort))
              .memcached(new Endpoint("127.0.0.1", taken.getLocalPort()))
              .build();
      assertThatThrownBy(() -> Node.start(config))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("memcached clients on 127.0.0.1:" + taken.getLocalPort());
    }
    try (ServerSocket again = new ServerSocket(respPort, 1, InetAddress.getLoopbackAddress())) {
      assertThat(again.isBound()).isTrue();
    }
  }

  // Text commands

  @Test
  void storesAndRetrieves() throws Exception {
    assertThat(call("set k 7 0 2", "ab", "get k no k"))
        .isEqualTo("STORED|VALUE k 7 2|ab|VALUE k 7 2|ab|END|");
    assertThat(call("add k 0 0 1", "x", "add l 0 0 1", "x")).isEqualTo("NOT_STORED|STORED|");
    assertThat(call("replace no 0 0 1", "x", "replace l 1 0 1", "y"))
        .isEqualTo("NOT_STORED|STORED|");
    assertThat(call("append k 0 0 1", "c", "prepend k 0 0 1", "z", "get k"))
        .isEqualTo("STORED|STORED|VALUE k 7 4|zabc|END|");
    assertThat(call("append no 0 0 1", "c", "prepend no 0 0 1", "z"))
        .isEqualTo("NOT_STORED|NOT_STORED|");
    assertThat(call("delete k", "delete k", "get k")).isEqualTo("DELETED|NOT_FOUND|END|");
  }

  @Test
  void comparesCasTokens() throws Exception {
    call("set k 0 0 1", "a");
    String token = cas("k");
    assertThat(call("gets k")).isEqualTo("VALUE k 0 1 " + token + "|a|END|");
    assertThat(Long.parseLong(token)).as("fits a signed long").isPositive();
    assertThat(call("cas k 0 0 1 " + token, "b", "cas k 0 0 1 " + token, "c"))
        .isEqualTo("STORED|EXISTS|");
    assertThat(call("cas no 0 0 1 " + token, "b")).isEqualTo("NOT_FOUND|");
    assertThat(call("get k")).isEqualTo("VALUE k 0 1|b|END|");
  }

  @Test
  void counts() throws Exception {
    assertThat(call("incr n 1", "set n 5 0 20", "18446744073709551615", "incr n 2", "get n"))
        .isEqualTo("NOT_FOUND|STORED|1|VALUE n 5 1|1|END|");
    assertThat(call("set n 0 0 2", "10", "decr n 1", "decr n 100", "get n"))
        .isEqualTo("STORED|9|0|VALUE n 0 1|0|END|");
    assertThat(call("set n 0 0 1", "x", "incr n 1"))
        .isEqualTo("STORED|CLIENT_ERROR cannot increment or decrement non-numeric value|");
  }

  @Test
  void expires() throws Exception {
    assertThat(call("set k 0 -1 1", "a", "get k")).isEqualTo("STORED|END|");
    long soon = System.currentTimeMillis() / 1_000 + 2;
    assertThat(call("set k 0 " + soon + " 1", "a", "get k")).isEqualTo("STORED|VALUE k 0 1|a|END|");
    assertThat(call("set l 0 1 1", "b")).isEqualTo("STORED|");
    await("k and l", "get k l", "END|");
    assertThat(call("set k 0 0 1", "a", "touch k 100", "mg k t", "touch no 1"))
        .matches("STORED\\|TOUCHED\\|HD t(99|100)\\|NOT_FOUND\\|");
    assertThat(call("gat 0 k no", "mg k t")).isEqualTo("VALUE k 0 1|a|END|HD t-1|");
    String gats = call("gats 100 k");
    assertThat(gats).isEqualTo("VALUE k 0 1 " + cas("k") + "|a|END|");
    assertThat(call("touch k -1", "get k")).isEqualTo("TOUCHED|END|");
  }

  private void await(String what, String line, String expected) throws IOException {
    long limit = System.nanoTime() + LIMIT_NANOS;
    while (!call(line).equals(expected)) {
      assertThat(System.nanoTime()).as(what + " did not expire").isLessThan(limit);
      LockSupport.parkNanos(10_000_000);
    }
  }

  @Test
  void answersNothingToNoreply() throws Exception {
    assertThat(
            call(
                "set k 0 0 1 noreply",
                "1",
                "add k 0 0 1 noreply",
                "2",
                "incr k 2 noreply",
                "touch k 0 noreply",
                "verbosity 1 noreply",
                "append k 0 0 1 noreply",
                "0",
                "get k",
                "delete k noreply",
                "set k 0 0 1 noreply",
                "1",
                "flush_all noreply",
                "get k"))
        .isEqualTo("VALUE k 0 2|30|END|END|");
  }

  @Test
  void tellsOfItself() throws Exception {
    assertThat(call("version")).isEqualTo("VERSION 1.6.18|");
    assertThat(call("verbosity 1")).isEqualTo("OK|");
    call("stats reset", "set k 0 0 1", "a", "get k", "get no", "touch k 0", "flush_all");
    assertThat(call("stats"))
        .contains("STAT pid " + ProcessHandle.current().pid() + "|")
        .contains(
            "STAT version 1.6.18|",
            "STAT gamut_version 0.1.0|",
            "STAT curr_connections 1|",
            "STAT total_connections 1|")
        .contains("STAT cmd_get 2|", "STAT cmd_set 1|", "STAT get_hits 1|", "STAT get_misses 1|")
        .contains("STAT cmd_touch 1|", "STAT cmd_flush 1|")
        .endsWith("END|");
    assertThat(call("stats items", "stats nosuch")).isEqualTo("END|ERROR|");
    Endpoint own = Objects.requireNonNull(node).memcachedAddress().orElseThrow();
    assertThat(call("get-servers")).isEqualTo(own + "|end|");
  }

  @Test
  void flushesAndQuits() throws Exception {
    call("set k 0 0 1", "a", "set l 0 0 1", "b");
    assertThat(call("flush_all", "get k l")).isEqualTo("OK|END|");
    try (LineClient other = connect()) {
      other.send("set k 0 0 1\r\na\r\nquit\r\nget k\r\n");
      assertThat(other.receiveToEnd()).isEqualTo("STORED\r\n");
    }
  }

  @Test
  void flushesAfterADelayUnlessAnotherFlushComesBefore() throws Exception {
    assertThat(call("set k 0 0 1", "a", "flush_all 1", "set l 0 0 1", "b", "get k l"))
        .isEqualTo("STORED|OK|STORED|VALUE k 0 1|a|VALUE l 0 1|b|END|");
    await("k and l", "get k l", "END|");
    long soon = System.currentTimeMillis() / 1_000 + 2;
    assertThat(call("flush_all " + soon + " noreply", "flush_all -1", "set k 0 0 1", "a"))
        .isEqualTo("OK|STORED|");
    assertThat(call("set timer 0 " + (soon + 1) + " 1", "x")).isEqualTo("STORED|");
    await("the time of the flush", "get timer", "END|");
    assertThat(call("get k")).as("only the last one counts").isEqualTo("VALUE k 0 1|a|END|");
  }

  // Meta commands

  @Test
  void getsWithFlags() throws Exception {
    assertThat(call("mg no v", "mg no v q", "mg no k Oab")).isEqualTo("EN|EN kno Oab|");
    call("set k 9 0 2", "ab");
    assertThat(call("mg k", "mg k v", "mg k f v s t k O1 q h l u"))
        .isEqualTo("HD|VA 2|ab|VA 2 f9 s2 t-1 kk O1|ab|");
    assertThat(call("mg k v T100", "mg k t")).matches("VA 2\\|ab\\|HD t(99|100)\\|");
    assertThat(call("mg k T-1", "mg k")).isEqualTo("HD|EN|");
    assertThat(call("mg k E5")).isEqualTo("CLIENT_ERROR invalid flag|");
  }

  @Test
  void setsWithFlags() throws Exception {
    assertThat(call("ms k 2 F5 T100 k O1 c", "ab", "mg k c"))
        .matches("HD kk O1 c(\\d+)\\|HD c\\1\\|");
    assertThat(call("mg k f t v")).matches("VA 2 f5 t(99|100)\\|ab\\|");
    assertThat(call("ms k 1 q", "x", "ms k 1 q ME", "y", "mg k v")).isEqualTo("NS|VA 1|x|");
    assertThat(call("ms k 1 MA", "a", "ms k 1 MP", "p", "mg k v")).isEqualTo("HD|HD|VA 3|pxa|");
    assertThat(call("ms no 1 MR", "a", "ms no 1 MA", "a", "ms no 1 C7", "a"))
        .isEqualTo("NS|NS|NF|");
    assertThat(call("ms new 1 MA N0 F3", "a", "ms new 1 MP N0", "b", "mg new v f t"))
        .isEqualTo("HD|HD|VA 2 f3 t-1|ba|");
    String token = cas("k");
    assertThat(call("ms k 1 MA C7", "a", "ms k 1 C" + token, "n", "ms k 1 C" + token, "m"))
        .isEqualTo("EX|HD|EX|");
  }

  @Test
  void deletesWithFlags() throws Exception {
    call("ms k 1", "a");
    assertThat(call("md k C7 k", "md k C" + cas("k") + " O1", "md k", "md k C7"))
        .isEqualTo("EX kk|HD O1|NF|NF|");
    assertThat(call("ms k 1 q", "a", "md k q", "md k q")).isEqualTo("NF|");
  }

  // Making values anew

  @Test
  void oneClientMakesWhatIsMissing() throws Exception {
    assertThat(call("mg k N30 v t", "mg k N30 v s", "mg k v"))
        .matches("VA 0 t(29|30) W\\|\\|VA 0 s0 Z\\|\\|VA 0 Z\\|\\|");
    assertThat(call("get k", "ms k 1 c", "a", "mg k N30 v"))
        .matches("VALUE k 0 0\\|\\|END\\|HD c\\d+\\|VA 1\\|a\\|");
    assertThat(call("mg soon N-1", "mg soon")).isEqualTo("EN|EN|");
  }

  @Test
  void oneClientMakesWhatExpiresSoon() throws Exception {
    assertThat(call("ms k 1 T60", "a", "mg k R30 v", "mg k R90 v", "mg k R90 v", "mg k v"))
        .isEqualTo("HD|VA 1|a|VA 1 W|a|VA 1 Z|a|VA 1 Z|a|");
    assertThat(call("ms k 1", "a", "mg k R90")).as("what lasts for ever").isEqualTo("HD|HD|");
  }

  @Test
  void oneClientMakesWhatIsStale() throws Exception {
    call("ms k 1", "a");
    String old = cas("k");
    assertThat(call("md k I T60", "mg k v t", "mg k v"))
        .matches("HD\\|VA 1 t(59|60) X W\\|a\\|VA 1 Z X\\|a\\|");
    assertThat(call("ms k 1 I C" + old + " F3", "b", "mg k v f t"))
        .as("what was made of an old value is stale, and made anew by whoever was to do so")
        .matches("HD\\|VA 1 f3 t(59|60) Z X\\|b\\|");
    assertThat(call("md k I C" + old, "md k I C" + cas("k"), "mg k", "gets nothing"))
        .isEqualTo("EX|HD|HD X W|END|");
    assertThat(call("ms k 1 I C" + cas("k"), "c", "mg k v")).isEqualTo("HD|VA 1|c|");
    assertThat(call("md no I", "ms no 1 I C7", "x")).isEqualTo("NF|NF|");
  }

  @Test
  void whatChangesAStaleValueLeavesItStaleUnlessItIsWrittenAnew() throws Exception {
    assertThat(call("ms k 1", "1", "md k I", "incr k 1", "touch k 99", "mg k v"))
        .isEqualTo("HD|HD|2|TOUCHED|VA 1 X W|2|");
    assertThat(call("append k 0 0 1", "3", "mg k v")).isEqualTo("STORED|VA 2|23|");
    assertThat(call("md k I", "replace k 0 0 1", "4", "mg k v")).isEqualTo("HD|STORED|VA 1|4|");
  }

  @Test
  void theRightToMakeAValueAnewGoesToOneOfManyAtWhateverLevel() throws Exception {
    call("ms k 1", "a", "md k I");
    for (int round = 0; round < 20; round++) {
      List<LineClient> clients = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        LineClient client = connect();
        clients.add(client);
        client.send("mg k v L" + (i % 2 == 0 ? "eventual" : "linearizable") + "\r\n");
      }
      int won = 0;
      for (LineClient client : clients) {
        String reply = client.receiveUntil("a\r\n");
        won += reply.startsWith("VA 1 X W") ? 1 : 0;
        client.close();
      }
      assertThat(won).isEqualTo(1);
      call("md k I");
    }
  }

  @Test
  void countsWithFlags() throws Exception {
    assertThat(call("ma n", "ma n N0 J13 v t", "ma n", "ma n D5 v", "ma n MD D100 v"))
        .isEqualTo("NF|VA 2 t-1|13|HD|VA 2|19|VA 1|0|");
    assertThat(call("ma n q", "ma n q v", "ma n C7")).isEqualTo("EX|");
    assertThat(call("ma n C" + cas("n") + " v")).isEqualTo("VA 1|3|");
    assertThat(call("ma n T100 t v c", "mg n c"))
        .matches("VA 1 t(99|100) c(\\d+)\\|4\\|HD c\\2\\|");
    assertThat(call("ma n T-1 v", "ma n", "ma new N-1 J5 v", "mg new"))
        .isEqualTo("VA 1|5|NF|VA 1|5|EN|");
    assertThat(call("set n 0 0 1", "x", "ma n q"))
        .isEqualTo("STORED|CLIENT_ERROR cannot increment or decrement non-numeric value|");
  }

  @Test
  void takesKeysAsBase64() throws Exception {
    assertThat(call("ms AAEC 1 b k", "a", "mg AAEC b k v", "ma /w== N0 b k v", "md AAEC b k"))
        .isEqualTo("HD kAAEC b|VA 1 kAAEC b|a|VA 1 k/w== b|0|HD kAAEC b|");
    assertThat(call("ms a2V5 1 b", "x", "mg key v", "mg a2V b"))
        .isEqualTo("HD|VA 1|x|CLIENT_ERROR error decoding key|");
  }

  @Test
  void saysWhatIsKnownOfAKey() throws Exception {
    call("set k 0 0 3", "abc");
    assertThat(call("me no", "me k")).isEqualTo("EN|ME k exp=-1 cas=" + cas("k") + " size=3|");
  }

  // Levels

  @Test
  void takesALevelForOneRequestOrForTheConnection() throws Exception {
    for (Consistency level : Consistency.values()) {
      assertThat(call("ms k 1 L" + level, "v", "mg k v L" + level, "md k L" + level))
          .as(level.toString())
          .isEqualTo("HD|VA 1|v|HD|");
      assertThat(call("level " + level, "set k 0 0 1", "v", "gets k", "incr k 1", "delete k"))
          .as(level.toString())
          .matches(
              "OK\\|STORED\\|VALUE k 0 1 \\d+\\|v\\|END\\|"
                  + "CLIENT_ERROR cannot increment or decrement non-numeric value\\|DELETED\\|");
    }
    assertThat(call("level bounded:500", "get k", "mg k v Lbounded:5")).isEqualTo("OK|END|EN|");
    assertThat(call("mg k v Lsome/path P")).as("meant for somebody else").isEqualTo("EN|");
    assertThat(call("level nosuch")).startsWith("CLIENT_ERROR 'nosuch' is no level: eventual,");
    assertThat(call("level causal:5", "mg k Lbounded:x"))
        .startsWith("CLIENT_ERROR a bound stands behind bounded")
        .contains("|CLIENT_ERROR a bound stands behind bounded");
    assertThat(call("level")).isEqualTo("ERROR|");
  }

  // What is hostile

  @Test
  void answersInOrderHoweverRequestsAreMixed() throws Exception {
    StringBuilder lines = new StringBuilder("level session");
    StringBuilder expected = new StringBuilder("OK|");
    for (int i = 0; i < 2_000; i++) {
      switch (i % 4) {
        case 0 -> {
          lines.append("\r\nset k 0 0 4\r\n%04d".formatted(i));
          expected.append("STORED|");
        }
        case 1 -> {
          lines.append("\r\nmg k v Llinearizable");
          expected.append("VA 4|%04d|".formatted(i - 1));
        }
        case 2 -> {
          lines.append("\r\nget k");
          expected.append("VALUE k 0 4|%04d|END|".formatted(i - 2));
        }
        default -> {
          lines.append("\r\nma n N0 q Llinearizable\r\nappend k 0 0 0\r\n");
          expected.append("STORED|");
        }
      }
    }
    assertThat(call(lines.toString())).isEqualTo(expected.toString());
  }

  @Test
  void readsARequestThatComesByteByByte() throws Exception {
    String text = "set k 0 0 4\r\na\r\nb\r\nmg k v\r\nmn\r\n";
    LineClient bare = Objects.requireNonNull(client);
    for (int i = 0; i < text.length(); i++) {
      bare.send(text.substring(i, i + 1));
    }
    assertThat(bare.receiveUntil("MN\r\n")).isEqualTo("STORED\r\nVA 4\r\na\r\nb\r\n");
  }

  @Test
  void closesOnALineWithoutEndAndServesOthers() throws Exception {
    try (LineClient other = connect()) {
      other.send("get " + "x".repeat(70_000));
      assertThat(other.receiveToEnd()).isEqualTo("CLIENT_ERROR a line has at most 65536 bytes\r\n");
    }
    assertThat(call("get " + "x".repeat(251), "version"))
        .isEqualTo("CLIENT_ERROR bad command line format|VERSION 1.6.18|");
  }

  @Test
  void keepsTheOldValueWhenTheNewOneIsTooLarge() throws Exception {
    int tooMany = 8_388_609;
    call("set k 0 0 1", "a");
    assertThat(call("set k 0 0 " + tooMany, "x".repeat(tooMany), "get k"))
        .isEqualTo("SERVER_ERROR object too large for cache|VALUE k 0 1|a|END|");
    int half = 4_194_305;
    assertThat(
            call(
                "set k 0 0 " + half,
                "x".repeat(half),
                "append k 0 0 " + half,
                "x".repeat(half),
                "mg k s"))
        .isEqualTo("STORED|SERVER_ERROR object too large for cache|HD s" + half + "|");
  }
}
