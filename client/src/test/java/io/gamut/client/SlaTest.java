package io.gamut.client;

import static io.gamut.client.ScriptedServer.bulk;
import static io.gamut.client.ScriptedServer.receipted;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The best level that can be had in time. */
@Timeout(60)
final class SlaTest {
  private static final Sla SLA =
      Sla.first(Level.linearizable(), Duration.ofMillis(50))
          .orElse(Level.session(), Duration.ofSeconds(10))
          .orElse(Level.bounded(Duration.ofSeconds(2)));

  private static ScriptedServer.Script echoingLevels() {
    return request -> {
      String level = Objects.requireNonNull(request.level());
      return receipted(level.split(":", 2)[0], null, null, bulk("at " + level));
    };
  }

  @Test
  void theBestIsHadWhereItIsThere() {
    try (ScriptedServer server = ScriptedServer.with(echoingLevels());
        GamutClient client = GamutClient.of(server.address())) {
      // The first call of all also waits for a connection.
      ScriptedServer.await("it is had", () -> client.under(SLA).get("k").rank() == 0);
      SlaReply<Optional<Value>> reply = client.under(SLA).get("k");
      assertThat(reply.orElseThrow()).contains(Value.of("at linearizable"));
      assertThat(reply.level()).isEqualTo(Level.linearizable());
      assertThat(reply.elapsed()).isPositive();
    }
  }

  @Test
  void whatIsNotThereInTimeIsFollowedByTheNext() {
    CountDownLatch never = new CountDownLatch(1);
    try (ScriptedServer server =
            ScriptedServer.with(request -> {
              if (Objects.equals(request.level(), "linearizable")) {
                ScriptedServer.pass(never);
              }
              return echoingLevels().answer(request);
            });
        GamutClient client = GamutClient.of(server.address())) {
      SlaReply<Optional<Value>> reply = client.under(SLA).get("k");
      assertThat(reply.orElseThrow()).contains(Value.of("at session"));
      assertThat(reply.rank()).isEqualTo(1);
      assertThat(reply.elapsed()).isGreaterThanOrEqualTo(Duration.ofMillis(50));
      never.countDown();
    }
  }

  @Test
  void whatIsRefusedIsFollowedByTheNextAtOnce() {
    try (ScriptedServer server =
            ScriptedServer.with(request ->
                Objects.equals(request.level(), "bounded:2000")
                    ? echoingLevels().answer(request)
                    : "-ERR_LOST gone\r\n");
        GamutClient client = GamutClient.of(server.address())) {
      SlaReply<Optional<Value>> reply = client.under(SLA).runAsync(Command.get(new byte[1])).join();
      assertThat(reply.rank()).isEqualTo(2);
      assertThat(reply.orElseThrow()).contains(Value.of("at bounded:2000"));
    }
  }

  @Test
  void whereNothingCanBeHadTheReplySaysSo() {
    try (ScriptedServer server = ScriptedServer.with(_ -> "-ERR_LOST gone\r\n");
        GamutClient client = GamutClient.of(server.address())) {
      SlaReply<Optional<Value>> reply = client.under(SLA).get("k");
      assertThat(reply.rank()).isEqualTo(SlaReply.NONE);
      assertThat(reply.level()).isNull();
      assertThatThrownBy(reply::orElseThrow)
          .isInstanceOfSatisfying(
              RequestFailedException.class, e -> assertThat(e.fault()).isEqualTo(Fault.ERR_LOST));
    }
  }

  @Test
  void whatWasMissedAgainAndAgainComesLastAndIsProbed() {
    SlaMonitor monitor = new SlaMonitor();
    Sla.Alternative best = SLA.alternatives().getFirst();
    for (int i = 0; i < SlaMonitor.MISSES_MAX; i++) {
      assertThat(monitor.order(SLA)).containsExactly(0, 1, 2);
      monitor.onMissed(best);
    }
    assertThat(monitor.order(SLA)).containsExactly(1, 2, 0);
    ScriptedServer.await("it is probed", () -> monitor.order(SLA).getFirst() == 0);
    assertThat(monitor.order(SLA)).as("by one call").containsExactly(1, 2, 0);
    monitor.onHad(best);
    assertThat(monitor.order(SLA)).containsExactly(0, 1, 2);
  }

  @Test
  void theDeadlineOfTheHandleBoundsAllAlternativesTogether() {
    CountDownLatch never = new CountDownLatch(1);
    try (ScriptedServer server =
            ScriptedServer.with(_ -> {
              ScriptedServer.pass(never);
              return bulk("v");
            });
        GamutClient client = GamutClient.of(server.address())) {
      SlaReply<Optional<Value>> reply = client.within(Duration.ofMillis(200)).under(SLA).get("k");
      assertThat(reply.rank()).isEqualTo(SlaReply.NONE);
      assertThat(reply.elapsed()).isLessThan(Duration.ofSeconds(5));
      never.countDown();
    }
  }

  @Test
  void writesAreRefused() {
    try (GamutClient client = GamutClient.of("127.0.0.1:1")) {
      assertThatThrownBy(() -> client.under(SLA).run(Command.increment(new byte[1], 1)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("INCRBY");
    }
  }
}
