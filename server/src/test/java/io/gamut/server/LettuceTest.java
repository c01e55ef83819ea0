package io.gamut.server;

import static io.gamut.server.Nodes.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lettuce.core.KeyValue;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.ScanArgs;
import io.lettuce.core.ScanIterator;
import io.lettuce.core.SetArgs;
import io.lettuce.core.TransactionResult;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Lettuce, as it comes, against three servers. */
final class LettuceTest {
  @TempDir private Path directory;
  private Nodes nodes;

  @BeforeEach
  void start() throws Exception {
    nodes = new Nodes(directory);
    nodes.startThree();
  }

  @AfterEach
  void stop() {
    nodes.killAll();
  }

  private String uri(int id) {
    return "redis://" + nodes.respAddress(id);
  }

  @Test
  void itsEverydayCommandsWork() {
    try (RedisClient client = RedisClient.create(uri(1));
        StatefulRedisConnection<String, String> connection = client.connect()) {
      RedisCommands<String, String> sync = connection.sync();
      assertThat(sync.set("k", "v", SetArgs.Builder.nx().ex(Duration.ofMinutes(1))))
          .isEqualTo("OK");
      assertThat(sync.set("k", "v", SetArgs.Builder.nx())).isNull();
      assertThat(sync.ttl("k")).isBetween(50L, 60L);
      assertThat(sync.incrbyfloat("f", 1.5)).isEqualTo(1.5);
      assertThat(sync.mset(Map.of("a", "1", "b", "2"))).isEqualTo("OK");
      assertThat(sync.mget("a", "x", "b"))
          .containsExactly(KeyValue.just("a", "1"), KeyValue.empty("x"), KeyValue.just("b", "2"));
      List<String> keys = new ArrayList<>();
      ScanIterator.scan(sync, ScanArgs.Builder.limit(2)).forEachRemaining(keys::add);
      assertThat(keys).containsExactlyInAnyOrder("a", "b", "f", "k");
      assertThat(sync.dbsize()).isEqualTo(4);
      assertThatThrownBy(() -> sync.incr("k")).isInstanceOf(RedisCommandExecutionException.class);
    }
  }

  @Test
  void itsTransactionsAndPipelinesWork() throws Exception {
    try (RedisClient client = RedisClient.create(uri(2));
        StatefulRedisConnection<String, String> connection = client.connect()) {
      RedisCommands<String, String> sync = connection.sync();
      sync.watch("n");
      sync.multi();
      sync.incr("n");
      sync.get("n");
      TransactionResult done = sync.exec();
      assertThat(done.wasDiscarded()).isFalse();
      assertThat(done.stream().map(Object::toString)).containsExactly("1", "1");
      RedisAsyncCommands<String, String> async = connection.async();
      List<RedisFuture<Long>> sums = new ArrayList<>();
      for (int i = 0; i < 1_000; i++) {
        sums.add(async.incr("n"));
      }
      for (int i = 0; i < 1_000; i++) {
        assertThat(sums.get(i).get(20, TimeUnit.SECONDS)).isEqualTo(i + 2L);
      }
    }
  }

  @Test
  void aClusterClientFindsEverythingAtTheServerItAsks() {
    try (RedisClusterClient client = RedisClusterClient.create(uri(0));
        StatefulRedisClusterConnection<String, String> connection = client.connect()) {
      for (int i = 0; i < 50; i++) {
        connection.sync().set("key" + i, "v" + i);
      }
      for (int i = 0; i < 50; i++) {
        int at = i;
        await("it is there", () -> ("v" + at).equals(connection.sync().get("key" + at)));
      }
    }
  }
}
