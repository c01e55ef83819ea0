package io.gamut.cli.launch;

import static org.assertj.core.api.Assertions.assertThat;

import io.gamut.client.GamutConnection;
import io.gamut.overlay.Endpoint;
import io.gamut.protocol.resp.RespValue;
import io.gamut.server.ClientEndpoints;
import io.gamut.server.gateway.GatewayConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Clients of each protocol at two gateways before three servers, all of them processes, while
 * servers and gateways are killed with {@code kill -9}, and servers paused. How many times: {@code
 * -Dgamut.kills=20}.
 */
final class GatewayLossTest {
  private static final int ROUNDS = Integer.getInteger("gamut.kills", 1);
  private static final int SERVERS = 3;
  private static final int GATEWAYS = 2;
  private static final int CLIENTS = 3 * GATEWAYS;
  private static final Duration REPLY_MAX = Duration.ofSeconds(20);
  private static final Duration LOSS_MAX = Duration.ofSeconds(8);

  @TempDir private Path data;
  private ServerProcesses servers;
  private final List<GatewayConfig> configs = new ArrayList<>();
  private final AtomicReferenceArray<RunningNode> gateways = new AtomicReferenceArray<>(GATEWAYS);
  private final AtomicBoolean isOver = new AtomicBoolean();
  private final AtomicLong answered = new AtomicLong();
  private final Queue<String> faults = new ConcurrentLinkedQueue<>();
  private final List<Client> clients = new ArrayList<>();

  @BeforeEach
  void start() throws Exception {
    servers = new ServerProcesses(data, SERVERS);
    servers.awaitEverybody();
    List<Endpoint> contacts = new ArrayList<>();
    for (int id = 0; id < SERVERS; id++) {
      contacts.add(servers.node(id).overlayAddress());
    }
    for (int number = 0; number < GATEWAYS; number++) {
      ClientEndpoints clients =
          new ClientEndpoints(free(), Optional.of(free()), Optional.of(free()));
      configs.add(GatewayConfig.joining(contacts).with(clients));
      startGateway(number);
    }
  }

  private static Endpoint free() throws IOException {
    return new Endpoint("127.0.0.1", Ports.freePair("127.0.0.1"));
  }

  private void startGateway(int number) throws IOException, InterruptedException {
    gateways.set(number, Launchers.fleetingGateways(data).start(configs.get(number)));
  }

  @AfterEach
  void killAll() {
    isOver.set(true);
    for (int number = 0; number < GATEWAYS; number++) {
      RunningNode gateway = gateways.get(number);
      if (gateway != null) {
        gateway.kill();
      }
    }
    servers.killAll();
  }

  @Test
  void clientsNoticeNothingOfServersAndLoseNothingWithAGateway() throws Exception {
    List<Thread> threads = new ArrayList<>();
    for (int number = 0; number < CLIENTS; number++) {
      Client client = new Client(number);
      clients.add(client);
      threads.add(Thread.ofVirtual().start(client::work));
    }
    for (int round = 0; round < ROUNDS; round++) {
      int leader = servers.leader();
      killServer(leader);
      killServer((servers.leader() + 1) % SERVERS);
      if (ROUNDS > 1) {
        pauseServer(servers.leader()); // takes long: what only it holds is waited for
      }
      assertThat(faults).as("clients notice nothing of what becomes of servers").isEmpty();
      assertThat(clients).allSatisfy(client -> assertThat(client.unknown).hasValue(0));
      killGateway(round % GATEWAYS);
    }
    isOver.set(true);
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(faults).isEmpty();
    for (Client client : clients) {
      client.requireAll();
    }
    System.out.println(
        "%d kills of each kind, %,d answers, none lost, none done twice"
            .formatted(ROUNDS, answered.get()));
  }

  private void killServer(int id) throws Exception {
    awaitAnswers();
    servers.kill(id);
    awaitSomeAnswers();
    servers.start(id);
    servers.awaitEverybody();
    awaitAnswers();
  }

  private void pauseServer(int id) throws Exception {
    awaitAnswers();
    servers.node(id).pause();
    awaitSomeAnswers();
    servers.node(id).resume();
    servers.awaitEverybody();
    awaitAnswers();
  }

  /**
   * Goes on after a while without a server, whatever the others answer: clients that have written
   * weakly in the last milliseconds, which only this server knows of yet, wait for it, and they may
   * be all that there are, since they go in step with the ledger.
   */
  private void awaitSomeAnswers() {
    long before = answered.get();
    long limit = System.nanoTime() + LOSS_MAX.toNanos();
    ServerProcesses.await(
        "a while is over",
        () -> answered.get() > before + 500 || System.nanoTime() - limit > 0 || !faults.isEmpty());
    if (answered.get() <= before + 500) {
      System.out.println((answered.get() - before) + " answers without a server");
    }
  }

  private void killGateway(int number) throws Exception {
    awaitAnswers();
    gateways.get(number).kill();
    awaitAnswers();
    startGateway(number);
  }

  private void awaitAnswers() {
    long before = answered.get();
    ServerProcesses.await(
        "requests are answered", () -> answered.get() > before + 500 || !faults.isEmpty());
  }

  /** One client: counts strongly, writes weakly, and reads what it has written. */
  private final class Client {
    private final int number;
    private final AtomicLong counted = new AtomicLong();
    private final AtomicLong unknown = new AtomicLong();
    private final AtomicLong cut = new AtomicLong();
    private final AtomicLong written = new AtomicLong();
    private String token = "";

    Client(int number) {
      this.number = number;
    }

    void work() {
      int gateway = number % GATEWAYS;
      while (!isOver.get()) {
        try (Talk talk = talk(gateway)) {
          while (!isOver.get() && faults.isEmpty()) {
            count(talk);
            writeAndRead(talk);
            token = talk.token();
          }
        } catch (IOException e) {
          gateway = (gateway + 1) % GATEWAYS; // its gateway was killed
        }
      }
    }

    private Talk talk(int gateway) throws IOException {
      ClientEndpoints endpoints = configs.get(gateway).clients();
      String level = number % 2 == 0 ? "causal" : "session";
      return switch (number / GATEWAYS) {
        case 0 -> new RespTalk(endpoints.resp(), REPLY_MAX, level, token);
        case 1 -> new MemcachedTalk(endpoints.memcached().orElseThrow(), REPLY_MAX, level, token);
        default -> new HttpTalk(endpoints.http().orElseThrow(), REPLY_MAX, level, token);
      };
    }

    private void count(Talk talk) throws IOException {
      cut.incrementAndGet();
      String reply = patiently(() -> talk.increment("counter-" + number));
      cut.decrementAndGet();
      if (reply.startsWith("UNKNOWN")) {
        unknown.incrementAndGet();
      } else if (reply.matches("\\d+")) {
        counted.incrementAndGet();
        answered.incrementAndGet();
      } else {
        faults.add("client " + number + " counted, and was told '" + reply + "'");
      }
    }

    private void writeAndRead(Talk talk) throws IOException {
      String key = "written-" + number + "-" + (written.get() + 1);
      require("OK", patiently(() -> talk.write(key, "v")));
      written.incrementAndGet();
      answered.incrementAndGet();
      require("v", patiently(() -> talk.read(key)));
    }

    /**
     * What only a server that is gone holds of the session's history can be had when it is back.
     */
    private static String patiently(Request request) throws IOException {
      String reply = request.ask();
      while (reply.startsWith("ERR_DEP")) {
        reply = request.ask();
      }
      return reply;
    }

    private void require(String expected, String reply) {
      if (!reply.equals(expected)) {
        faults.add("client " + number + " was told '" + reply + "', not '" + expected + "'");
      }
    }

    void requireAll() throws IOException {
      Endpoint resp = configs.get(0).clients().resp();
      try (GamutConnection connection = GamutConnection.open(resp.host(), resp.port(), REPLY_MAX)) {
        RespValue value =
            connection.call("GAMUT", "AT", "linearizable", "GET", "counter-" + number);
        assertThat(Long.parseLong(value.toString()))
            .isBetween(counted.get(), counted.get() + unknown.get() + cut.get());
        if (!token.isEmpty()) {
          assertThat(connection.call("GAMUT", "SESSION", token)).hasToString("OK");
        }
        for (long i = 1; i <= written.get(); i++) {
          String key = "written-" + number + "-" + i;
          assertThat(connection.call("GAMUT", "AT", "sequential", "GET", key))
              .as(key)
              .hasToString("v");
        }
      }
    }
  }

  @FunctionalInterface
  private interface Request {
    String ask() throws IOException;
  }
}
