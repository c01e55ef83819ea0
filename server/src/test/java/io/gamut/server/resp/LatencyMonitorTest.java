package io.gamut.server.resp;

import static org.assertj.core.api.Assertions.assertThat;

import io.gamut.core.NodeId;
import io.gamut.protocol.resp.RespValue;
import io.gamut.server.Node;
import io.gamut.server.NodeConfig;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What LATENCY tells. */
final class LatencyMonitorTest {
  @Test
  void onlyWhatReachesTheThresholdIsASample() {
    LatencyMonitor monitor = new LatencyMonitor(InstantSource.system());
    monitor.onAnswered(TimeUnit.SECONDS.toNanos(9));
    assertThat(monitor.samples()).isEmpty();
    monitor.setThresholdMillis(100);
    monitor.onAnswered(TimeUnit.MILLISECONDS.toNanos(99));
    assertThat(monitor.samples()).isEmpty();
    monitor.onAnswered(TimeUnit.MILLISECONDS.toNanos(300));
    monitor.onAnswered(TimeUnit.MILLISECONDS.toNanos(200));
    assertThat(monitor.samples()).isNotEmpty();
    assertThat(monitor.mostMillis()).isEqualTo(300);
    assertThat(monitor.reset()).isTrue();
    assertThat(monitor.reset()).isFalse();
    assertThat(monitor.mostMillis()).isZero();
  }

  @Test
  void latencyIsToldInTheShapeOfRedis(@TempDir Path directory) throws Exception {
    Node node = Node.start(NodeConfig.of(new NodeId(7), directory.resolve("node")));
    try (WireClient client = new WireClient(node.respAddress().host(), node.respAddress().port())) {
      assertThat(client.call("LATENCY", "LATEST")).isEqualTo(new RespValue.Sequence(List.of()));
      assertThat(client.call("LATENCY", "HISTORY", "command"))
          .isEqualTo(new RespValue.Sequence(List.of()));
      assertThat(client.call("LATENCY", "RESET").toString()).isEqualTo("0");
      assertThat(client.call("LATENCY", "DOCTOR").toString()).contains("monitor is off");
      assertThat(client.call("LATENCY", "HELP").toString()).contains("HISTORY <event>");
      assertThat(client.call("LATENCY", "FOO").toString())
          .isEqualTo("ERR unknown subcommand 'FOO'. Try LATENCY HELP.");
      client.call("CONFIG", "SET", "latency-monitor-threshold", "1");
      // Twenty thousand writes in one request take longer than a millisecond.
      List<String> many = new ArrayList<>(List.of("MSET"));
      for (int i = 0; i < 20_000; i++) {
        many.add("key" + i);
        many.add("v");
      }
      client.call(many);
      assertThat(client.call("LATENCY", "LATEST").toString()).contains("command, ");
      assertThat(client.call("LATENCY", "HISTORY", "Command"))
          .isNotEqualTo(new RespValue.Sequence(List.of()));
      assertThat(client.call("LATENCY", "HISTORY", "fork"))
          .isEqualTo(new RespValue.Sequence(List.of()));
      assertThat(client.call("LATENCY", "DOCTOR").toString()).startsWith("In ");
      assertThat(client.call("LATENCY", "RESET", "fork").toString()).isEqualTo("0");
      client.call("CONFIG", "SET", "latency-monitor-threshold", "0");
      assertThat(client.call("LATENCY", "RESET", "command").toString()).isEqualTo("1");
    } finally {
      node.kill();
    }
  }
}
