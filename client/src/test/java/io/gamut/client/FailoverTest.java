package io.gamut.client;

import static io.gamut.client.ScriptedServer.OK;
import static io.gamut.client.ScriptedServer.bulk;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Servers that end, come back, or fall silent while requests are under way. */
@Timeout(60)
final class FailoverTest {
  private static ClientBuilder quick(String... servers) {
    return GamutClient.builder()
        .servers(servers)
        .backoff(Duration.ofMillis(1), Duration.ofMillis(5))
        .avoidance(Duration.ofMillis(1), Duration.ofMillis(20));
  }

  private static ClientMetrics noting(Collection<String> connected) {
    return new ClientMetrics() {
      @Override
      public void onConnected(String server) {
        connected.add(server);
      }
    };
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** Of a long pipeline a server carries out a part, and ends; nothing may be done twice. */
  @Test
  void aServerThatEndsInTheMiddleOfAPipelineCostsItsWritesTheirOutcomeAndNoOther() {
    Map<String, AtomicInteger> done = new ConcurrentHashMap<>();
    AtomicInteger byTheFirst = new AtomicInteger();
    Set<String> connected = ConcurrentHashMap.newKeySet();
    ScriptedServer.Script counting =
        request -> {
          done.computeIfAbsent(request.word(1), _ -> new AtomicInteger()).incrementAndGet();
          return OK;
        };
    try (ScriptedServer ending =
            ScriptedServer.with(request -> {
              String answer = counting.answer(request);
              return byTheFirst.incrementAndGet() > 20 ? ScriptedServer.HANG_UP : answer;
            });
        ScriptedServer well = ScriptedServer.with(counting);
        GamutClient client =
            quick(ending.address(), well.address()).metrics(noting(connected)).build()) {
      // Before it has both, all may go to the one that it met first.
      client.at(Level.eventual()).put("before", "v");
      ScriptedServer.await("it is connected to both", () -> connected.size() == 2);
      List<CompletableFuture<Outcome<Boolean>>> writes = new ArrayList<>();
      for (int i = 0; i < 2_000; i++) {
        writes.add(client.at(Level.eventual()).async().put("k" + i, "v"));
      }
      int unknown = 0;
      for (int i = 0; i < writes.size(); i++) {
        int times = done.getOrDefault("k" + i, new AtomicInteger()).get();
        switch (writes.get(i).join()) {
          case Outcome.Ok<Boolean> _ -> assertThat(done.get("k" + i)).as("answered").hasValue(1);
          case Outcome.Unknown<Boolean> _ -> {
            unknown++;
            assertThat(times).as("of unknown outcome").isLessThanOrEqualTo(1);
          }
          case Outcome.Failed<Boolean> failed ->
              throw new AssertionError("one server was well, and yet: " + failed);
        }
      }
      assertThat(unknown).as("the one that was carried out and not answered").isPositive();
      assertThat(well.received("SET")).isPositive();
    }
  }

  /** What the writer never took is certainly with nobody else, and goes to the next server. */
  @Test
  void writesThatNeverLeftAreMadeElsewhere() throws Exception {
    int later = ScriptedServer.freePort();
    try (ServerSocket stuck = new ServerSocket()) {
      stuck.setReceiveBufferSize(4_096);
      stuck.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      CountDownLatch begun = new CountDownLatch(1);
      CountDownLatch released = new CountDownLatch(1);
      Thread.ofPlatform().daemon().start(() -> takeAPart(stuck, begun, released));
      try (GamutClient client =
          quick("127.0.0.1:" + stuck.getLocalPort(), "127.0.0.1:" + later)
              .connectionsPerLane(1)
              .build()) {
        AsyncKeyValue eventually = client.at(Level.eventual()).async();
        // More than both kernels hold: the writer is within it until the server goes on reading.
        CompletableFuture<Outcome<Boolean>> huge =
            eventually.run(Command.put(bytes("huge"), new byte[8 << 20]));
        ScriptedServer.pass(begun);
        CompletableFuture<Outcome<Boolean>> unsent = eventually.put("unsent", "v");
        try (ScriptedServer well = ScriptedServer.at(later, _ -> OK)) {
          released.countDown();
          assertThat(huge.join()).isInstanceOf(Outcome.Unknown.class);
          assertThat(unsent.join()).isInstanceOf(Outcome.Ok.class);
          assertThat(well.received()).hasSize(1);
        }
      }
    }
  }

  /** Greets, reads the beginning of a huge request, and no more; ends when it is told. */
  private static void takeAPart(
      ServerSocket listening, CountDownLatch begun, CountDownLatch released) {
    try (Socket socket = listening.accept()) {
      socket.getOutputStream().write(bytes("%0\r\n+OK\r\n"));
      int taken = socket.getInputStream().readNBytes(1 << 16).length;
      assertThat(taken).isEqualTo(1 << 16);
      begun.countDown();
      ScriptedServer.pass(released);
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aServerThatComesBackIsUsedAgain() {
    int port = ScriptedServer.freePort();
    try (GamutClient client = quick("127.0.0.1:" + port).build()) {
      try (ScriptedServer before = ScriptedServer.at(port, _ -> bulk("before"))) {
        assertThat(client.get("k")).contains(Value.of("before"));
        assertThat(before.received("GET")).isPositive();
      }
      try (ScriptedServer after = ScriptedServer.at(port, _ -> bulk("after"))) {
        assertThat(client.get("k")).contains(Value.of("after"));
        assertThat(after.received("GET")).isPositive();
      }
    }
  }

  @Test
  void aServerThatFailsIsAvoidedWhileAnotherIsWell() {
    try (ScriptedServer failing = ScriptedServer.with(_ -> "-BUSY stopping\r\n");
        ScriptedServer well = ScriptedServer.with(_ -> bulk("v"));
        GamutClient client =
            GamutClient.builder()
                .servers(failing.address(), well.address())
                .avoidance(Duration.ofMinutes(1), Duration.ofMinutes(1))
                .build()) {
      for (int i = 0; i < 200; i++) {
        assertThat(client.get("k")).contains(Value.of("v"));
      }
      assertThat(failing.received("GET"))
          .as("asked by the first call only, which may not have had another yet")
          .isLessThanOrEqualTo(5);
    }
  }

  @Test
  void readsAreAskedElsewhereWhenAServerFallsSilent() {
    CountDownLatch never = new CountDownLatch(1);
    try (ScriptedServer silent =
            ScriptedServer.with(_ -> {
              ScriptedServer.pass(never);
              return OK;
            });
        ScriptedServer well = ScriptedServer.with(_ -> bulk("v"));
        GamutClient client =
            quick(silent.address(), well.address()).deadline(Duration.ofSeconds(2)).build()) {
      ScriptedServer.await(
          "the silent one was asked",
          () -> {
            assertThat(client.get("k")).contains(Value.of("v"));
            return silent.received("GET") > 0;
          });
      never.countDown();
    }
  }

  @Test
  void aConnectionThatIsSilentForTooLongIsGivenUp() {
    CountDownLatch never = new CountDownLatch(1);
    try (ScriptedServer server =
            ScriptedServer.with(_ -> {
              ScriptedServer.pass(never);
              return OK;
            });
        GamutClient client = quick(server.address()).silenceMax(Duration.ofMillis(100)).build()) {
      assertThat(client.outcome(Command.put(bytes("k"), bytes("v"))))
          .isInstanceOfSatisfying(
              Outcome.Unknown.class, unknown -> assertThat(unknown.reason()).contains("silent"));
      never.countDown();
    }
  }

  /** A server runs a connection's requests in order; a strong one may wait there for seconds. */
  @Test
  void weakRequestsDoNotWaitBehindStrongOnes() {
    CountDownLatch majority = new CountDownLatch(1);
    try (ScriptedServer server =
            ScriptedServer.with(request -> {
              if ("linearizable".equals(request.level())) {
                ScriptedServer.pass(majority);
              }
              return bulk("v");
            });
        GamutClient client = quick(server.address()).build()) {
      CompletableFuture<Outcome<Optional<Value>>> strong =
          client.at(Level.linearizable()).async().get("k");
      assertThat(client.at(Level.eventual()).get("k")).contains(Value.of("v"));
      assertThat(strong).isNotDone();
      majority.countDown();
      assertThat(strong.join().orElseThrow()).contains(Value.of("v"));
    }
  }

  @Test
  void strongRequestsThatWaitGetMoreConnections() {
    Collection<String> connected = new ConcurrentLinkedQueue<>();
    CountDownLatch both = new CountDownLatch(2);
    try (ScriptedServer server =
            ScriptedServer.with(request -> {
              if (request.name().equals("GET")) {
                both.countDown();
                ScriptedServer.pass(both);
              }
              return bulk("v");
            });
        GamutClient client = quick(server.address()).metrics(noting(connected)).build()) {
      CompletableFuture<Outcome<Optional<Value>>> one = client.async().get("k");
      ScriptedServer.await("one waits", () -> server.received("GET") == 1);
      // Shares a connection with the first, and has the next one opened.
      CompletableFuture<?> behind = client.async().run(Command.length(bytes("k")));
      ScriptedServer.await("another is there", () -> connected.size() == 2);
      assertThat(client.get("k")).contains(Value.of("v"));
      assertThat(one.join().orElseThrow()).contains(Value.of("v"));
      assertThat(behind.join()).isNotNull();
    }
  }
}
