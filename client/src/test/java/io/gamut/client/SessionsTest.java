package io.gamut.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Histories that go from connection to connection, server to server, program to program. */
@Timeout(60)
final class SessionsTest {
  private static ClientBuilder quick(String... servers) {
    return GamutClient.builder()
        .servers(servers)
        .attemptsMax(1_000)
        .backoff(Duration.ofMillis(1), Duration.ofMillis(5))
        .avoidance(Duration.ofMillis(1), Duration.ofMillis(20));
  }

  @Test
  void aSessionSeesItsOwnWritesAlsoAtAServerThatLagsBehind() {
    try (LaggingServers servers = new LaggingServers(2);
        GamutClient client = quick(servers.addresses()).build()) {
      Session session = Session.create();
      Handle mine = client.in(session).at(Level.session());
      for (int i = 0; i < 50; i++) {
        mine.put("k", "v" + i);
        assertThat(mine.get("k")).contains(Value.of("v" + i));
      }
    }
  }

  @Test
  void aSessionGoesOnAtAnotherServerOnceThatHasCaughtUp() {
    try (LaggingServers servers = new LaggingServers(2);
        GamutClient first = quick(servers.server(0).address()).build();
        GamutClient both = quick(servers.addresses()).build()) {
      Session session = Session.create();
      first.in(session).at(Level.causal()).put("k", "v");
      servers.server(0).close();
      CompletableFuture<Outcome<java.util.Optional<Value>>> read =
          both.in(session).at(Level.causal()).async().get("k");
      ScriptedServer.await("it was told to wait", () -> servers.server(1).received("GET") > 2);
      assertThat(read).isNotDone();
      servers.catchUp(1);
      assertThat(read.join().orElseThrow()).contains(Value.of("v"));
    }
  }

  @Test
  void aSessionStaysWhereItsHistoryIs() {
    try (LaggingServers servers = new LaggingServers(5);
        GamutClient client = quick(servers.addresses()).build()) {
      ScriptedServer.await(
          "all servers are connected",
          () -> {
            client.at(Level.eventual()).put("other", "v");
            return java.util.stream.IntStream.range(0, 5)
                .allMatch(i -> servers.server(i).connections() > 0);
          });
      Handle mine = client.in(Session.create()).at(Level.session());
      for (int i = 0; i < 100; i++) {
        mine.put("k", "v");
      }
      long most = 0;
      for (int i = 0; i < 5; i++) {
        most =
            Math.max(
                most,
                servers.server(i).received().stream()
                    .filter(request -> request.token() != null)
                    .count());
      }
      assertThat(most).isEqualTo(100);
    }
  }

  @Test
  void aTokenGoesToAnotherProgramAsText() {
    try (LaggingServers servers = new LaggingServers(2);
        GamutClient here = quick(servers.server(0).address()).build();
        GamutClient there = quick(servers.addresses()).build()) {
      Session session = Session.create();
      here.in(session).at(Level.causal()).put("k", "v");
      SessionToken token = SessionToken.of(session.token().bytes());
      Session continued = Session.of(new SessionToken(token.toString()));
      assertThat(there.in(continued).at(Level.causal()).get("k")).contains(Value.of("v"));
    }
  }

  @Test
  void historiesCanBeJoined() {
    try (LaggingServers servers = new LaggingServers(1);
        GamutClient client = quick(servers.addresses()).build()) {
      assertThat(client.join()).isEqualTo(SessionToken.EMPTY);
      assertThat(client.join(SessionToken.EMPTY, new SessionToken("seen-3")).text())
          .isEqualTo("seen-3");
      assertThat(client.join(new SessionToken("seen-3"), new SessionToken("seen-8")).text())
          .isEqualTo("seen-8");
    }
  }

  @Test
  void callsOfASessionAreMadeOneAfterTheOtherInTheirOrder() {
    AtomicInteger together = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    List<String> order = new ArrayList<>();
    try (ScriptedServer server =
            ScriptedServer.with(request -> {
              most.accumulateAndGet(together.incrementAndGet(), Math::max);
              synchronized (order) {
                order.add(request.word(2) + " after " + request.token());
              }
              together.decrementAndGet();
              return ScriptedServer.receipted(
                  "linearizable", "t" + request.word(2), "applied", ScriptedServer.OK);
            });
        GamutClient client = quick(server.address()).build()) {
      AsyncKeyValue mine = client.in(Session.create()).async();
      List<CompletableFuture<Outcome<Boolean>>> calls = new ArrayList<>();
      List<String> expected = new ArrayList<>();
      for (int i = 0; i < 1_000; i++) {
        calls.add(mine.put("k", Integer.toString(i)));
        expected.add(i + " after " + (i == 0 ? "" : "t" + (i - 1)));
      }
      calls.forEach(call -> assertThat(call.join()).isInstanceOf(Outcome.Ok.class));
      assertThat(order).isEqualTo(expected);
      assertThat(most).hasValue(1);
    }
  }

  @Test
  void aCallThatIsGivenUpInTheQueueOfItsSessionDoesNotHoldUpTheOthers() {
    CountDownLatch release = new CountDownLatch(1);
    try (ScriptedServer server =
            ScriptedServer.with(_ -> {
              ScriptedServer.pass(release);
              return ScriptedServer.OK;
            });
        GamutClient client = quick(server.address()).build()) {
      Handle mine = client.in(Session.create());
      CompletableFuture<Outcome<Boolean>> first = mine.async().put("k", "first");
      List<CompletableFuture<Outcome<Boolean>>> given = new ArrayList<>();
      for (int i = 0; i < 5_000; i++) {
        given.add(mine.within(Duration.ofMillis(20)).async().put("k", "late"));
      }
      CompletableFuture<Outcome<Boolean>> last = mine.async().put("k", "last");
      given.forEach(call ->
          assertThat(call.join())
              .isInstanceOfSatisfying(
                  Outcome.Failed.class, f -> assertThat(f.message()).contains("session was busy")));
      release.countDown();
      assertThat(first.join()).isInstanceOf(Outcome.Ok.class);
      assertThat(last.join()).isInstanceOf(Outcome.Ok.class);
      assertThat(server.received("SET")).isEqualTo(2);
    }
  }

  @Test
  void callsWithoutASessionHaveAHistoryOfTheirOwnWhereALevelIsAboutOne() {
    try (ScriptedServer server = ScriptedServer.with(_ -> ScriptedServer.bulk("v"));
        GamutClient client = quick(server.address()).build()) {
      client.at(Level.causal()).get("k");
      client.at(Level.eventual()).get("k");
      client.at(Level.bounded(Duration.ofSeconds(2))).get("k");
      assertThat(server.received())
          .extracting(request -> request.token() + "/" + request.level())
          .containsExactly("/causal", "null/eventual", "null/bounded:2000");
    }
  }

  @Test
  void whatIsNoTokenIsNotSent() {
    assertThatThrownBy(() -> new SessionToken("a b")).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new SessionToken("ä")).isInstanceOf(IllegalArgumentException.class);
  }
}
