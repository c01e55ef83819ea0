package io.gamut.client;

import static io.gamut.client.ScriptedServer.HANG_UP;
import static io.gamut.client.ScriptedServer.OK;
import static io.gamut.client.ScriptedServer.bulk;
import static io.gamut.client.ScriptedServer.receipted;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What each way of ending makes of a call, and what is tried again. */
@Timeout(60)
final class OutcomesTest {
  private static final Command<Boolean> PUT = Command.put(new byte[] {'k'}, new byte[] {'v'});
  private static final Command<Optional<Value>> GET = Command.get(new byte[] {'k'});

  private static ClientBuilder quick(ScriptedServer... servers) {
    String[] addresses = new String[servers.length];
    for (int i = 0; i < servers.length; i++) {
      addresses[i] = servers[i].address();
    }
    return GamutClient.builder()
        .servers(addresses)
        .backoff(Duration.ofMillis(1), Duration.ofMillis(5))
        .avoidance(Duration.ofMillis(1), Duration.ofMillis(20));
  }

  @Test
  void anAnswerComesWithItsReceipt() {
    try (ScriptedServer server =
            ScriptedServer.with(_ -> receipted("causal", "abc", null, bulk("v")));
        GamutClient client = quick(server).build()) {
      assertThat(client.at(Level.causal()).outcome(GET))
          .isInstanceOfSatisfying(
              Outcome.Ok.class,
              ok -> {
                assertThat(ok.value()).isEqualTo(Optional.of(Value.of("v")));
                assertThat(ok.receipt()).isNotNull();
              });
      assertThat(server.received().getFirst().level()).isEqualTo("causal");
    }
  }

  @Test
  void bytesOfAnyKindComeThroughBothWays() {
    byte[] strange = new byte[256];
    for (int i = 0; i < strange.length; i++) {
      strange[i] = (byte) i;
    }
    AtomicReference<String> stored = new AtomicReference<>("");
    try (ScriptedServer server =
            ScriptedServer.with(request -> {
              if (request.name().equals("SET")) {
                stored.set(request.word(2));
                return OK;
              }
              return bulk(Objects.requireNonNull(stored.get()));
            });
        GamutClient client = quick(server).build()) {
      client.put(strange, strange);
      assertThat(client.get(strange).orElseThrow().bytes()).isEqualTo(strange);
    }
  }

  @Test
  void aWriteWhoseConnectionEndsBeforeItsReplyIsUnknownAndMadeOnce() {
    try (ScriptedServer one = ScriptedServer.with(_ -> HANG_UP);
        ScriptedServer other = ScriptedServer.with(_ -> HANG_UP);
        GamutClient client = quick(one, other).build()) {
      assertThat(client.outcome(PUT)).isInstanceOf(Outcome.Unknown.class);
      assertThat(one.received("SET") + other.received("SET")).isEqualTo(1);
      assertThatThrownBy(() -> client.put("k", "v"))
          .isInstanceOf(UnknownOutcomeException.class)
          .isInstanceOf(GamutException.class)
          .hasMessageContaining("127.0.0.1");
    }
  }

  @Test
  void aReadWhoseConnectionEndsIsAskedElsewhere() {
    try (ScriptedServer broken = ScriptedServer.with(_ -> HANG_UP);
        ScriptedServer well = ScriptedServer.with(_ -> bulk("v"));
        GamutClient client = quick(broken, well).build()) {
      ScriptedServer.await(
          "the broken one was asked",
          () -> {
            assertThat(client.get("k")).contains(Value.of("v"));
            return broken.received("GET") > 0;
          });
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"BUSY", "NOQUORUM", "CLOCK", "ERR_DEP"})
  void aWriteThatWasRefusedForNowIsTriedElsewhere(String word) {
    try (ScriptedServer refusing = ScriptedServer.with(_ -> "-" + word + " not now\r\n");
        ScriptedServer well = ScriptedServer.with(_ -> OK);
        GamutClient client = quick(refusing, well).build()) {
      ScriptedServer.await(
          "the refusing one was asked",
          () -> {
            client.put("k", "v");
            return refusing.received("SET") > 0;
          });
    }
  }

  @Test
  void whatIsWrongIsNotTriedAgain() {
    try (ScriptedServer server = ScriptedServer.with(_ -> "-ERR syntax error\r\n");
        GamutClient client = quick(server).build()) {
      assertThatThrownBy(() -> client.get("k"))
          .isInstanceOfSatisfying(
              RequestFailedException.class, e -> assertThat(e.fault()).isEqualTo(Fault.ERR))
          .hasMessageContaining("syntax error");
      assertThat(server.received("GET")).isEqualTo(1);
    }
  }

  @Test
  void whatIsLostIsNotAskedForAgain() {
    try (ScriptedServer server = ScriptedServer.with(_ -> "-ERR_LOST gone\r\n");
        GamutClient client = quick(server).build()) {
      assertThat(client.outcome(GET))
          .isInstanceOfSatisfying(
              Outcome.Failed.class, f -> assertThat(f.fault()).isEqualTo(Fault.ERR_LOST));
      assertThat(server.received("GET")).isEqualTo(1);
    }
  }

  @Test
  void attemptsHaveAnEnd() {
    try (ScriptedServer server = ScriptedServer.with(_ -> "-NOQUORUM none\r\n");
        GamutClient client = quick(server).attemptsMax(3).build()) {
      assertThat(client.outcome(PUT))
          .isInstanceOfSatisfying(
              Outcome.Failed.class, f -> assertThat(f.fault()).isEqualTo(Fault.NOQUORUM));
      assertThat(server.received("SET")).isEqualTo(3);
    }
  }

  @Test
  void aWriteThatTheServerDoesNotKnowOfIsUnknownAndMadeOnce() {
    try (ScriptedServer server = ScriptedServer.with(_ -> "-UNKNOWN the leader vanished\r\n");
        GamutClient client = quick(server).build()) {
      assertThat(client.outcome(PUT)).isInstanceOf(Outcome.Unknown.class);
      assertThat(server.received("SET")).isEqualTo(1);
    }
  }

  @Test
  void aReadIsNeverUnknown() {
    try (ScriptedServer server = ScriptedServer.with(_ -> "-UNKNOWN strange\r\n");
        GamutClient client = quick(server).attemptsMax(2).build()) {
      assertThat(client.outcome(GET))
          .isInstanceOfSatisfying(
              Outcome.Failed.class, f -> assertThat(f.fault()).isEqualTo(Fault.NO_ANSWER));
      assertThat(server.received("GET")).isEqualTo(2);
    }
  }

  @Test
  void anErrorWhoseReceiptSaysUnknownIsUnknownThoughItsWordDoesNot() {
    try (ScriptedServer server =
            ScriptedServer.with(
                _ -> receipted("eventual", null, "unknown", "-BUSY half was deleted\r\n"));
        GamutClient client = quick(server).build()) {
      assertThat(client.at(Level.eventual()).outcome(PUT)).isInstanceOf(Outcome.Unknown.class);
      assertThat(server.received("SET")).isEqualTo(1);
    }
  }

  @Test
  void aWriteAnsweredWithWhatCannotBeUnderstoodIsUnknown() {
    try (ScriptedServer server = ScriptedServer.with(_ -> ":1\r\n");
        GamutClient client = quick(server).build()) {
      assertThat(client.outcome(PUT)).isInstanceOf(Outcome.Unknown.class);
      assertThat(client.outcome(GET))
          .isInstanceOfSatisfying(
              Outcome.Failed.class, f -> assertThat(f.fault()).isEqualTo(Fault.UNREADABLE));
    }
  }

  @Test
  void whatIsNotRespEndsTheConnectionAndLeavesAWriteUnknown() {
    try (ScriptedServer server = ScriptedServer.with(_ -> "HTTP/1.1 400\r\n");
        GamutClient client = quick(server).build()) {
      assertThat(client.outcome(PUT)).isInstanceOf(Outcome.Unknown.class);
    }
  }

  // Deadlines

  @Test
  void aDeadlineThatPassesForASentWriteLeavesItUnknown() {
    CountDownLatch never = new CountDownLatch(1);
    try (ScriptedServer server =
            ScriptedServer.with(_ -> {
              ScriptedServer.pass(never);
              return OK;
            });
        GamutClient client = quick(server).closeLimit(Duration.ZERO).build()) {
      Outcome<Boolean> outcome = client.within(Duration.ofMillis(50)).outcome(PUT);
      assertThat(outcome).isInstanceOf(Outcome.Unknown.class);
      never.countDown();
    }
  }

  @Test
  void aDeadlineThatPassesForAReadIsAFailure() {
    CountDownLatch never = new CountDownLatch(1);
    try (ScriptedServer server =
            ScriptedServer.with(_ -> {
              ScriptedServer.pass(never);
              return OK;
            });
        GamutClient client = quick(server).build()) {
      assertThat(client.within(Duration.ofMillis(50)).outcome(GET))
          .isInstanceOfSatisfying(
              Outcome.Failed.class, f -> assertThat(f.fault()).isEqualTo(Fault.DEADLINE));
      never.countDown();
    }
  }

  @Test
  void aWriteThatFoundNoServerHasFailedByItsDeadlineAndSaysWhy() {
    String nobody = "127.0.0.1:" + ScriptedServer.freePort();
    try (GamutClient client = GamutClient.of(nobody)) {
      assertThat(client.within(Duration.ofMillis(100)).outcome(PUT))
          .isInstanceOfSatisfying(
              Outcome.Failed.class,
              f -> {
                assertThat(f.fault()).isEqualTo(Fault.DEADLINE);
                assertThat(f.message()).contains(nobody).contains("no connection");
              });
    }
  }

  @Test
  void aWriteWhoseDeadlinePassedIsNotSentAnyMore() {
    int port = ScriptedServer.freePort();
    try (GamutClient client =
        GamutClient.builder()
            .servers("127.0.0.1:" + port)
            .avoidance(Duration.ofMillis(1), Duration.ofMillis(20))
            .build()) {
      assertThat(client.within(Duration.ofMillis(50)).outcome(PUT))
          .isInstanceOf(Outcome.Failed.class);
      try (ScriptedServer server = ScriptedServer.at(port, _ -> bulk("v"))) {
        assertThat(client.get("k")).isPresent();
        assertThat(server.received("SET")).isZero();
      }
    }
  }

  @Test
  void anInterruptEndsTheWaitAndStays() throws InterruptedException {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch never = new CountDownLatch(1);
    try (ScriptedServer server =
            ScriptedServer.with(_ -> {
              asked.countDown();
              ScriptedServer.pass(never);
              return OK;
            });
        GamutClient client = quick(server).build()) {
      AtomicReference<String> seen = new AtomicReference<>("");
      Thread waiting =
          Thread.ofVirtual()
              .start(() -> {
                Outcome<Boolean> outcome = client.outcome(PUT);
                seen.set(
                    outcome.getClass().getSimpleName() + Thread.currentThread().isInterrupted());
              });
      ScriptedServer.pass(asked);
      waiting.interrupt();
      waiting.join();
      assertThat(seen).hasValue("Unknowntrue");
      never.countDown();
    }
  }
}
