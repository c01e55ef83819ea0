package io.gamut.client;

import static io.gamut.client.ScriptedServer.OK;
import static io.gamut.client.ScriptedServer.bulk;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A client that is told of some servers and asks them for the others. */
@Timeout(60)
final class DiscoveryTest {
  private static final String ALONE = "no other";

  private final List<ScriptedServer> servers = new ArrayList<>();
  private final List<List<String>> found = new CopyOnWriteArrayList<>();

  /** A server as another tells of it. */
  private record Node(String id, String host, long port, boolean isHere) {
    String told() {
      return "%7\r\n"
          + bulk("id")
          + bulk(id)
          + bulk("port")
          + ":"
          + port
          + "\r\n"
          + bulk("ip")
          + bulk(host)
          + bulk("endpoint")
          + bulk(host)
          + bulk("role")
          + bulk(isHere ? "master" : "replica")
          + bulk("replication-offset")
          + ":0\r\n"
          + bulk("health")
          + bulk("online");
    }
  }

  private static String shards(List<Node> nodes) {
    StringBuilder all =
        new StringBuilder("*1\r\n%2\r\n" + bulk("slots") + "*2\r\n:0\r\n:16383\r\n");
    all.append(bulk("nodes")).append("*").append(nodes.size()).append("\r\n");
    nodes.forEach(node -> all.append(node.told()));
    return all.toString();
  }

  private static Node node(ScriptedServer server, boolean isHere) {
    return new Node("id-" + server.port(), "127.0.0.1", server.port(), isHere);
  }

  /** Answers with its port, and tells of those that are there now. */
  private ScriptedServer open() {
    ScriptedServer server = ScriptedServer.with(_ -> OK);
    server.script(request ->
        switch (request.name()) {
          case "CLUSTER" ->
              shards(servers.stream().map(each -> node(each, each == server)).toList());
          case "GET" -> bulk("" + server.port());
          default -> OK;
        });
    servers.add(server);
    return server;
  }

  private ClientBuilder asking(String... named) {
    return GamutClient.builder()
        .servers(named)
        .discover(Duration.ofMillis(100))
        .avoidance(Duration.ofMillis(1), Duration.ofMillis(20))
        .metrics(
            new ClientMetrics() {
              @Override
              public void onServers(List<String> all) {
                found.add(all);
              }
            });
  }

  @AfterEach
  void close() {
    servers.forEach(ScriptedServer::close);
  }

  private static void awaitAnswerBy(GamutClient client, ScriptedServer server) {
    ScriptedServer.await(
        "it answers", () -> client.get("k").orElseThrow().text().equals("" + server.port()));
  }

  @Test
  void aServerThatWasNotNamedIsUsedAndTakesOverWhenTheNamedOneEnds() {
    ScriptedServer named = open();
    ScriptedServer other = open();
    try (GamutClient client = asking(named.address()).build()) {
      awaitAnswerBy(client, other);
      assertThat(found).containsExactly(List.of(named.address(), other.address()));
      named.close();
      for (int i = 0; i < 50; i++) {
        assertThat(client.get("k")).contains(Value.of("" + other.port()));
      }
    }
  }

  /** Nothing is offered any more when the only server has ended: the found one must be told. */
  @Test
  void whoWaitsForAServerGetsTheOneThatIsFound() {
    ScriptedServer named = open();
    try (GamutClient client = asking(named.address()).attemptsMax(1_000).build()) {
      awaitAnswerBy(client, named);
      named.script(
          request -> request.name().equals("CLUSTER") ? shards(List.of()) : ScriptedServer.HANG_UP);
      CompletableFuture<?> waiting = client.async().get("k");
      ScriptedServer other = open();
      named.script(request ->
          request.name().equals("CLUSTER")
              ? shards(List.of(node(named, true), node(other, false)))
              : ScriptedServer.HANG_UP);
      assertThat(waiting.join().toString()).contains("" + other.port());
    }
  }

  @Test
  void aServerThatCameLaterIsFoundAndOneThatLeftIsLeft() {
    ScriptedServer named = open();
    try (GamutClient client = asking(named.address()).build()) {
      awaitAnswerBy(client, named);
      ScriptedServer later = open();
      awaitAnswerBy(client, later);
      servers.remove(later);
      later.close();
      ScriptedServer.await("it is left", () -> found.getLast().equals(List.of(named.address())));
      assertThat(client.get("k")).contains(Value.of("" + named.port()));
    }
  }

  /** The one that was to be tried next is told of no more while it is being connected to. */
  @Test
  void whoWaitsForAServerThatIsLeftTakesAnother() throws Exception {
    ScriptedServer named = open();
    CountDownLatch isBusy = new CountDownLatch(1);
    try (ServerSocket slow = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Node never = new Node("slow", "127.0.0.1", slow.getLocalPort(), false);
      AtomicBoolean isTold = new AtomicBoolean(true);
      AtomicInteger reads = new AtomicInteger();
      named.script(request -> {
        if (request.name().equals("CLUSTER")) {
          List<Node> here = List.of(node(named, true));
          return shards(isTold.get() ? List.of(here.getFirst(), never) : here);
        }
        if (reads.getAndIncrement() == 0) {
          ScriptedServer.pass(isBusy);
          return "-BUSY try another\r\n";
        }
        return bulk("" + named.port());
      });
      try (GamutClient client =
          asking(named.address()).connectLimit(Duration.ofSeconds(50)).build()) {
        CompletableFuture<Outcome<Optional<Value>>> waiting = client.async().get("k");
        ScriptedServer.await("the other is known", () -> !found.isEmpty());
        isTold.set(false);
        isBusy.countDown();
        assertThat(waiting.get(5, TimeUnit.SECONDS).orElseThrow())
            .contains(Value.of("" + named.port()));
        assertThat(found.getLast()).containsExactly(named.address());
      }
    }
  }

  @Test
  void nobodyIsAskedAfterTheEnd() {
    ScriptedServer named = open();
    try (GamutClient client = asking(named.address()).build()) {
      awaitAnswerBy(client, named);
    }
    ScriptedServer.await("all is over", () -> named.connections() == 0);
    long asked = named.received("CLUSTER");
    servers.remove(named);
    try (GamutClient other = asking(open().address()).build()) {
      awaitAnswerBy(other, servers.getLast());
      ScriptedServer.await("time has gone by", () -> servers.getLast().received("CLUSTER") > 2);
    }
    assertThat(named.received("CLUSTER")).isEqualTo(asked);
    named.close();
  }

  /** Whoever answers well is not left because another cannot reach it. */
  @Test
  void aServerThatIsNotToldOfButAnswersIsKept() {
    ScriptedServer named = open();
    ScriptedServer other = open();
    try (GamutClient client = asking(named.address()).build()) {
      awaitAnswerBy(client, other);
      servers.remove(other);
      long asked = named.received("CLUSTER");
      ScriptedServer.await("it is asked again", () -> named.received("CLUSTER") > asked + 2);
      awaitAnswerBy(client, other);
      assertThat(found).hasSize(1);
      other.close();
    }
  }

  @Test
  void aNameAndTheNumberBehindItAreOneServer() {
    ScriptedServer one = open();
    ScriptedServer other = open();
    ScriptedServer third = open();
    String byName = "localhost:" + one.port();
    String otherByName = "localhost:" + other.port();
    try (GamutClient client = asking(byName, otherByName).build()) {
      awaitAnswerBy(client, third);
      assertThat(found).containsExactly(List.of(byName, otherByName, third.address()));
    }
  }

  @Test
  void whatIsNoAddressIsNotBelieved() {
    ScriptedServer named = open();
    ScriptedServer other = open();
    Node here = node(named, true);
    List<String> answers =
        List.of(
            "-ERR no such command\r\n",
            "*0\r\n",
            ":7\r\n",
            "*1\r\n*1\r\n:1\r\n",
            shards(List.of(here, new Node("a", "0.0.0.0", 7_379, false))),
            shards(List.of(here, new Node("b", "", 7_379, false))),
            shards(List.of(here, new Node("c", "127.0.0.1", 0, false))),
            shards(List.of(here, new Node("d", "127.0.0.1", 1L << 40, false))),
            "!nonsense\r\n");
    for (String answer : answers) {
      named.script(request -> request.name().equals("CLUSTER") ? answer : bulk(ALONE));
      try (GamutClient client = asking(named.address()).build()) {
        long asked = named.received("CLUSTER");
        assertThat(client.get("k")).contains(Value.of(ALONE));
        ScriptedServer.await("it is asked", () -> named.received("CLUSTER") > asked + 1);
        assertThat(client.get("k")).contains(Value.of(ALONE));
        assertThat(found).isEmpty();
      }
    }
    assertThat(other.received()).isEmpty();
  }

  @Test
  void nobodyIsAskedUnlessItIsWanted() {
    ScriptedServer named = open();
    try (GamutClient client = GamutClient.of(named.address())) {
      assertThat(client.get("k")).isPresent();
    }
    assertThat(named.received("CLUSTER")).isZero();
  }

  @Test
  void theTimeBetweenIsBounded() {
    assertThatThrownBy(
            () -> GamutClient.builder().servers("a:1").discover(Duration.ofMillis(99)).build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("discover: 100 ms to a day");
  }
}
