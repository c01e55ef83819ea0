package io.gamut.server.resp;

import static org.assertj.core.api.Assertions.assertThat;

import io.gamut.core.NodeId;
import io.gamut.overlay.Endpoint;
import io.gamut.protocol.resp.RespValue;
import io.gamut.server.Node;
import io.gamut.server.NodeConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.resps.Slowlog;

/**
 * Commands that a comparison with Redis cannot reach, one by one; docs/redis.md names these tests.
 */
final class RespCommandsTest {
  @TempDir private Path directory;
  private @Nullable Node node;
  private @Nullable WireClient client;

  @BeforeEach
  void start() throws Exception {
    node = Node.start(NodeConfig.of(new NodeId(7), directory.resolve("node")));
    client = connect();
  }

  @AfterEach
  void stop() throws IOException {
    client().close();
    Objects.requireNonNull(node).kill();
  }

  private Endpoint address() {
    return Objects.requireNonNull(node).respAddress();
  }

  private WireClient connect() throws IOException {
    return new WireClient(address().host(), address().port());
  }

  private WireClient client() {
    return Objects.requireNonNull(client);
  }

  private String call(String... words) throws IOException {
    return shown(client().call(words));
  }

  private static String shown(RespValue reply) {
    return switch (reply) {
      case RespValue.Null _ -> "null";
      case RespValue.Sequence(List<RespValue> elements) ->
          elements.stream().map(RespCommandsTest::shown).toList().toString();
      case RespValue.Attributed attributed -> shown(attributed.value());
      case RespValue.Text _, RespValue.Failure _, RespValue.Whole _ -> reply.toString();
    };
  }

  private void fill(int count) throws IOException {
    for (int i = 0; i < count; i++) {
      client().send(List.of("SET", "key:" + i, "v" + i));
    }
    for (int i = 0; i < count; i++) {
      client().receive();
    }
  }

  // Many keys

  @Test
  void scanReturnsEveryKeyOnceAtEveryLevel() throws Exception {
    fill(300);
    call("SET", "other", "x");
    call("SET", "gone", "x", "PXAT", "1");
    for (String level : List.of("linearizable", "bounded", "sequential", "causal", "eventual")) {
      call("GAMUT", "LEVEL", level);
      List<String> found = new ArrayList<>();
      String cursor = "0";
      do {
        RespValue.Sequence page =
            (RespValue.Sequence)
                client().call("SCAN", cursor, "MATCH", "key:*", "COUNT", "17", "TYPE", "string");
        cursor = page.elements().getFirst().toString();
        ((RespValue.Sequence) page.elements().get(1))
            .elements()
            .forEach(key -> found.add(key.toString()));
      } while (!cursor.equals("0"));
      assertThat(found)
          .as(level)
          .doesNotHaveDuplicates()
          .hasSize(300)
          .allMatch(k -> k.startsWith("key:"));
    }
    assertThat(call("SCAN", "0", "COUNT", "1000", "TYPE", "hash")).isEqualTo("[0, []]");
    assertThat(call("SCAN", "0", "COUNT", "0")).isEqualTo("ERR syntax error");
    assertThat(call("SCAN", "0", "MATCH")).isEqualTo("ERR syntax error");
    assertThat(call("SCAN", "999999999")).contains("ERR cursor 999999999 is not known here");
  }

  @Test
  void keysDbsizeAndRandomkeySeeWhatIsThere() throws Exception {
    assertThat(call("RANDOMKEY")).isEqualTo("null");
    assertThat(call("DBSIZE")).isEqualTo("0");
    fill(2_500);
    assertThat(call("DBSIZE")).isEqualTo("2500");
    assertThat(call("KEYS", "key:24?9")).isEqualTo("[" + String.join(", ", ninth()) + "]");
    assertThat(call("RANDOMKEY")).startsWith("key:");
    assertThat(call("FLUSHALL", "ASYNC")).isEqualTo("OK");
    assertThat(call("FLUSHDB", "MAYBE")).isEqualTo("ERR syntax error");
    assertThat(call("DBSIZE")).isEqualTo("0");
    assertThat(call("KEYS", "*")).isEqualTo("[]");
  }

  private static List<String> ninth() {
    List<String> keys = new ArrayList<>();
    for (int i = 2_409; i < 2_500; i += 10) {
      keys.add("key:" + i);
    }
    return keys;
  }

  @Test
  void keysComeInPagesThatAnyServerCanGoOnWith() throws Exception {
    fill(5);
    assertThat(call("GAMUT", "KEYS", "COUNT", "3")).isEqualTo("[key:2, [key:0, key:1, key:2]]");
    assertThat(call("GAMUT", "KEYS", "AFTER", "key:2", "COUNT", "3"))
        .isEqualTo("[null, [key:3, key:4]]");
    assertThat(call("GAMUT", "KEYS", "COUNT")).isEqualTo("ERR syntax error");
  }

  /** Before the ledger has absorbed it, a weak write is there at weak levels only. */
  @Test
  void manyKeysAreSeenAtTheLevelOfTheRequest() throws Exception {
    for (int i = 0; i < 20; i++) {
      String key = "weak" + i;
      call("GAMUT", "AT", "eventual", "SET", key, "v");
      assertThat(call("GAMUT", "AT", "eventual", "GAMUT", "KEYS", "COUNT", "100")).contains(key);
      assertThat(call("GAMUT", "AT", "eventual", "DBSIZE")).isEqualTo(Integer.toString(i + 1));
      call("GAMUT", "AT", "eventual", "SCAN", "0", "COUNT", "1000");
      assertThat(call("GAMUT", "AT", "session", "KEYS", key)).isEqualTo("[" + key + "]");
    }
  }

  // Conditions

  @Test
  void valuesAreSetOnConditionOfVersionOrValue() throws Exception {
    assertThat(call("GAMUT", "CAS", "k", "0", "one")).isEqualTo("1");
    assertThat(call("GAMUT", "CAS", "k", "0", "two")).isEqualTo("0");
    List<RespValue> last = ((RespValue.Sequence) client().call("GAMUT", "LAST")).elements();
    String version = last.get(5).toString();
    assertThat(call("GAMUT", "CAS", "k", version, "two", "PX", "60000")).isEqualTo("1");
    assertThat(call("GAMUT", "CAS", "k", version, "three")).isEqualTo("0");
    assertThat(call("PTTL", "k")).matches("5\\d{4}");
    assertThat(call("GAMUT", "CASV", "k", "two", "three")).isEqualTo("1");
    assertThat(call("GAMUT", "CASV", "k", "two", "four")).isEqualTo("0");
    assertThat(call("GAMUT", "CASV", "absent", "", "x")).isEqualTo("0");
    assertThat(call("GET", "k")).isEqualTo("three");
    assertThat(call("GAMUT", "CAS", "k", "nonsense", "x"))
        .isEqualTo("ERR 'nonsense' is no version");
    assertThat(call("MULTI")).isEqualTo("OK");
    assertThat(call("GAMUT", "CASV", "k", "three", "four")).isEqualTo("QUEUED");
    assertThat(call("EXEC")).isEqualTo("[1]");
  }

  @Test
  void allThatIsKeptAtAKeyIsReadAndWrittenAsOne() throws Exception {
    long later = 4_000_000_000_000L;
    assertThat(call("GAMUT", "ENTRY", "k")).isEqualTo("null");
    assertThat(call("SET", "k", "v", "PXAT", Long.toString(later))).isEqualTo("OK");
    assertThat(call("GAMUT", "ENTRY", "k"))
        .isEqualTo("[value, v, flags, 0, expiresAt, " + later + ", stale, 0]");
    for (String level : List.of("eventual", "linearizable")) {
      assertThat(
              call("GAMUT", "AT", level, "GAMUT", "SET", "k", "w", "STALE", "FLAGS", "4294967295"))
          .isEqualTo("OK");
      assertThat(call("GAMUT", "AT", level, "GAMUT", "ENTRY", "k"))
          .isEqualTo("[value, w, flags, 4294967295, expiresAt, null, stale, 1]");
      assertThat(call("GET", "k")).isEqualTo("w");
      assertThat(call("GAMUT", "AT", level, "GAMUT", "SET", "k", "x", "EX", "100", "FLAGS", "7"))
          .isEqualTo("OK");
      assertThat(call("TTL", "k")).matches("99|100");
      assertThat(call("GAMUT", "AT", level, "SET", "k", "y")).isEqualTo("OK");
      assertThat(call("GAMUT", "ENTRY", "k"))
          .as("a plain write marks nothing")
          .isEqualTo("[value, y, flags, 0, expiresAt, null, stale, 0]");
    }
    assertThat(call("GAMUT", "SET", "k", "v", "FLAGS", "-1")).startsWith("ERR flags are");
    assertThat(call("GAMUT", "SET", "k", "v", "FLAGS")).isEqualTo("ERR syntax error");
    assertThat(call("GAMUT", "SET", "k", "v", "STALE", "STALE")).isEqualTo("ERR syntax error");
    assertThat(call("GAMUT", "SET", "k", "v", "EX", "1", "PX", "1")).isEqualTo("ERR syntax error");
    assertThat(call("GAMUT", "SET", "k", "v", "NX", "1")).isEqualTo("ERR syntax error");
    assertThat(call("GAMUT", "SET", "k")).startsWith("ERR wrong number of arguments");
    assertThat(call("MULTI")).isEqualTo("OK");
    assertThat(call("GAMUT", "SET", "k", "z", "FLAGS", "3")).isEqualTo("QUEUED");
    assertThat(call("GAMUT", "ENTRY", "k")).isEqualTo("QUEUED");
    assertThat(call("EXEC")).isEqualTo("[OK, [value, z, flags, 3, expiresAt, null, stale, 0]]");
  }

  @Test
  void watchedKeysThatOthersChangeKeepATransactionFromComingAbout() throws Exception {
    try (WireClient other = connect()) {
      call("SET", "k", "1");
      call("WATCH", "k", "absent");
      other.call("SET", "k", "2");
      call("MULTI");
      call("INCR", "k");
      assertThat(call("EXEC")).isEqualTo("null");
      call("WATCH", "k", "absent");
      other.call("SET", "absent", "x");
      call("MULTI");
      call("INCR", "k");
      assertThat(call("EXEC")).isEqualTo("null");
      call("WATCH", "k");
      call("UNWATCH");
      other.call("SET", "k", "5");
      call("MULTI");
      call("INCR", "k");
      assertThat(call("EXEC")).isEqualTo("[6]");
    }
  }

  @Test
  void aTransactionIsStrongWhateverTheLevelAndWhatCannotBePartOfItIsRefused() throws Exception {
    call("GAMUT", "LEVEL", "eventual");
    call("MULTI");
    assertThat(call("SET", "k", "v")).isEqualTo("QUEUED");
    assertThat(call("GET", "k")).isEqualTo("QUEUED");
    assertThat(call("EXEC")).isEqualTo("[OK, v]");
    assertThat(shown(client().call("GAMUT", "LAST"))).contains("level, linearizable");
    for (List<String> outside :
        List.of(List.of("KEYS", "*"), List.of("SCAN", "0"), List.of("GAMUT", "STATUS"))) {
      call("MULTI");
      assertThat(shown(client().call(outside)))
          .isEqualTo("ERR Command not allowed inside a transaction");
      assertThat(call("EXEC"))
          .isEqualTo("EXECABORT Transaction discarded because of previous errors.");
    }
    call("MULTI");
    assertThat(call("FLUSHALL")).contains("FLUSHALL is not possible in a transaction");
    assertThat(call("EXEC")).startsWith("EXECABORT");
  }

  // Times

  @Test
  void timesToLiveAreRoundedAsRedisRoundsThem() throws Exception {
    assertThat(call("TTL", "k")).isEqualTo("-2");
    call("SET", "k", "v");
    assertThat(call("PTTL", "k")).isEqualTo("-1");
    assertThat(call("EXPIRE", "k", "100")).isEqualTo("1");
    assertThat(call("TTL", "k")).isEqualTo("100");
    assertThat(call("PTTL", "k")).matches("(99\\d{3})|100000");
    assertThat(call("PEXPIRE", "k", "50000", "GT")).isEqualTo("0");
    assertThat(call("PEXPIRE", "k", "50000", "LT", "XX")).isEqualTo("1");
    assertThat(call("EXPIRE", "k", "-1")).isEqualTo("1");
    assertThat(call("GET", "k")).isEqualTo("null");
    call("SETEX", "k", "100", "v");
    assertThat(call("TTL", "k")).isEqualTo("100");
    call("PSETEX", "k", "100000", "v");
    assertThat(call("TTL", "k")).isEqualTo("100");
    call("PSETEX", "k", "30", "v");
    long limit = System.nanoTime() + 10_000_000_000L;
    while (!call("GET", "k").equals("null")) {
      assertThat(System.nanoTime()).as("it expires").isLessThan(limit);
    }
    assertThat(call("TIME")).matches("\\[\\d{10}, \\d{1,6}]");
  }

  // The connection

  @Test
  void aConnectionTellsOfItself() throws Exception {
    assertThat(call("CLIENT", "GETNAME")).isEqualTo("null");
    assertThat(call("CLIENT", "SETNAME", "a name")).startsWith("ERR Client names");
    assertThat(call("CLIENT", "SETNAME", "tester")).isEqualTo("OK");
    assertThat(call("CLIENT", "SETINFO", "LIB-NAME", "wire")).isEqualTo("OK");
    assertThat(call("CLIENT", "SETINFO", "LIB-VER", "1.0")).isEqualTo("OK");
    assertThat(call("CLIENT", "SETINFO", "OTHER", "1.0")).startsWith("ERR Unrecognized");
    assertThat(call("CLIENT", "GETNAME")).isEqualTo("tester");
    String id = call("CLIENT", "ID");
    assertThat(call("CLIENT", "INFO"))
        .contains("id=" + id + " ", "name=tester", "lib-name=wire", "lib-ver=1.0", "cmd=client")
        .contains(
            " fd=-1 ",
            " sub=0 psub=0 ssub=0 ",
            " multi=-1 qbuf=0 ",
            " tot-mem=0 ",
            " flags=N ",
            " redir=-1 ");
    try (WireClient other = connect()) {
      assertThat(other.call("PING").toString()).isEqualTo("PONG");
      assertThat(call("CLIENT", "LIST").lines()).hasSize(2);
      other.call("MULTI");
      other.call("GET", "a");
      assertThat(call("CLIENT", "LIST")).contains(" flags=x ", " multi=1 ");
      other.call("DISCARD");
      assertThat(call("CLIENT", "LIST")).doesNotContain(" flags=x ");
    }
    assertThat(call("CLIENT", "NO-EVICT", "ON")).isEqualTo("OK");
    assertThat(call("CLIENT", "NO-TOUCH", "off")).isEqualTo("OK");
    assertThat(call("CLIENT", "NONSENSE")).startsWith("ERR unknown subcommand");
  }

  @Test
  void aClientThatWantsNoAnswersGetsNone() throws Exception {
    client().send(List.of("CLIENT", "REPLY", "OFF"));
    client().send(List.of("SET", "k", "1"));
    client().send(List.of("GET", "k"));
    assertThat(call("CLIENT", "REPLY", "ON")).isEqualTo("OK");
    client().send(List.of("CLIENT", "REPLY", "SKIP"));
    client().send(List.of("INCR", "k"));
    assertThat(call("GET", "k")).isEqualTo("2");
    assertThat(call("PING")).isEqualTo("PONG");
  }

  @Test
  void greetingsAndPasswordsAreAsWithoutUsers() throws Exception {
    assertThat(call("HELLO")).contains("proto, 2", "server, gamut");
    assertThat(call("HELLO", "3", "AUTH", "default", "any", "SETNAME", "me")).contains("proto, 3");
    assertThat(call("CLIENT", "GETNAME")).isEqualTo("me");
    assertThat(call("HELLO", "9")).isEqualTo("NOPROTO unsupported protocol version");
    assertThat(call("HELLO", "x"))
        .isEqualTo("ERR Protocol version is not an integer or out of range");
    assertThat(call("HELLO", "3", "AUTH", "someone", "x")).startsWith("WRONGPASS");
    assertThat(call("AUTH", "secret"))
        .startsWith("ERR AUTH <password> called without any password");
    assertThat(call("AUTH", "default", "x")).isEqualTo("OK");
    assertThat(call("SELECT", "0")).isEqualTo("OK");
    assertThat(call("SELECT", "1")).isEqualTo("ERR DB index is out of range");
    assertThat(call("READONLY")).isEqualTo("OK");
    assertThat(call("READWRITE")).isEqualTo("OK");
    call("GAMUT", "LEVEL", "eventual");
    assertThat(call("RESET")).isEqualTo("RESET");
    assertThat(call("GAMUT", "LEVEL")).isEqualTo("linearizable");
    assertThat(call("CLIENT", "GETNAME")).isEqualTo("null");
    assertThat(call("QUIT")).isEqualTo("OK");
  }

  // The server

  @Test
  void theServerTellsOfItsCommands() throws Exception {
    int count = Integer.parseInt(call("COMMAND", "COUNT"));
    RespValue.Sequence list = (RespValue.Sequence) client().call("COMMAND", "LIST");
    Set<String> names = new HashSet<>();
    list.elements().forEach(name -> names.add(name.toString()));
    assertThat(names).hasSize(count).contains("get", "set", "exec", "scan", "gamut");
    assertThat(((RespValue.Sequence) client().call("COMMAND")).elements()).hasSize(count);
    assertThat(call("COMMAND", "INFO", "get", "nonsense"))
        .startsWith("[[get, 2, [readonly, fast], 1, 1, 1, [@read]")
        .endsWith("null]");
    assertThat(call("COMMAND", "DOCS", "mset")).contains("mset", "summary", "since, 1.0.1");
    assertThat(call("NOSUCH", "a", "b"))
        .isEqualTo("ERR unknown command 'NOSUCH', with args beginning with: 'a' 'b' ");
  }

  @Test
  void theServerTellsHowItStands() throws Exception {
    // A strong write is answered once there is a leader.
    call("SET", "k", "value");
    assertThat(call("INFO"))
        .contains(
            "# Server", "# Replication", "role:master", "redis_version:", "connected_clients:1")
        .contains("blocked_clients:0");
    assertThat(call("INFO", "clients")).startsWith("# Clients").doesNotContain("# Server");
    assertThat(call("CONFIG", "GET", "save", "append*")).isEqualTo("[appendonly, yes, save, ]");
    assertThat(call("CONFIG", "SET", "save", "")).startsWith("ERR CONFIG SET failed");
    assertThat(call("CONFIG", "SET", "nope", "1"))
        .isEqualTo("ERR Unknown option or number of arguments for CONFIG SET - 'nope'");
    assertThat(call("CONFIG", "SET", "slowlog-max-len", "x"))
        .isEqualTo(
            "ERR CONFIG SET failed (possibly related to argument 'slowlog-max-len') - argument"
                + " couldn't be parsed into an integer");
    assertThat(call("CONFIG", "SET", "slowlog-max-len", "-1"))
        .contains("argument must be between 0 and");
    assertThat(Integer.parseInt(call("MEMORY", "USAGE", "k"))).isPositive();
    assertThat(call("MEMORY", "USAGE", "absent")).isEqualTo("null");
    assertThat(call("WAIT", "0", "100")).isEqualTo("0");
    assertThat(call("WAIT", "0", "-1")).isEqualTo("ERR timeout is negative");
  }

  @Test
  void whatIsSlowIsRecordedAndShortened() throws Exception {
    assertThat(call("CONFIG", "GET", "slowlog*"))
        .isEqualTo("[slowlog-log-slower-than, 10000, slowlog-max-len, 128]");
    call("SLOWLOG", "RESET");
    assertThat(call("SLOWLOG", "LEN")).isEqualTo("0");
    assertThat(call("CONFIG", "SET", "slowlog-log-slower-than", "0")).isEqualTo("OK");
    call("SLOWLOG", "RESET");
    call("CLIENT", "SETNAME", "me");
    call("SET", "k", "x".repeat(200));
    List<String> many = new ArrayList<>(List.of("MSET"));
    for (int i = 0; i < 40; i++) {
      many.add("a" + i);
    }
    client().call(many);
    call("AUTH", "default", "hidden");
    call("HELLO", "3", "AUTH", "default", "hidden");
    call("NOSUCH", "x");
    call("CONFIG", "SET", "slowlog-log-slower-than", "1000000");
    call("SET", "quick", "v");
    String entries = call("SLOWLOG", "GET", "-1");
    assertThat(entries)
        .contains("[SET, k, " + "x".repeat(128) + "... (72 more bytes)], 127.0.0.1:")
        .contains("a29, ... (10 more arguments)], 127.0.0.1:")
        .contains("[AUTH, (redacted), (redacted)]", "[HELLO, 3, AUTH, (redacted), (redacted)]")
        .contains("[NOSUCH, x]", ", me]")
        .doesNotContain("hidden", "quick");
    assertThat(((RespValue.Sequence) client().call("SLOWLOG", "GET", "2")).elements()).hasSize(2);
    assertThat(call("SLOWLOG", "GET", "-2"))
        .isEqualTo("ERR count should be greater than or equal to -1");
    assertThat(call("SLOWLOG", "HELP")).contains("RESET");
    assertThat(call("SLOWLOG", "FOO")).isEqualTo("ERR unknown subcommand 'FOO'. Try SLOWLOG HELP.");
    call("CONFIG", "SET", "slowlog-max-len", "3");
    assertThat(call("SLOWLOG", "LEN")).isEqualTo("3");
    try (Jedis jedis = new Jedis(address().host(), address().port())) {
      List<Slowlog> seen = jedis.slowlogGet();
      assertThat(seen).hasSize(3);
      assertThat(seen.getLast().getArgs()).containsExactly("AUTH", "(redacted)", "(redacted)");
      assertThat(seen.getFirst().getId()).isGreaterThan(seen.getLast().getId());
      assertThat(seen.getFirst().getExecutionTime()).isNotNegative();
    }
  }

  @Test
  void theTimeOfAWriteIsThatUntilItsAnswerAndNotOnlyThatOfItsBegin() throws Exception {
    call("CONFIG", "SET", "slowlog-log-slower-than", "0");
    call("SLOWLOG", "RESET");
    long begun = System.nanoTime();
    call("SET", "k", "v");
    long micros = (System.nanoTime() - begun) / 1_000;
    try (Jedis jedis = new Jedis(address().host(), address().port())) {
      Slowlog set =
          jedis.slowlogGet().stream()
              .filter(entry -> entry.getArgs().getFirst().equals("SET"))
              .findFirst()
              .orElseThrow();
      // A write to the ledger waits for a disk: no memory is that slow, and no client that quick.
      assertThat(set.getExecutionTime()).isBetween(20L, micros);
    }
  }

  @Test
  void theServerSaysThatItHasAllSlots() throws Exception {
    assertThat(call("CLUSTER", "KEYSLOT", "123456789")).isEqualTo("12739");
    assertThat(call("CLUSTER", "KEYSLOT", "{user1000}.following"))
        .isEqualTo(call("CLUSTER", "KEYSLOT", "{user1000}.followers"));
    assertThat(call("CLUSTER", "KEYSLOT", "{}x")).isNotEqualTo(call("CLUSTER", "KEYSLOT", "{}y"));
    String id = call("CLUSTER", "MYID");
    assertThat(id).hasSize(40);
    assertThat(call("CLUSTER", "SLOTS")).startsWith("[[0, 16383, [127.0.0.1, ").contains(id);
    assertThat(call("CLUSTER", "SHARDS")).contains("slots, [0, 16383]", id, "online");
    assertThat(call("CLUSTER", "NODES")).contains(id, "myself,master", "0-16383");
    assertThat(call("CLUSTER", "INFO")).contains("cluster_state:ok");
  }

  // Levels

  @Test
  void aRequestMayHaveALevelABoundAndASessionOfItsOwn() throws Exception {
    call("SET", "k", "v");
    assertThat(call("GAMUT", "AT", "bounded:500", "GET", "k")).isEqualTo("v");
    assertThat(call("GAMUT", "AT", "linearizable:5", "GET", "k")).startsWith("ERR a bound stands");
    call("HELLO", "3");
    call("GAMUT", "RECEIPT", "ON");
    RespValue written = client().call("GAMUT", "IN", "", "GAMUT", "AT", "causal", "SET", "k", "w");
    String token =
        Objects.requireNonNull(((RespValue.Attributed) written).attributes().get("token"))
            .toString();
    RespValue read = client().call("GAMUT", "IN", token, "GAMUT", "AT", "causal", "GET", "k");
    assertThat(shown(read)).isEqualTo("w");
    assertThat(call("GAMUT", "IN", "forged", "GET", "k")).startsWith("ERR");
  }
}
