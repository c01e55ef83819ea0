package io.gamut.cli.launch;

import static org.assertj.core.api.Assertions.assertThat;

import io.gamut.client.GamutConnection;
import io.gamut.core.Consistency;
import io.gamut.core.NodeId;
import io.gamut.protocol.resp.RespValue;
import io.gamut.server.NodeConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every level can be a server's default, from the command line to the receipt. */
final class DefaultLevelTest {
  private static final Duration REPLY_MAX = Duration.ofSeconds(20);

  @ParameterizedTest
  @EnumSource(Consistency.class)
  void requestsThatAskForNoLevelHaveTheServersOwn(Consistency level, @TempDir Path data)
      throws Exception {
    NodeConfig config = NodeConfig.of(new NodeId(0), data.resolve("node")).at(level);
    RunningNode node = Launchers.fleetingProcesses(data, 0).start(config);
    try (GamutConnection connection =
        GamutConnection.open(node.respAddress().host(), node.respAddress().port(), REPLY_MAX)) {
      assertThat(connection.call("GAMUT", "LEVEL")).hasToString(level.toString());
      assertThat(connection.call("SET", "k", "v")).hasToString("OK");
      assertThat(connection.call("GAMUT", "RECEIPT", "ON")).hasToString("OK");
      requireAt(level, "OK", connection.call("SET", "k", "w"));
      requireAt(level, "w", connection.call("GET", "k"));
    } finally {
      node.kill();
    }
  }

  private static void requireAt(Consistency level, String expected, RespValue reply) {
    assertThat(reply)
        .isInstanceOfSatisfying(
            RespValue.Attributed.class,
            said -> {
              assertThat(said.value()).hasToString(expected);
              Map<String, RespValue> receipt = said.attributes();
              assertThat(receipt.get("level")).hasToString(level.toString());
              assertThat(receipt.get("state"))
                  .as("a weak write may have been absorbed already")
                  .matches(state ->
                      state.toString().equals("committed")
                          || (level.isWeak() && state.toString().equals("tentative")));
            });
  }
}
