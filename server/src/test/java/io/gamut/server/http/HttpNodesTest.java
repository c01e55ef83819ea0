package io.gamut.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.gamut.server.http.HttpCluster.Got;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What an HTTP client meets, on three nodes over real sockets. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class HttpNodesTest {
  private static final List<String> LEVELS =
      List.of("eventual", "session", "causal", "sequential", "bounded", "linearizable");

  private HttpCluster cluster;
  private String name;
  private String key;

  @BeforeAll
  void open(@TempDir Path directory) throws Exception {
    cluster = new HttpCluster(directory, 3);
  }

  @AfterAll
  void close() {
    cluster.close();
  }

  @BeforeEach
  void chooseKey(TestInfo test) {
    name = test.getTestMethod().orElseThrow().getName();
    key = "/v1/keys/" + name;
  }

  private static boolean isWeak(String level) {
    return LEVELS.indexOf(level) < 3;
  }

  @Test
  void everyLevelWritesAndReadsAndSaysHow() {
    for (String level : LEVELS) {
      String at = key + level;
      Got written = cluster.put(1, at, level, "Gamut-Level", level);
      assertThat(written.status()).as(level).isEqualTo(201);
      assertThat(written.header("Gamut-Level")).isEqualTo(level);
      assertThat(written.header("Gamut-Replica")).isEqualTo("1");
      assertThat(written.header("Gamut-Outcome")).isEqualTo("applied");
      assertThat(written.header("Gamut-State"))
          .isEqualTo(isWeak(level) ? "tentative" : "committed");
      assertThat(written.header("ETag")).isEqualTo("\"" + written.header("Gamut-Version") + "\"");
      Got again = cluster.put(1, at, level + "2", "Gamut-Level", level);
      assertThat(again.status()).isEqualTo(204);
      assertThat(again.header("Gamut-Replaced")).isEqualTo("true");
      Got read = cluster.get(1, at, "Gamut-Level", level, "Gamut-Session", again.session());
      assertThat(read.text()).isEqualTo(level + "2");
      assertThat(read.header("ETag")).isEqualTo(again.header("ETag"));
      assertThat(read.header("Gamut-Level")).isEqualTo(level);
      assertThat(read.header("Gamut-Age").isEmpty()).isEqualTo(isWeak(level));
      assertThat(read.header("Content-Type")).isEqualTo("application/octet-stream");
      Got gone = cluster.delete(1, at, "Gamut-Level", level);
      assertThat(gone.status()).isEqualTo(204);
      Got absent = cluster.get(1, at, "Gamut-Level", level, "Gamut-Session", gone.session());
      assertThat(absent.status()).as(level).isEqualTo(404);
      assertThat(absent.header("ETag")).isEmpty();
      assertThat(absent.json().get("type").asString()).isEqualTo("/problems/no-key");
    }
  }

  @Test
  void aTokenCarriesWhatWasWrittenToAnotherServer() {
    for (int i = 0; i < 50; i++) {
      Got written = cluster.put(i % 3, key + i, "v" + i, "Gamut-Level", "causal");
      Got read =
          cluster.get(
              (i + 1) % 3, key + i, "Gamut-Level", "causal", "Gamut-Session", written.session());
      assertThat(read.text()).isEqualTo("v" + i);
      Got listed =
          cluster.get(
              (i + 2) % 3,
              "/v1/keys?values=true&prefix=" + name + i,
              "Gamut-Level",
              "session",
              "Gamut-Session",
              written.session());
      assertThat(listed.json().get("keys").get(0).get("value").asString()).isEqualTo("v" + i);
    }
  }

  @Test
  void tokensAreMerged() {
    cluster.links("CUT", 2);
    try {
      Got here = cluster.put(0, key + 0, "a", "Gamut-Level", "causal");
      Got there = cluster.put(2, key + 2, "b", "Gamut-Level", "causal");
      String both = here.session() + ", " + there.session();
      Got cut =
          cluster.get(0, key, "Gamut-Level", "causal", "Gamut-Session", both, "Gamut-Wait", "20");
      assertThat(cut.status()).isEqualTo(503);
      assertThat(cut.header("Retry-After")).isEqualTo("1");
      assertThat(cut.json().get("code").asString()).isEqualTo("ERR_DEP");
      cluster.links("HEAL", 2);
      Got healed =
          cluster.get(
              0, key + 2, "Gamut-Level", "causal", "Gamut-Session", both, "Gamut-Wait", "20000");
      assertThat(healed.text()).isEqualTo("b");
    } finally {
      cluster.links("HEAL", 2);
      cluster.leader();
    }
  }

  @Test
  void anyBytesAreKeysAndValues() {
    SplittableRandom random = new SplittableRandom(7);
    for (int round = 0; round < 40; round++) {
      byte[] bytes = new byte[1 + random.nextInt(round == 0 ? 4_095 : 40)];
      random.nextBytes(bytes);
      String path = "/v1/keys/" + escaped(bytes);
      byte[] value = new byte[random.nextInt(2_000)];
      random.nextBytes(value);
      Got written = cluster.call(0, "PUT", path, value, "Gamut-Level", "session");
      assertThat(written.status()).isIn(201, 204);
      Got raw = cluster.get(0, path, "Gamut-Session", written.session());
      assertThat(raw.bytes()).isEqualTo(value);
      JsonNode json =
          cluster
              .get(0, path, "Gamut-Session", written.session(), "Accept", "application/json")
              .json();
      assertThat(bytes(json, "key")).isEqualTo(bytes);
      assertThat(bytes(json, "value")).isEqualTo(value);
    }
    for (byte each : new byte[] {0, '/', '%', '+', ' ', '?', '#', (byte) 0xff}) {
      String path = "/v1/keys/" + escaped(new byte[] {each});
      assertThat(cluster.put(0, path, "one").status()).isEqualTo(201);
      assertThat(cluster.delete(0, path).status()).isEqualTo(204);
    }
    assertThat(cluster.call(0, "PUT", key, new byte[8 << 20]).status()).isEqualTo(201);
    assertThat(cluster.get(0, key, "Gamut-Level", "eventual").bytes()).hasSize(8 << 20);
  }

  private static String escaped(byte[] bytes) {
    StringBuilder text = new StringBuilder();
    for (byte each : bytes) {
      text.append("%%%02X".formatted(each & 0xff));
    }
    return text.toString();
  }

  private static byte[] bytes(JsonNode json, String name) {
    JsonNode text = json.get(name);
    return text != null
        ? text.asString().getBytes(StandardCharsets.UTF_8)
        : java.util.Base64.getDecoder().decode(json.get(name + "Base64").asString());
  }

  @Test
  void entityTagsMakeWritesConditional() {
    Got first = cluster.put(0, key, "1", "If-None-Match", "*");
    assertThat(first.status()).isEqualTo(201);
    assertThat(first.header("Gamut-Level")).isEqualTo("linearizable");
    Got second = cluster.put(1, key, "2", "If-None-Match", "*");
    assertThat(second.status()).isEqualTo(412);
    assertThat(second.header("ETag")).isEqualTo(first.header("ETag"));
    assertThat(second.header("Gamut-Outcome")).isEqualTo("not applied");
    Got third = cluster.put(1, key, "3", "If-Match", first.header("ETag"));
    assertThat(third.status()).isEqualTo(204);
    assertThat(cluster.put(1, key, "4", "If-Match", first.header("ETag")).status()).isEqualTo(412);
    for (String strange : List.of("\"x\"", "W/" + third.header("ETag"))) {
      Got unmet = cluster.delete(2, key, "If-Match", strange);
      assertThat(unmet.status()).as(strange).isEqualTo(412);
      assertThat(unmet.header("ETag")).isEqualTo(third.header("ETag"));
    }
    for (String wrong : List.of("x", "\"a\", \"b\"", "", "\"a\" \"b\"")) {
      assertThat(cluster.put(0, key, "5", "If-Match", wrong).status()).as(wrong).isEqualTo(400);
    }
    assertThat(cluster.put(0, key, "5", "If-None-Match", "\"a\"").status()).isEqualTo(400);
    Got gone = cluster.delete(2, key, "If-Match", "*");
    assertThat(gone.status()).isEqualTo(204);
    Got absent = cluster.put(2, key, "6", "If-Match", "*");
    assertThat(absent.status()).isEqualTo(412);
    assertThat(absent.header("ETag")).isEmpty();
    assertThat(
            cluster
                .put(2, key, "6", "If-Match", "\"" + gone.header("Gamut-Version") + "\"")
                .status())
        .as("a deletion is nothing that a tag could be of")
        .isEqualTo(412);
  }

  @Test
  void entityTagsMakeReadsConditional() {
    String tag = cluster.put(0, key, "v").header("ETag");
    assertThat(cluster.get(0, key, "If-None-Match", tag).status()).isEqualTo(304);
    assertThat(cluster.get(0, key, "If-None-Match", "\"x\", W/" + tag).status()).isEqualTo(304);
    assertThat(cluster.get(0, key, "If-None-Match", "\"x\"").text()).isEqualTo("v");
    assertThat(cluster.get(0, key, "If-Match", "\"x\", " + tag).text()).isEqualTo("v");
    assertThat(cluster.get(0, key, "If-Match", "\"x\"").status()).isEqualTo(412);
    assertThat(cluster.get(0, key + 0, "If-Match", "*").status()).isEqualTo(412);
  }

  @Test
  void expiryAndFlagsAreKept() {
    long now = System.currentTimeMillis();
    cluster.put(0, key + "?ttl=60000&flags=4294967295", "v");
    Got read = cluster.get(0, key);
    assertThat(Long.parseLong(read.header("Gamut-Expires"))).isBetween(now + 59_000, now + 90_000);
    assertThat(read.header("Gamut-Flags")).isEqualTo("4294967295");
    cluster.put(0, key + "?expiresAt=" + (now - 1), "v");
    assertThat(cluster.get(0, key).status()).isEqualTo(404);
    for (String wrong :
        List.of(
            "ttl=0",
            "ttl=x",
            "ttl=1&expiresAt=1",
            "ttl=9223372036854775807",
            "flags=-1",
            "tll=1",
            "ttl=1&ttl=2")) {
      assertThat(cluster.put(0, key + "?" + wrong, "v").status()).as(wrong).isEqualTo(400);
    }
  }

  @Test
  void numbersAndTextsGrow() {
    assertThat(cluster.post(0, key + "/increment", "").json().get("number").asLong()).isEqualTo(1);
    Got sum = cluster.post(1, key + "/increment?by=-43", "");
    assertThat(sum.json().get("number").asLong()).isEqualTo(-42);
    assertThat(
            cluster
                .post(2, key + "/increment?by=-9223372036854775807", "")
                .json()
                .get("status")
                .asInt())
        .isEqualTo(409);
    Got longer = cluster.post(2, key + "/append", "x", "If-Match", sum.header("ETag"));
    assertThat(longer.json().get("size").asInt()).isEqualTo(4);
    assertThat(cluster.get(0, key, "Gamut-Level", "linearizable").text()).isEqualTo("-42x");
    Got conflict = cluster.post(0, key + "/increment", "");
    assertThat(conflict.status()).isEqualTo(409);
    assertThat(conflict.header("Gamut-Outcome")).isEqualTo("not applied");
  }

  @Test
  void aBatchIsDoneAsAWholeOrNotAtAll() {
    Got done =
        cluster.batch(
            1,
            """
            {"conditions": [{"key": "%1$s", "is": "absent"}],
             "operations": [
               {"op": "put", "key": "%1$s", "value": "7", "flags": 3, "ttl": 60000},
               {"op": "increment", "key": "%1$s", "by": 5},
               {"op": "append", "key": "%1$s", "valueBase64": "/w=="},
               {"op": "get", "key": "%1$s"},
               {"op": "get", "keyBase64": "/w=="},
               {"op": "delete", "key": "%1$s2"}]}
            """
                .formatted(name));
    assertThat(done.status()).as(done.text()).isEqualTo(200);
    assertThat(done.header("Gamut-Level")).isEqualTo("linearizable");
    JsonNode results = done.json().get("results");
    assertThat(results.get(1).get("number").asLong()).isEqualTo(12);
    assertThat(results.get(2).get("size").asLong()).isEqualTo(3);
    assertThat(bytes(results.get(3), "value")).isEqualTo(new byte[] {'1', '2', (byte) 0xff});
    assertThat(results.get(3).get("flags").asInt()).isEqualTo(3);
    assertThat(results.get(4).get("existed").asBoolean()).isFalse();
    Got unmet =
        cluster.batch(
            2,
            """
            {"conditions": [{"key": "%1$s", "is": "present"}, {"key": "%1$s", "value": "8"}],
             "operations": [{"op": "delete", "key": "%1$s"}]}
            """
                .formatted(name));
    assertThat(unmet.status()).isEqualTo(412);
    assertThat(unmet.json().get("condition").asInt()).isEqualTo(1);
    String failing =
        """
        {"operations": [{"op": "increment", "key": "%1$s"}, {"op": "put", "key": "%1$s", "value": ""}],
         "atomic": %2$s}
        """;
    assertThat(cluster.batch(0, failing.formatted(name, "true")).status()).isEqualTo(409);
    JsonNode parts = cluster.batch(0, failing.formatted(name, "false")).json().get("results");
    assertThat(parts.get(0).get("problem").get("status").asInt()).isEqualTo(409);
    assertThat(parts.get(1).get("existed").asBoolean()).isTrue();
    assertThat(cluster.get(0, key, "Gamut-Level", "linearizable").text()).isEmpty();
  }

  @Test
  void aBatchThatIsNoneIsRefused() {
    for (String wrong :
        List.of(
            "",
            "[]",
            "{",
            "{}",
            "{\"operations\": []}",
            "{\"operations\": {}}",
            "{\"operations\": [1]}",
            "{\"operations\": [{\"op\": \"get\"}]}",
            "{\"operations\": [{\"op\": \"get\", \"key\": \"\"}]}",
            "{\"operations\": [{\"op\": \"get\", \"key\": {}}]}",
            "{\"operations\": [{\"op\": \"get\", \"key\": \"k\", \"ttl\": 1}]}",
            "{\"operations\": [{\"op\": \"get\", \"key\": \"k\", \"key\": \"k\"}]}",
            "{\"operations\": [{\"op\": \"get\", \"key\": \"\\ud800\"}]}",
            "{\"operations\": [{\"op\": \"get\", \"keyBase64\": \"*\"}]}",
            "{\"operations\": [{\"op\": \"get\", \"keyBase64\": \"\", \"key\": \"k\"}]}",
            "{\"operations\": [{\"op\": \"grow\", \"key\": \"k\"}]}",
            "{\"operations\": [{\"op\": \"increment\", \"key\": \"k\", \"by\": 1.5}]}",
            "{\"operations\": [{\"op\": \"increment\", \"key\": \"k\", \"by\":"
                + " 9223372036854775808}]}",
            "{\"operations\": [{\"op\": \"increment\", \"key\": \"k\", \"by\": \"1\"}]}",
            "{\"operations\": [{\"op\": \"get\", \"key\": \"k\"}], \"atomic\": 1}",
            "{\"operations\": [{\"op\": \"get\", \"key\": \"k\"}], \"more\": 1}",
            "{\"operations\": [{\"op\": \"get\", \"key\": \"k\"}]} {}",
            "{\"conditions\": [{\"key\": \"k\"}], \"operations\": [{\"op\": \"get\", \"key\":"
                + " \"k\"}]}",
            "{\"conditions\": [{\"key\": \"k\", \"version\": \"1\"}],"
                + " \"operations\": [{\"op\": \"get\", \"key\": \"k\"}]}",
            "[".repeat(100_000))) {
      Got got = cluster.batch(0, wrong);
      assertThat(got.status()).as(wrong).isEqualTo(400);
    }
    assertThat(cluster.post(0, "/v1/batch", "{}").status()).isEqualTo(415);
    String many = "{\"op\":\"get\",\"key\":\"k\"},".repeat(10_001);
    assertThat(cluster.batch(0, "{\"operations\": [" + many + "]}").status()).isEqualTo(413);
  }

  @Test
  void aListingGoesThroughAllKeysOfAPrefixOnce() {
    List<String> expected = new ArrayList<>();
    StringBuilder operations = new StringBuilder();
    for (int i = 0; i < 250; i++) {
      String each = name + "/%03d".formatted(i);
      expected.add(each);
      operations.append("{\"op\":\"put\",\"key\":\"%s\",\"value\":\"%d\"},".formatted(each, i));
    }
    operations.append("{\"op\":\"put\",\"key\":\"%s0\",\"value\":\"\"},".formatted(name));
    operations.append("{\"op\":\"put\",\"key\":\"%s/250\",\"value\":\"\"},".formatted(name));
    operations.append("{\"op\":\"delete\",\"key\":\"%s/250\"}".formatted(name));
    Got written = cluster.batch(0, "{\"operations\": [" + operations + "]}");
    for (String level : LEVELS) {
      List<String> listed = new ArrayList<>();
      String cursor = "";
      for (int page = 0; page < 10; page++) {
        Got got =
            cluster.get(
                page % 3,
                "/v1/keys?limit=60&values=true&prefix=" + encoded(name + "/") + cursor,
                "Gamut-Level",
                level,
                "Gamut-Session",
                written.session());
        assertThat(got.status()).as(got.text()).isEqualTo(200);
        got.json()
            .get("keys")
            .forEach(each -> {
              listed.add(each.get("key").asString());
              assertThat(each.get("value").asString()).isEqualTo("" + (listed.size() - 1));
            });
        JsonNode next = got.json().get("cursor");
        if (next == null) {
          break;
        }
        cursor = "&cursor=" + next.asString();
      }
      assertThat(listed).as(level).isEqualTo(expected);
    }
    for (String wrong : List.of("limit=0", "limit=1001", "cursor=*", "cursor=", "values=1", "x=")) {
      assertThat(cluster.get(0, "/v1/keys?" + wrong).status()).as(wrong).isEqualTo(400);
    }
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  @Test
  void prefixesAreBytes() {
    List<byte[]> keys =
        Stream.of("fe", "feff", "feff00", "ff", "ff00", "ffff", "00", "0000", "0001")
            .map(hex -> java.util.HexFormat.of().parseHex(hex))
            .toList();
    String session = "";
    for (byte[] each : keys) {
      Got got = cluster.put(0, "/v1/keys/" + escaped(each), "", "Gamut-Session", session);
      session = got.session();
    }
    for (byte[] prefix : keys) {
      JsonNode listed =
          cluster
              .get(0, "/v1/keys?limit=1000&prefix=" + escaped(prefix), "Gamut-Session", session)
              .json()
              .get("keys");
      List<byte[]> found = new ArrayList<>();
      listed.forEach(each -> found.add(bytes(each, "key")));
      assertThat(found)
          .containsAll(
              keys.stream()
                  .filter(each ->
                      Arrays.mismatch(prefix, each) < 0
                          || Arrays.mismatch(prefix, each) == prefix.length)
                  .toList());
      assertThat(found)
          .allMatch(each ->
              each.length >= prefix.length
                  && Arrays.equals(each, 0, prefix.length, prefix, 0, prefix.length));
    }
  }

  @Test
  void withoutAMajorityStrongRequestsFailAndWeakOnesDoNot() {
    int leader = cluster.leader();
    cluster.links("CUT", leader);
    try {
      Got unknown = cluster.put(leader, key, "v", "Gamut-Level", "linearizable");
      assertThat(unknown.status()).isEqualTo(504);
      assertThat(unknown.header("Gamut-Outcome")).isEqualTo("unknown");
      assertThat(unknown.json().get("code").asString()).isEqualTo("UNKNOWN");
      Got refused = cluster.get(leader, key, "Gamut-Level", "linearizable");
      assertThat(refused.status()).isEqualTo(503);
      assertThat(refused.json().get("type").asString()).isEqualTo("/problems/noquorum");
      assertThat(cluster.put(leader, key + 2, "v", "Gamut-Level", "causal").status())
          .isEqualTo(201);
      HttpCluster.await(
          "it knows of no leader",
          () -> cluster.get(leader, "/health/ready?level=bounded").status() == 503);
      assertThat(cluster.get(leader, "/health/ready").status()).isEqualTo(200);
    } finally {
      cluster.links("HEAL", leader);
      cluster.leader();
    }
  }

  @Test
  void whatIsMisspeltIsRefused() {
    for (String[] wrong :
        List.of(
            new String[] {"Gamut-Level", "strong"},
            new String[] {"Gamut-Levels", "causal"},
            new String[] {"Gamut-Bound", "100"},
            new String[] {"Gamut-Wait", "-1"},
            new String[] {"Gamut-Wait", "600001"},
            new String[] {"Gamut-Session", "x"},
            new String[] {"Gamut-Level", "causal", "Gamut-Level", "session"})) {
      assertThat(cluster.get(0, key, wrong).status()).as(wrong[0]).isEqualTo(400);
    }
    assertThat(cluster.get(0, key + "?level=causal").status()).isEqualTo(400);
    assertThat(cluster.get(0, key, "Accept", "text/html").status()).isEqualTo(406);
    assertThat(cluster.get(0, "/v1/keys/" + "k".repeat(4_097)).status()).isEqualTo(400);
    assertThat(cluster.get(0, key, "Gamut-Level", "bounded", "Gamut-Bound", "5").status())
        .isEqualTo(404);
    assertThat(cluster.put(0, key, "v", "Content-Encoding", "gzip").status()).isEqualTo(415);
    assertThat(cluster.put(0, key, "v", "Content-Range", "bytes 0-0/1").status()).isEqualTo(400);
    assertThat(cluster.put(0, key, "v", "Origin", "http://evil.example").status()).isEqualTo(403);
    assertThat(cluster.put(0, key, "v", "Origin", "http://" + cluster.http(0)).status())
        .isEqualTo(201);
  }

  @Test
  void theServerTellsOfItself() {
    assertThat(cluster.get(0, "/health/live").status()).isEqualTo(200);
    HttpCluster.await(
        "it is ready", () -> cluster.get(0, "/health/ready?level=linearizable").status() == 200);
    JsonNode status = cluster.get(2, "/v1/status").json();
    assertThat(status.get("node").asInt()).isEqualTo(2);
    assertThat(status.get("members").size()).isEqualTo(3);
    assertThat(cluster.get(0, "/").text()).contains("/openapi.json");
    assertThat(cluster.get(0, "/openapi.json").json().get("openapi").asString()).startsWith("3.1");
    for (Problem problem : Problem.values()) {
      assertThat(cluster.get(0, problem.type()).text()).contains(problem.title());
    }
    assertThat(cluster.get(0, "/problems/none").status()).isEqualTo(404);
  }
}
