package io.gamut.server.memcached;

import static org.assertj.core.api.Assertions.assertThat;

import io.gamut.core.NodeId;
import io.gamut.overlay.Endpoint;
import io.gamut.server.Node;
import io.gamut.server.NodeConfig;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import net.rubyeye.xmemcached.GetsResponse;
import net.rubyeye.xmemcached.XMemcachedClient;
import net.spy.memcached.CASResponse;
import net.spy.memcached.CASValue;
import net.spy.memcached.MemcachedClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Client libraries as they are, against three servers. */
final class MemcachedClientsTest {
  private static final long LIMIT_NANOS = 20_000_000_000L;
  private static final int LIMIT_MILLIS = 20_000;
  private static final int SECONDS = 1_000;

  @TempDir private Path directory;
  private final List<Node> nodes = new ArrayList<>();

  @BeforeEach
  void start() throws Exception {
    for (int id = 0; id < 3; id++) {
      NodeConfig.Builder config =
          NodeConfig.of(new NodeId(id), directory.resolve("node-" + id)).toBuilder()
              .memcached(new Endpoint("127.0.0.1", 0))
              .lab(true);
      if (id > 0) {
        config.join(nodes.getFirst().overlayAddress());
      }
      nodes.add(Node.start(config.build()));
    }
  }

  @AfterEach
  void stop() {
    nodes.forEach(Node::kill);
  }

  private Endpoint address(int id) {
    return nodes.get(id).memcachedAddress().orElseThrow();
  }

  private static InetSocketAddress socket(Endpoint endpoint) {
    return new InetSocketAddress(endpoint.host(), endpoint.port());
  }

  @Test
  void spymemcachedWorksUnchanged() throws Exception {
    MemcachedClient first = new MemcachedClient(socket(address(0)));
    MemcachedClient second = new MemcachedClient(socket(address(2)));
    try {
      assertThat(first.set("k", 0, "value").get()).isTrue();
      assertThat(second.get("k")).isEqualTo("value");
      assertThat(second.add("k", 0, "other").get()).isFalse();
      assertThat(second.replace("k", 0, "newer").get()).isTrue();
      assertThat(first.append("k", "+").get()).isTrue();
      assertThat(first.prepend("k", "-").get()).isTrue();
      assertThat(second.get("k")).isEqualTo("-newer+");
      for (int i = 0; i < 20; i++) {
        CASValue<Object> seen = first.gets("k");
        assertThat(first.cas("k", seen.getCas(), "mine " + i)).isEqualTo(CASResponse.OK);
        assertThat(second.cas("k", seen.getCas(), "too late")).isEqualTo(CASResponse.EXISTS);
      }
      assertThat(first.incr("n", 5, 10, SECONDS)).isEqualTo(10);
      assertThat(second.incr("n", 5)).isEqualTo(15);
      assertThat(first.decr("n", 100)).isZero();
      assertThat(first.touch("k", SECONDS).get()).isTrue();
      assertThat(second.getBulk("k", "n", "no")).containsOnlyKeys("k", "n");
      assertThat(first.delete("k").get()).isTrue();
      assertThat(second.get("k")).isNull();
      byte[] large = new byte[1_000_000];
      assertThat(first.set("large", 0, large).get()).isTrue();
      assertThat((byte[]) second.get("large")).isEqualTo(large);
      assertThat(first.getVersions().values()).containsExactly("1.6.18");
      Map<String, String> stats = first.getStats().values().iterator().next();
      assertThat(stats).containsKeys("pid", "uptime", "cmd_get", "curr_connections");
      assertThat(first.flush().get()).isTrue();
      assertThat(second.get("large")).isNull();
    } finally {
      first.shutdown();
      second.shutdown();
    }
  }

  @Test
  void xmemcachedWorksUnchanged() throws Exception {
    XMemcachedClient first = new XMemcachedClient(address(0).host(), address(0).port());
    XMemcachedClient second = new XMemcachedClient(address(1).host(), address(1).port());
    try {
      first.setOpTimeout(LIMIT_MILLIS);
      second.setOpTimeout(LIMIT_MILLIS);
      assertThat(first.set("k", 0, "value")).isTrue();
      assertThat(second.<String>get("k")).isEqualTo("value");
      assertThat(first.add("k", 0, "other")).isFalse();
      GetsResponse<String> seen = first.gets("k");
      assertThat(second.cas("k", 0, "newer", seen.getCas())).isTrue();
      assertThat(first.cas("k", 0, "too late", seen.getCas())).isFalse();
      assertThat(first.append("k", "+")).isTrue();
      assertThat(second.<String>get("k")).isEqualTo("newer+");
      assertThat(first.incr("n", 5, 1)).isEqualTo(1);
      assertThat(second.incr("n", 5, 1)).isEqualTo(6);
      assertThat(first.decr("n", 2)).isEqualTo(4);
      assertThat(second.touch("k", SECONDS)).isTrue();
      Map<String, String> both = second.get(List.of("k", "no"));
      assertThat(both).containsOnlyKeys("k");
      first.setWithNoReply("quiet", 0, "q");
      assertThat(first.<String>get("quiet")).isEqualTo("q");
      first.deleteWithNoReply("quiet");
      assertThat(first.<String>get("quiet")).isNull();
      assertThat(second.delete("k")).isTrue();
      assertThat(second.delete("k")).isFalse();
      first.flushAll();
      assertThat(second.<String>get("n")).isNull();
    } finally {
      first.shutdown();
      second.shutdown();
    }
  }

  @Test
  void everyServerTellsOfTheOthers() throws Exception {
    for (int id = 0; id < 3; id++) {
      List<String> others = new ArrayList<>();
      for (Node node : nodes) {
        if (!node.equals(nodes.get(id))) {
          others.add(node.memcachedAddress().orElseThrow().toString());
        }
      }
      try (LineClient client = new LineClient(address(id))) {
        long limit = System.nanoTime() + LIMIT_NANOS;
        List<String> told = client.call("get-servers").lines().toList();
        while (told.size() < 4 && System.nanoTime() < limit) {
          LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
          told = client.call("get-servers").lines().toList();
        }
        assertThat(told.getFirst()).isEqualTo(address(id).toString());
        assertThat(told.subList(1, told.size() - 1)).hasSameElementsAs(others);
        assertThat(told.getLast()).isEqualTo("end");
      }
    }
  }

  @Test
  void withoutAMajorityWeakRequestsGoOnAndStrongOnesSaySo() throws Exception {
    try (LineClient client = new LineClient(address(0))) {
      long limit = System.nanoTime() + LIMIT_NANOS;
      while (!client.call("ms k 1 Llinearizable", "a").equals("HD\r\n")) {
        assertThat(System.nanoTime()).isLessThan(limit);
      }
      Objects.requireNonNull(nodes.get(1)).kill();
      nodes.get(2).kill();
      while (client.call("mg k v Llinearizable").startsWith("VA")) {
        assertThat(System.nanoTime()).as("a majority was lost").isLessThan(limit);
      }
      assertThat(client.call("mg k Llinearizable")).startsWith("SERVER_ERROR NOQUORUM ");
      assertThat(client.call("incr k 1")).startsWith("SERVER_ERROR ");
      assertThat(client.call("level session", "set k 0 0 1", "b", "get k", "mg k v Leventual"))
          .isEqualTo("OK\r\nSTORED\r\nVALUE k 0 1\r\nb\r\nEND\r\nVA 1\r\nb\r\n");
      assertThat(client.call("set k 0 0 1 noreply", "c", "incr k 1 noreply", "mg k v"))
          .as("errors too are kept from who wants no reply")
          .isEqualTo("VA 1\r\nc\r\n");
    }
  }
}
