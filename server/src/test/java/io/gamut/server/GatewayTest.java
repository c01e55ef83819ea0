package io.gamut.server;

import static io.gamut.server.Nodes.GAMUT;
import static io.gamut.server.Nodes.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gamut.overlay.Endpoint;
import io.gamut.server.gateway.GatewayConfig;
import io.gamut.server.gateway.GatewayNode;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import net.spy.memcached.MemcachedClient;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.params.ScanParams;

/** Clients of a gateway before three servers. */
final class GatewayTest {
  private static final List<String> LEVELS =
      List.of("eventual", "session", "causal", "sequential", "bounded", "linearizable");

  @TempDir private Path directory;
  private Nodes nodes;
  private final List<GatewayNode> gateways = new ArrayList<>();

  @BeforeEach
  void begin() throws Exception {
    nodes = new Nodes(directory);
    nodes.startThree();
  }

  @AfterEach
  void killAll() {
    gateways.forEach(GatewayNode::kill);
    nodes.killAll();
  }

  private GatewayNode gateway() throws Exception {
    GatewayNode gateway = GatewayNode.start(GatewayConfig.joining(nodes.overlayAddresses()));
    gateways.add(gateway);
    return gateway;
  }

  private static Jedis client(GatewayNode gateway) {
    Endpoint address = gateway.respAddress();
    return new Jedis(address.host(), address.port(), 30_000);
  }

  private static Object at(Jedis client, String level, String... command) {
    String[] arguments = new String[command.length + 2];
    arguments[0] = "AT";
    arguments[1] = level;
    System.arraycopy(command, 0, arguments, 2, command.length);
    return client.sendCommand(GAMUT, arguments);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void everyLevelIsServed() throws Exception {
    try (Jedis client = client(gateway())) {
      assertThat(client.get("never")).isNull();
      for (String level : LEVELS) {
        assertThat(at(client, level, "SET", "k-" + level, level)).isEqualTo(bytes("OK"));
      }
      for (String level : LEVELS.subList(1, LEVELS.size())) {
        for (String written : LEVELS) {
          assertThat(at(client, level, "GET", "k-" + written))
              .as("%s written, %s read", written, level)
              .isEqualTo(bytes(written));
        }
      }
      for (int id = 0; id < 3; id++) {
        try (Jedis direct = nodes.clientOf(id)) {
          assertThat(at(direct, "linearizable", "GET", "k-linearizable"))
              .isEqualTo(bytes("linearizable"));
        }
      }
    }
  }

  @Test
  void whatReadsAndModifiesIsDoneByTheLedger() throws Exception {
    try (Jedis client = client(gateway())) {
      client.sendCommand(GAMUT, "LEVEL", "causal");
      client.set("n", "1");
      assertThat(client.incrBy("n", 41)).as("behind what was written weakly").isEqualTo(42);
      client.watch("n");
      var transaction = client.multi();
      transaction.incr("n");
      var value = transaction.get("n");
      assertThat(transaction.exec()).hasSize(2);
      assertThat(value.get()).isEqualTo("43");
      assertThat(client.del("n", "never")).isEqualTo(1);
      var pipeline = client.pipelined();
      for (int i = 0; i < 2_000; i++) {
        pipeline.incr("p");
      }
      assertThat(pipeline.syncAndReturnAll()).hasSize(2_000).last().isEqualTo(2_000L);
    }
  }

  @Test
  void pipelinesKeepTheirOrder() throws Exception {
    try (Jedis client = client(gateway())) {
      for (String level : LEVELS.subList(1, LEVELS.size())) {
        client.sendCommand(GAMUT, "LEVEL", level);
        var pipeline = client.pipelined();
        List<redis.clients.jedis.Response<String>> reads = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
          pipeline.set("k", level + i);
          reads.add(pipeline.get("k"));
        }
        pipeline.sync();
        for (int i = 0; i < 200; i++) {
          assertThat(reads.get(i).get()).isEqualTo(level + i);
        }
      }
    }
  }

  /** Each is as if asked after the answer to the one before, though they are asked together. */
  @Test
  void weakReadsOfAPipelineSeeNoLessThanThoseBefore() throws Exception {
    AtomicBoolean isOver = new AtomicBoolean();
    Thread writer = Thread.startVirtualThread(() -> writeInTurn(isOver));
    try (Jedis client = client(gateway())) {
      for (String level : List.of("session", "causal")) {
        client.sendCommand(GAMUT, "LEVEL", level);
        for (int round = 0; round < 300; round++) {
          var pipeline = client.pipelined();
          List<redis.clients.jedis.Response<List<String>>> pairs = new ArrayList<>();
          for (int i = 0; i < 10; i++) {
            pairs.add(pipeline.mget("second", "first"));
          }
          pipeline.sync();
          long before = 0;
          for (var pair : pairs) {
            long second = number(pair.get().getFirst());
            long first = number(pair.get().getLast());
            assertThat(second).as(level).isGreaterThanOrEqualTo(before);
            before = second;
            if (level.equals("causal")) {
              assertThat(first).as("written before the second").isGreaterThanOrEqualTo(second);
            }
          }
        }
      }
      assertThat(number(client.get("second"))).isGreaterThan(10);
    } finally {
      isOver.set(true);
      writer.join();
    }
  }

  private static long number(@Nullable String text) {
    return text == null ? 0 : Long.parseLong(text);
  }

  private void writeInTurn(AtomicBoolean isOver) {
    try (Jedis client = nodes.clientOf(2)) {
      client.sendCommand(GAMUT, "LEVEL", "causal");
      for (long i = 1; !isOver.get(); i++) {
        client.set("first", Long.toString(i));
        client.set("second", Long.toString(i));
      }
    }
  }

  @Test
  void allKeysAreListedAndLargeValuesPass() throws Exception {
    byte[] large = new byte[8 << 20];
    large[77] = 7;
    try (Jedis client = client(gateway())) {
      for (String level : List.of("causal", "linearizable")) {
        client.sendCommand(GAMUT, "LEVEL", level);
        client.flushAll();
        var pipeline = client.pipelined();
        for (int i = 0; i < 1_000; i++) {
          pipeline.set("k" + i, "v" + i);
        }
        pipeline.sync();
        assertThat(client.dbSize()).isEqualTo(1_000);
        assertThat(client.keys("k9?9")).hasSize(10);
        String cursor = "0";
        List<String> scanned = new ArrayList<>();
        do {
          var page = client.scan(cursor, new ScanParams().count(100));
          scanned.addAll(page.getResult());
          cursor = page.getCursor();
        } while (!cursor.equals("0"));
        assertThat(scanned).hasSize(1_000).doesNotHaveDuplicates();
        client.set(bytes("large"), large);
        assertThat(client.get(bytes("large"))).isEqualTo(large);
        assertThat(client.setGet(bytes("large"), bytes("small"))).isEqualTo(large);
        client.set(bytes("large"), large);
        client.set(bytes("large2"), large);
        client.set(bytes("large3"), large);
        assertThat(client.mget(bytes("large"), bytes("large2"), bytes("large3")))
            .allMatch(value -> value.length == large.length);
      }
    }
  }

  @Test
  void httpAndMemcachedGoThroughIt() throws Exception {
    GatewayNode gateway = gateway();
    Endpoint http = gateway.httpAddress().orElseThrow();
    URI uri = URI.create("http://" + http + "/v1/keys/colour");
    HttpClient client = HttpClient.newHttpClient();
    HttpResponse<String> put =
        client.send(
            HttpRequest.newBuilder(uri).PUT(HttpRequest.BodyPublishers.ofString("blue")).build(),
            BodyHandlers.ofString());
    assertThat(put.statusCode()).isBetween(200, 299);
    HttpResponse<String> get =
        client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
    assertThat(get.body()).isEqualTo("blue");
    HttpResponse<String> ready =
        client.send(
            HttpRequest.newBuilder(URI.create("http://" + http + "/health/ready")).build(),
            BodyHandlers.ofString());
    assertThat(ready.statusCode()).as(ready.body()).isEqualTo(200);
    Endpoint memcached = gateway.memcachedAddress().orElseThrow();
    MemcachedClient spy =
        new MemcachedClient(new java.net.InetSocketAddress(memcached.host(), memcached.port()));
    try {
      assertThat(spy.set("shape", 0, "circle").get()).isTrue();
      assertThat(spy.get("shape")).isEqualTo("circle");
      assertThat(spy.incr("count", 1, 7)).isEqualTo(7);
    } finally {
      spy.shutdown();
    }
  }

  @Test
  void receiptsNameTheServerThatAnswered() throws Exception {
    GatewayNode gateway = gateway();
    try (Jedis client = client(gateway)) {
      for (String level : LEVELS) {
        at(client, level, "SET", "k", "v");
        assertThat(replica(client)).as(level + " write").isBetween(0L, 2L);
        at(client, level, "MGET", "k", "l");
        assertThat(replica(client)).as(level + " read").isBetween(0L, 2L);
      }
      at(client, "linearizable", "SET", "k", "v");
      assertThat(replica(client)).as("the ledger was led by").isEqualTo(nodes.awaitLeader());
      at(client, "eventual", "GET", "k");
      long near = Objects.requireNonNull(replica(client));
      nodes.kill((int) near);
      at(client, "eventual", "GET", "k");
      assertThat(replica(client)).isBetween(0L, 2L).isNotEqualTo(near);
    }
    URI listing = URI.create("http://" + gateway.httpAddress().orElseThrow() + "/v1/keys");
    HttpResponse<String> listed =
        HttpClient.newHttpClient()
            .send(HttpRequest.newBuilder(listing).build(), BodyHandlers.ofString());
    assertThat(listed.headers().firstValueAsLong("gamut-replica").orElseThrow()).isBetween(0L, 2L);
  }

  /** Which is said to have answered last. */
  private static @Nullable Long replica(Jedis client) {
    List<?> last = (List<?>) Objects.requireNonNull(client.sendCommand(GAMUT, "LAST"));
    for (int i = 0; i < last.size(); i += 2) {
      if (new String((byte[]) last.get(i), StandardCharsets.UTF_8).equals("replica")) {
        return (Long) last.get(i + 1);
      }
    }
    throw new AssertionError("no replica in a receipt");
  }

  @Test
  void sessionsGoOnAtAnotherGateway() throws Exception {
    GatewayNode first = gateway();
    GatewayNode second = gateway();
    try (Jedis here = client(first);
        Jedis there = client(second)) {
      here.sendCommand(GAMUT, "LEVEL", "session");
      there.sendCommand(GAMUT, "LEVEL", "session");
      for (int i = 0; i < 100; i++) {
        here.set("k" + i, "v" + i);
        byte[] token = (byte[]) here.sendCommand(GAMUT, "SESSION");
        there.sendCommand(
            GAMUT, "SESSION", new String(Objects.requireNonNull(token), StandardCharsets.UTF_8));
        assertThat(there.get("k" + i)).isEqualTo("v" + i);
      }
      first.kill();
      assertThat(there.get("k99")).isEqualTo("v99");
    }
  }

  @Test
  void withoutAMajorityItSaysSoAtOnceAndServesTheRest() throws Exception {
    try (Jedis client = client(gateway())) {
      client.set("k", "before");
      int leader = nodes.awaitLeader();
      int other = (leader + 1) % 3;
      nodes.kill(leader);
      nodes.kill(other);
      await("it says so", () -> refusesStrongly(client));
      assertThat(at(client, "causal", "SET", "k", "after")).isEqualTo(bytes("OK"));
      assertThat(at(client, "causal", "GET", "k")).isEqualTo(bytes("after"));
      nodes.start(leader);
      await("it is back", () -> !refusesStrongly(client));
      assertThat(at(client, "linearizable", "GET", "k")).isEqualTo(bytes("after"));
    }
  }

  private static boolean refusesStrongly(Jedis client) {
    try {
      at(client, "linearizable", "SET", "probe", "x");
      return false;
    } catch (JedisDataException e) {
      return Objects.requireNonNull(e.getMessage()).startsWith("NOQUORUM");
    }
  }

  @Test
  void itTellsWhereTheServersAre() throws Exception {
    try (Jedis client = client(gateway())) {
      List<String> servers = new ArrayList<>();
      for (int id = 0; id < 3; id++) {
        servers.add(nodes.respAddress(id).toString());
      }
      await("it knows all servers", () -> client.clusterNodes().lines().count() == 4);
      assertThat(client.clusterNodes()).contains(servers).contains("myself,master");
      try (Jedis direct = nodes.clientOf(0)) {
        await("they know each other", () -> direct.clusterNodes().lines().count() == 3);
        assertThat(direct.clusterNodes()).contains(servers);
      }
      nodes.kill(2);
      await("one has gone", () -> client.clusterNodes().lines().count() == 3);
    }
  }

  @Test
  void itIsNoServer() throws Exception {
    try (Jedis client = client(gateway())) {
      assertThatThrownBy(() -> client.sendCommand(GAMUT, "LEAVE"))
          .isInstanceOf(JedisDataException.class)
          .hasMessageContaining("gateway");
      assertThat(client.sendCommand(GAMUT, "STATUS")).isInstanceOf(List.class);
      assertThat(client.info()).contains("redis_version");
    }
  }

  @Test
  void aGatewaysClockCanBePutAheadAndItHasNoDisk() throws Exception {
    GatewayConfig plain = GatewayConfig.joining(nodes.overlayAddresses());
    GatewayConfig lab =
        new GatewayConfig(
            plain.join(),
            plain.listen(),
            plain.clients(),
            plain.defaultLevel(),
            true,
            plain.waitMillis(),
            plain.threads(),
            plain.access());
    GatewayNode gateway = GatewayNode.start(lab);
    gateways.add(gateway);
    try (Jedis client = client(gateway)) {
      assertThatThrownBy(() -> client.sendCommand(Nodes.GAMUT, "FAULT", "DISK", "SLOW", "1"))
          .hasMessageContaining("this is a gateway, which has none");
      client.sendCommand(Nodes.GAMUT, "FAULT", "CLOCK", "600000");
      long aheadSeconds = Long.parseLong(client.time().getFirst()) - Instant.now().getEpochSecond();
      assertThat(aheadSeconds).isBetween(570L, 630L);
      client.sendCommand(Nodes.GAMUT, "FAULT", "OFF");
      assertThat(client.set("k", "v")).isEqualTo("OK");
    }
  }
}
