package io.gamut.cli.launch;

import static io.gamut.client.Level.eventual;
import static io.gamut.client.Level.linearizable;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.gamut.client.ClientMetrics;
import io.gamut.client.Command;
import io.gamut.client.Fault;
import io.gamut.client.GamutClient;
import io.gamut.client.GamutConnection;
import io.gamut.client.Level;
import io.gamut.client.Outcome;
import io.gamut.client.Receipt;
import io.gamut.client.RequestFailedException;
import io.gamut.client.ScanPage;
import io.gamut.client.Session;
import io.gamut.client.SessionToken;
import io.gamut.client.Value;
import io.gamut.core.Consistency;
import io.gamut.core.NodeId;
import io.gamut.core.Version;
import io.gamut.overlay.Endpoint;
import io.gamut.server.NodeConfig;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The Java client and three real servers. */
@Timeout(180)
final class ClientTest {
  private static final Command<?> STATUS = Command.of(Command.Kind.READ, "GAMUT", "STATUS");

  @TempDir private Path directory = Path.of("");

  private final Fleet fleet = new Fleet(Launchers.embedded(), _ -> {});

  @BeforeEach
  void start() throws Exception {
    List<NodeConfig> configs = new ArrayList<>();
    for (int id = 0; id < 3; id++) {
      Endpoint listen = new Endpoint("127.0.0.1", Ports.freePair("127.0.0.1"));
      NodeConfig config =
          NodeConfig.of(new NodeId(id), directory.resolve("node-" + id)).listening(listen);
      configs.add(id == 0 ? config : config.joining(configs.getFirst().listen()));
    }
    fleet.start(configs);
    for (int id = 0; id < 3; id++) {
      try (GamutClient client = GamutClient.of(address(id))) {
        await(
            "all vote",
            () ->
                client
                    .at(eventual())
                    .run(STATUS)
                    .toString()
                    .contains("voters, Sequence[elements=[0, 1, 2]]"));
      }
    }
  }

  @AfterEach
  void stop() throws Exception {
    fleet.stop();
  }

  private String address(int id) {
    return fleet.nodes().get(id).respAddress().toString();
  }

  private GamutClient client() {
    return GamutClient.of(address(0), address(1), address(2));
  }

  private static void await(String what, BooleanSupplier condition) {
    long began = System.nanoTime();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime() - began).as(what).isLessThan(60_000_000_000L);
      LockSupport.parkNanos(10_000_000);
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static <T> Outcome.Ok<T> ok(Outcome<T> outcome) {
    return switch (outcome) {
      case Outcome.Ok<T> ok -> ok;
      case Outcome.Failed<T> failed -> throw new AssertionError(failed);
      case Outcome.Unknown<T> unknown -> throw new AssertionError(unknown);
    };
  }

  @Test
  void writesAreReadAtTheirLevelAndReceiptsSaySo() {
    try (GamutClient client = client()) {
      Receipt receipt =
          Objects.requireNonNull(ok(client.outcome(Command.put(bytes("k"), bytes("v")))).receipt());
      assertThat(receipt.level()).isEqualTo(Consistency.LINEARIZABLE);
      assertThat(receipt.outcome()).isEqualTo("applied");
      for (int i = 0; i < 20; i++) {
        assertThat(client.get("k")).contains(Value.of("v"));
      }
      client.at(eventual()).put("weak", "w");
      await(
          "the weak write is everywhere", () -> client.at(linearizable()).get("weak").isPresent());
      assertThat(client.putIfAbsent("weak", "x")).isFalse();
      assertThat(client.increment("n", 2)).isEqualTo(2);
      assertThat(client.append("k", "w")).isEqualTo(2);
      client.delete("k");
      assertThat(client.exists("k")).isFalse();
    }
  }

  @Test
  void historiesAreJoinedByAServer() throws Exception {
    try (GamutClient client = client()) {
      List<SessionToken> tokens = new ArrayList<>();
      for (String key : List.of("a", "b")) {
        Receipt receipt =
            Objects.requireNonNull(
                ok(client.outcome(Command.put(bytes(key), bytes("v")))).receipt());
        tokens.add(new SessionToken(Objects.requireNonNull(receipt.token())));
      }
      SessionToken both = client.join(tokens.toArray(SessionToken[]::new));
      assertThat(tokens).allMatch(token -> token.text().length() < both.text().length());
      Endpoint other = fleet.nodes().get(2).respAddress();
      try (GamutConnection connection =
          GamutConnection.open(other.host(), other.port(), Duration.ofSeconds(20))) {
        assertThat(connection.call("GAMUT", "SESSION", both.text())).hasToString("OK");
        assertThat(connection.call("GAMUT", "AT", "sequential", "GET", "b")).hasToString("v");
      }
    }
  }

  @Test
  void aSessionGoesFromServerToServer() {
    try (GamutClient client = client()) {
      for (Level level : List.of(Level.session(), Level.causal(), Level.sequential())) {
        Session session = Session.create();
        for (int i = 0; i < 60; i++) {
          // Each server on its own shows the write late; the session waits for it.
          try (GamutClient elsewhere = GamutClient.of(address(i % 3))) {
            elsewhere.in(session).at(level).put("of-" + level, "v" + i);
          }
          assertThat(client.in(session).at(level).get("of-" + level)).contains(Value.of("v" + i));
        }
        Session passedOn = Session.of(session.token());
        assertThat(client.in(passedOn).at(linearizable()).get("of-" + level))
            .contains(Value.of("v59"));
      }
    }
  }

  @Test
  void aClientThatKnowsOneServerFindsTheOthersAndOutlivesIt() throws Exception {
    List<List<String>> found = new CopyOnWriteArrayList<>();
    ClientMetrics listening =
        new ClientMetrics() {
          @Override
          public void onServers(List<String> servers) {
            found.add(servers);
          }
        };
    try (GamutClient client =
        GamutClient.builder()
            .servers(address(0))
            .discover(Duration.ofMillis(200))
            .metrics(listening)
            .build()) {
      client.put("k", "v");
      await(
          "all are known",
          () ->
              !found.isEmpty()
                  && Set.copyOf(found.getLast())
                      .equals(Set.of(address(0), address(1), address(2))));
      fleet.nodes().getFirst().kill();
      for (int i = 0; i < 20; i++) {
        assertThat(client.get("k")).contains(Value.of("v"));
      }
    }
  }

  @Test
  void readsAreBoundedOneByOne() {
    try (GamutClient client = client()) {
      client.put("k", "v");
      Outcome.Ok<?> read =
          ok(client.at(Level.bounded(Duration.ofSeconds(20))).outcome(Command.get(bytes("k"))));
      Receipt receipt = Objects.requireNonNull(read.receipt());
      assertThat(receipt.level()).isEqualTo(Consistency.BOUNDED);
      assertThat(client.at(Level.bounded(Duration.ZERO)).get("k")).contains(Value.of("v"));
    }
  }

  @Test
  void everyCommandDoesWhatItSays() {
    try (GamutClient client = client()) {
      assertThat(client.run(Command.compareVersionAndSet(bytes("k"), null, bytes("one")))).isTrue();
      assertThat(client.run(Command.compareVersionAndSet(bytes("k"), null, bytes("no")))).isFalse();
      Version version =
          Objects.requireNonNull(
              Objects.requireNonNull(ok(client.outcome(Command.get(bytes("k")))).receipt())
                  .version());
      assertThat(client.run(Command.compareVersionAndSet(bytes("k"), version, bytes("two"))))
          .isTrue();
      assertThat(client.run(Command.compareAndSet(bytes("k"), bytes("one"), bytes("no"))))
          .isFalse();
      assertThat(client.run(Command.compareAndSet(bytes("k"), bytes("two"), bytes("three"))))
          .isTrue();
      assertThat(client.run(Command.length(bytes("k")))).isEqualTo(5);
      assertThat(client.run(Command.range(bytes("k"), 1, -2))).isEqualTo(Value.of("hre"));
      assertThat(client.run(Command.setRange(bytes("k"), 4, bytes("w")))).isEqualTo(5);
      assertThat(client.run(Command.timeToLive(bytes("k")))).isEmpty();
      assertThat(client.run(Command.expireAt(bytes("k"), Instant.now().plusSeconds(60)))).isTrue();
      assertThat(client.run(Command.timeToLive(bytes("k")))).isPresent();
      assertThat(client.run(Command.persist(bytes("k")))).isTrue();
      assertThat(client.run(Command.getAndDelete(bytes("k")))).contains(Value.of("threw"));
      assertThat(client.run(Command.increment(bytes("d"), 0.5))).isEqualTo(0.5);
      assertThat(client.run(Command.putAll(Map.of("a", bytes("1"), "b", bytes("2"))))).isTrue();
      assertThat(client.run(Command.getAll(List.of(bytes("a"), bytes("x"), bytes("b")))))
          .containsExactly(
              Optional.of(Value.of("1")), Optional.empty(), Optional.of(Value.of("2")));
      List<String> found = new ArrayList<>();
      Value after = null;
      do {
        ScanPage page = client.run(Command.scan(after == null ? null : after.bytes(), 1));
        page.keys().forEach(key -> found.add(key.text()));
        after = page.next();
      } while (after != null);
      assertThat(found).containsExactly("a", "b", "d");
    }
  }

  @Test
  void whatAServerRefusesIsAFailureWithItsWords() {
    try (GamutClient client = client()) {
      client.put("text", "no number");
      assertThat(
              catchThrowableOfType(RequestFailedException.class, () -> client.increment("text", 1))
                  .fault())
          .isEqualTo(Fault.ERR);
    }
  }

  /** Each answered increment counts once, and one of unknown outcome at most once. */
  @Test
  void noIncrementIsLostOrDoneTwiceWhenAServerIsKilled() throws Exception {
    AtomicInteger answered = new AtomicInteger();
    AtomicInteger unknown = new AtomicInteger();
    List<String> failed = new ArrayList<>();
    List<CompletableFuture<Void>> writers = new ArrayList<>();
    try (GamutClient client =
        GamutClient.builder()
            .servers(address(0), address(1), address(2))
            .deadline(Duration.ofSeconds(30))
            .build()) {
      for (int t = 0; t < 8; t++) {
        CompletableFuture<Void> writer = new CompletableFuture<>();
        writers.add(writer);
        Thread.ofVirtual()
            .start(() -> {
              for (int i = 0; i < 100; i++) {
                switch (client.outcome(Command.increment(bytes("counter"), 1))) {
                  case Outcome.Ok<Long> _ -> answered.incrementAndGet();
                  case Outcome.Unknown<Long> _ -> unknown.incrementAndGet();
                  case Outcome.Failed<Long> failure -> {
                    synchronized (failed) {
                      failed.add(failure.toString());
                    }
                  }
                }
              }
              writer.complete(null);
            });
      }
      await("they are at it", () -> answered.get() > 100);
      fleet.nodes().get(1).kill();
      writers.forEach(CompletableFuture::join);
      long sum = client.increment("counter", 0);
      assertThat(sum)
          .as("answered %s, unknown %s, failed %s", answered, unknown, failed)
          .isBetween((long) answered.get(), (long) answered.get() + unknown.get());
      assertThat(answered.get()).isGreaterThan(400);
      assertThat(failed).isEmpty();
    }
  }
}
