package io.gamut.cli.lab;

import io.gamut.cli.script.ScriptException;
import io.gamut.cli.script.ScriptText;
import io.gamut.cli.script.Step;
import io.gamut.core.Consistency;
import io.gamut.protocol.resp.RespValue;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Does what steps ask for, one after the other. */
final class Interpreter {
  private static final byte[] ERR_KEY = "ERR_KEY".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] ERR_NOCONN = "ERR_NOCONN".getBytes(StandardCharsets.US_ASCII);
  private static final String ERR_NOQUORUM = "ERR_NOQUORUM";

  private final Cluster cluster;
  private final Clients clients = new Clients();
  private final Stabilizer stabilizer;
  private final Requests requests;
  private final Output out;
  private final Timings timings;
  private final Consumer<String> messages;

  Interpreter(
      Cluster cluster, Requests requests, Output out, Timings timings, Consumer<String> messages) {
    this.cluster = cluster;
    this.timings = timings;
    this.messages = messages;
    this.stabilizer = new Stabilizer(cluster);
    this.requests = requests;
    this.out = out;
  }

  /**
   * Does one step.
   *
   * @throws ScriptException when it cannot be done; the next may be
   * @throws IOException when output fails: nothing can be done any more
   */
  void run(Step step) throws ScriptException, IOException, InterruptedException {
    switch (step) {
      case Step.Put put -> put(put);
      case Step.Get get -> get(get);
      case Step.JoinServer(int server) -> joinServer(server);
      case Step.KillServer(int server) -> cluster.runningServer(server).kill();
      case Step.ShutdownServer(int server) -> cluster.shutDown(server);
      case Step.JoinClient(int client, int server) -> joinClient(client, server);
      case Step.BreakConnection(int left, int right) -> breakConnection(left, right);
      case Step.CreateConnection(int left, int right) -> createConnection(left, right);
      case Step.Stabilize() -> stabilizer.run();
      case Step.PrintStore(int server) -> StorePrinter.print(cluster.runningServer(server), out);
      case Step.SetLevel set -> clients.client(set.client()).setLevel(set.level());
      case Step.Partition(List<List<Integer>> groups) -> partition(groups);
      case Step.Heal() -> cluster.mendAll();
      case Step.Delay delay -> cluster.delay(Link.of(delay.left(), delay.right()), delay.millis());
      case Step.Pause(int server) -> cluster.runningServer(server).pause();
      case Step.Resume(int server) -> cluster.runningServer(server).resume();
      case Step.SlowDisk(int server, int millis) ->
          cluster.server(server).fault("DISK", "SLOW", Integer.toString(millis));
      case Step.FullDisk(int server, boolean isFull) ->
          cluster.server(server).fault("DISK", "FULL", isFull ? "ON" : "OFF");
      case Step.SetClock(int server, int aheadMillis) ->
          cluster.server(server).fault("CLOCK", Integer.toString(aheadMillis));
      case Step.Leader() -> leader();
      case Step.Sleep(int millis) -> TimeUnit.MILLISECONDS.sleep(millis);
      case Step.Expect(String text) -> expect(text);
      case Step.AddServer() -> joinServer(freeId());
      case Step.AddClient() -> addClient();
      case Step.ListServers() -> listServers();
      case Step.PutAnywhere(String key, String value) ->
          put(new Step.Put(anyClient(), key, value, Consistency.LINEARIZABLE));
      case Step.GetAnywhere(String key) ->
          get(new Step.Get(anyClient(), key, Consistency.LINEARIZABLE));
      case Step.TestKvs test -> new KvsTest(test, cluster, out, messages).run(timings);
      case Step.Request request -> requests.run(request);
      case Step.Terminate() -> {}
    }
  }

  List<Integer> clientIds() {
    return clients.ids();
  }

  private void joinServer(int id) throws ScriptException, InterruptedException {
    if (clients.has(id)) {
      throw new ScriptException(id + " is a client");
    }
    cluster.join(id);
  }

  private int freeId() {
    int id = 0;
    while (cluster.has(id) || clients.has(id)) {
      id++;
    }
    return id;
  }

  private void joinClient(int client, int server) throws ScriptException {
    if (cluster.has(client)) {
      throw new ScriptException(client + " is a server");
    }
    LabServer running = cluster.runningServer(server);
    clients.clientOrNew(client).connect(running);
  }

  private void addClient() throws ScriptException {
    clients.clientOrNew(freeId()).connect(firstServer());
  }

  private LabServer firstServer() throws ScriptException {
    LabServer server = cluster.first();
    if (server == null) {
      throw new ScriptException("ERR_NOSERVERS no server is running");
    }
    return server;
  }

  /** One of the clients, at random, that is connected; one is made if there is none. */
  private int anyClient() throws ScriptException {
    List<Integer> connected = clients.connected();
    if (!connected.isEmpty()) {
      return connected.get(ThreadLocalRandom.current().nextInt(connected.size()));
    }
    int id = freeId();
    clients.clientOrNew(id).connect(firstServer());
    return id;
  }

  /** Who leads, once somebody does; an error if nobody does for a while. */
  private void leader() throws ScriptException, IOException, InterruptedException {
    OptionalInt leader = cluster.awaitLeader();
    out.line(leader.isPresent() ? Integer.toString(leader.getAsInt()) : ERR_NOQUORUM);
  }

  private void listServers() throws IOException {
    for (LabServer server : cluster.running()) {
      out.line(Integer.toString(server.id()));
    }
  }

  private void breakConnection(int left, int right) throws ScriptException {
    if (clients.has(left) || clients.has(right)) {
      clientOf(left, right).disconnect(serverOf(left, right));
    } else {
      cluster.cut(List.of(Link.of(left, right)));
    }
  }

  private void createConnection(int left, int right) throws ScriptException {
    if (clients.has(left) || clients.has(right)) {
      clientOf(left, right).connect(serverOf(left, right));
    } else {
      cluster.mend(List.of(Link.of(left, right)));
    }
  }

  private LabClient clientOf(int left, int right) throws ScriptException {
    if (clients.has(left) && clients.has(right)) {
      throw new ScriptException(left + " and " + right + " are both clients");
    }
    return clients.client(clients.has(left) ? left : right);
  }

  private LabServer serverOf(int left, int right) throws ScriptException {
    return cluster.runningServer(clients.has(left) ? right : left);
  }

  private void partition(List<List<Integer>> groups) throws ScriptException {
    List<Link> between = new ArrayList<>();
    for (int i = 0; i < groups.size(); i++) {
      for (int j = i + 1; j < groups.size(); j++) {
        for (int left : groups.get(i)) {
          groups.get(j).forEach(right -> between.add(Link.of(left, right)));
        }
      }
    }
    cluster.cut(between);
  }

  private void put(Step.Put put) throws ScriptException {
    LabClient client = clients.client(put.client());
    LabServer server = client.server();
    if (server == null) {
      throw new ScriptException("ERR_NOCONN client " + put.client() + " has no connected server");
    }
    byte[] key = ScriptText.bytes(put.key());
    byte[] value = ScriptText.bytes(put.value());
    if (client.put(server, key, value, put.level()) instanceof RespValue.Failure failure) {
      throw new ScriptException(
          "put of '" + ScriptText.shown(put.key()) + "': " + failure.message());
    }
  }

  private void get(Step.Get get) throws ScriptException, IOException {
    LabClient client = clients.client(get.client());
    LabServer server = client.server();
    byte[] key = ScriptText.bytes(get.key());
    if (server == null) {
      out.pair(key, ERR_NOCONN);
      return;
    }
    switch (client.get(server, key, get.level())) {
      case RespValue.Text(byte[] value) -> out.pair(key, value);
      case RespValue.Null() -> out.pair(key, ERR_KEY);
      case RespValue.Failure failure -> failedGet(key, failure);
      case RespValue.Whole _, RespValue.Sequence _, RespValue.Attributed _ ->
          throw new ScriptException("server " + server.id() + " answered a get with no value");
    }
  }

  /** The levels' own errors are outcomes that a script may be about; others are faults too. */
  private void failedGet(byte[] key, RespValue.Failure failure)
      throws ScriptException, IOException {
    out.pair(key, ScriptText.bytes(Outcome.word(failure)));
    if (!Outcome.isOfLevel(failure)) {
      throw new ScriptException("get: " + failure.message());
    }
  }

  private void expect(String text) throws ScriptException {
    String last = out.lastLine();
    if (!last.equals(text)) {
      throw new ScriptException(
          "expected '%s', but the last output was '%s'"
              .formatted(ScriptText.shown(text), ScriptText.shown(last)));
    }
  }
}
