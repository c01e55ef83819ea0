package io.gamut.client;

import static io.gamut.client.ScriptedServer.OK;
import static io.gamut.client.ScriptedServer.bulk;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Bounds on what is under way, the end of a client, and what is told to whoever counts. */
@Timeout(60)
final class BoundsTest {
  /** Answers nothing before it is released. */
  private static ScriptedServer held(CountDownLatch release) {
    return ScriptedServer.with(_ -> {
      ScriptedServer.pass(release);
      return bulk("v");
    });
  }

  @Test
  void oneCallMoreThanMayBeUnderWayHasFailedAtOnce() {
    CountDownLatch release = new CountDownLatch(1);
    try (ScriptedServer server = held(release);
        GamutClient client = GamutClient.builder().servers(server.address()).callsMax(10).build()) {
      List<CompletableFuture<Outcome<Optional<Value>>>> calls = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        calls.add(client.async().get("k"));
      }
      assertThatThrownBy(() -> client.get("k"))
          .isInstanceOfSatisfying(
              RequestFailedException.class, e -> assertThat(e.fault()).isEqualTo(Fault.FULL))
          .hasMessageContaining("10");
      release.countDown();
      calls.forEach(call -> assertThat(call.join()).isInstanceOf(Outcome.Ok.class));
      assertThat(client.get("k")).as("there is room again").isPresent();
    }
  }

  @Test
  void whatAConnectionHasNoRoomForWaitsInTheClientAndIsMade() {
    CountDownLatch release = new CountDownLatch(1);
    try (ScriptedServer server = held(release);
        GamutClient client =
            GamutClient.builder()
                .servers(server.address())
                .connectionsPerLane(1)
                .pipelineMax(3)
                .build()) {
      List<CompletableFuture<Outcome<Optional<Value>>>> calls = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        calls.add(client.async().get("k"));
      }
      assertThat(
              client.within(Duration.ofMillis(50)).outcome(Command.put(new byte[1], new byte[1])))
          .as("a write that waited in the client was with nobody")
          .isInstanceOfSatisfying(
              Outcome.Failed.class, f -> assertThat(f.fault()).isEqualTo(Fault.DEADLINE));
      release.countDown();
      calls.forEach(call -> assertThat(call.join()).isInstanceOf(Outcome.Ok.class));
      assertThat(server.received("SET")).isZero();
    }
  }

  @Test
  void manyThreadsGetTheirOwnAnswers() {
    try (ScriptedServer server = ScriptedServer.with(request -> bulk(request.word(1)));
        GamutClient client =
            GamutClient.builder().servers(server.address()).pipelineMax(7).build()) {
      List<CompletableFuture<Void>> threads = new ArrayList<>();
      for (int t = 0; t < 50; t++) {
        String mine = "k" + t + "-";
        CompletableFuture<Void> done = new CompletableFuture<>();
        threads.add(done);
        Thread.ofVirtual()
            .start(() -> {
              try {
                for (int i = 0; i < 100; i++) {
                  assertThat(client.at(Level.eventual()).get(mine + i))
                      .contains(Value.of(mine + i));
                }
                done.complete(null);
              } catch (Throwable e) {
                done.completeExceptionally(e);
              }
            });
      }
      threads.forEach(CompletableFuture::join);
    }
  }

  @Test
  void whatDependsOnAFutureMayBlock() {
    try (ScriptedServer server = ScriptedServer.with(request -> bulk(request.word(1)));
        GamutClient client =
            GamutClient.builder().servers(server.address()).connectionsPerLane(1).build()) {
      assertThat(client.async().get("a").thenApply(_ -> client.get("b")).join())
          .contains(Value.of("b"));
    }
  }

  @Test
  void closeWaitsForWhatIsUnderWay() {
    CountDownLatch release = new CountDownLatch(1);
    try (ScriptedServer server = held(release)) {
      GamutClient client = GamutClient.of(server.address());
      CompletableFuture<Outcome<Optional<Value>>> call = client.async().get("k");
      ScriptedServer.await("it was asked", () -> server.received("GET") == 1);
      CompletableFuture<Void> closed = CompletableFuture.runAsync(client::close);
      ScriptedServer.await(
          "no more is taken",
          () ->
              client.within(Duration.ofMillis(10)).outcome(Command.of(Command.Kind.READ, "PING"))
                      instanceof Outcome.Failed<?>(Fault fault, String _)
                  && fault == Fault.CLOSED);
      assertThat(closed).isNotDone();
      release.countDown();
      assertThat(call.join()).isInstanceOf(Outcome.Ok.class);
      closed.join();
      ScriptedServer.await("no connection is left", () -> server.connections() == 0);
    }
  }

  @Test
  void closeEndsWhatTakesTooLong() {
    CountDownLatch release = new CountDownLatch(1);
    try (ScriptedServer server = held(release)) {
      GamutClient client =
          GamutClient.builder().servers(server.address()).closeLimit(Duration.ZERO).build();
      CompletableFuture<Outcome<Boolean>> write = client.async().put("k", "v");
      CompletableFuture<Outcome<Optional<Value>>> read =
          client.at(Level.eventual()).async().get("k");
      ScriptedServer.await(
          "both are there", () -> server.received("SET") + server.received("GET") == 2);
      client.close();
      assertThat(write.join()).isInstanceOf(Outcome.Unknown.class);
      assertThat(read.join())
          .isInstanceOfSatisfying(
              Outcome.Failed.class, f -> assertThat(f.fault()).isEqualTo(Fault.CLOSED));
      release.countDown();
      assertThatCode(client::close).as("again").doesNotThrowAnyException();
    }
  }

  @Test
  void metricsSeeEveryCallAndAFaultOfTheirsChangesNothing() {
    List<ClientMetrics.Finished> finished = new CopyOnWriteArrayList<>();
    List<String> lines = new CopyOnWriteArrayList<>();
    ClientMetrics metrics =
        new ClientMetrics() {
          @Override
          public void onFinished(Finished call) {
            finished.add(call);
            throw new IllegalStateException("a fault of the metrics");
          }

          @Override
          public void onRetry(String command, String server, Fault fault) {
            lines.add("retry " + command + " " + fault);
          }

          @Override
          public void onConnected(String server) {
            lines.add("connected " + server);
          }
        };
    CountDownLatch refusedOnce = new CountDownLatch(1);
    try (ScriptedServer server =
            ScriptedServer.with(_ -> {
              if (refusedOnce.getCount() > 0) {
                refusedOnce.countDown();
                return "-BUSY starting\r\n";
              }
              return OK;
            });
        GamutClient client =
            GamutClient.builder().servers(server.address()).metrics(metrics).build()) {
      client.at(Level.eventual()).put("k", "v");
      assertThat(finished).hasSize(1);
      ClientMetrics.Finished call = finished.getFirst();
      assertThat(call.command()).isEqualTo("SET");
      assertThat(call.level()).isEqualTo(Level.eventual());
      assertThat(call.server()).isEqualTo(server.address());
      assertThat(call.nanos()).isPositive();
      assertThat(call.attempts()).isEqualTo(2);
      assertThat(call.ending()).isEqualTo(ClientMetrics.Ending.OK);
      assertThat(lines).containsExactly("connected " + server.address(), "retry SET BUSY");
    }
  }

  @Test
  void allFaultsOfABuilderAreNamedAtOnce() {
    assertThatThrownBy(() ->
            GamutClient.builder()
                .servers("no port", "127.0.0.1:70000", "[::1]:1")
                .deadline(Duration.ZERO)
                .backoff(Duration.ofSeconds(2), Duration.ofSeconds(1))
                .connectionsPerLane(65)
                .callsMax(0)
                .build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll(
            "'no port'", "70000", "deadline", "backoff", "connectionsPerLane", "65", "callsMax")
        .hasMessageNotContaining("::1");
    assertThatThrownBy(() -> GamutClient.builder().build()).hasMessageContaining("servers");
  }
}
