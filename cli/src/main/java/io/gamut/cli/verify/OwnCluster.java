package io.gamut.cli.verify;

import io.gamut.cli.launch.Launchers;
import io.gamut.cli.launch.NodeLauncher;
import io.gamut.cli.launch.Ports;
import io.gamut.cli.launch.RunningNode;
import io.gamut.client.ConnectionException;
import io.gamut.client.GamutConnection;
import io.gamut.core.NodeId;
import io.gamut.overlay.Endpoint;
import io.gamut.protocol.resp.RespValue;
import io.gamut.server.NodeConfig;
import io.gamut.trial.cluster.Cluster;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Servers in processes of their own that were started for a trial, and end with it. */
final class OwnCluster implements Cluster, Cluster.Processes, AutoCloseable {
  private static final String HOST = "127.0.0.1";
  private static final Duration REPLY_MAX = Duration.ofSeconds(10);
  private static final Duration LEAVING_MAX = Duration.ofSeconds(30);

  private final Path directory;
  private final NodeLauncher launcher;
  private final List<NodeConfig> configs = new ArrayList<>();
  private final Map<Integer, RunningNode> running = new ConcurrentHashMap<>();
  private final List<String> surprises = new CopyOnWriteArrayList<>();
  private int newcomers;

  private OwnCluster(Path directory) {
    this.directory = directory;
    launcher = Launchers.fleetingProcesses(directory, 0);
  }

  /**
   * Starts servers, with their data and their logs in a directory.
   *
   * @throws IOException if one does not start; none runs then
   */
  static OwnCluster start(Path directory, int count) throws IOException, InterruptedException {
    OwnCluster cluster = new OwnCluster(directory);
    try {
      for (int id = 0; id < count; id++) {
        NodeConfig config = cluster.config(id);
        cluster.configs.add(config);
        cluster.run(config);
      }
      return cluster;
    } catch (IOException | InterruptedException | RuntimeException e) {
      cluster.close();
      throw e;
    }
  }

  private NodeConfig config(int id) throws IOException {
    int port = Ports.freePair(HOST);
    NodeConfig config =
        NodeConfig.of(new NodeId(id), directory.resolve("server-" + id)).toBuilder()
            .listen(new Endpoint(HOST, port))
            .resp(new Endpoint(HOST, port + 1))
            .lab(true)
            .build();
    return configs.isEmpty() ? config : config.joining(configs.getFirst().listen());
  }

  private void run(NodeConfig config) throws IOException, InterruptedException {
    running.put(config.id().value(), launcher.start(config));
  }

  @Override
  public int count() {
    return configs.size();
  }

  @Override
  public int id(int place) {
    return configs.get(place).id().value();
  }

  @Override
  public GamutConnection connect(int place) throws ConnectionException {
    return connect(configs.get(place), REPLY_MAX);
  }

  private static GamutConnection connect(NodeConfig config, Duration replyMax)
      throws ConnectionException {
    Endpoint resp = config.clients().resp();
    return GamutConnection.open(resp.host(), resp.port(), replyMax);
  }

  // Processes

  @Override
  public Optional<Processes> processes() {
    return Optional.of(this);
  }

  @Override
  public boolean startsServers() {
    return true;
  }

  private RunningNode node(int id) throws IOException {
    RunningNode node = running.get(id);
    if (node == null || isEndedByItself(id, node)) {
      throw new IOException("server " + id + " does not run");
    }
    return node;
  }

  private boolean isEndedByItself(int id, RunningNode node) {
    if (!node.ended().isDone()) {
      return false;
    }
    if (running.remove(id, node)) {
      surprises.add("server %d ended by itself: %s".formatted(id, node.ended().getNow("")));
    }
    return true;
  }

  @Override
  public List<String> surprises() {
    running.forEach(this::isEndedByItself);
    return List.copyOf(surprises);
  }

  @Override
  public void kill(int place) throws IOException {
    RunningNode node = node(place);
    running.remove(place);
    node.kill();
  }

  @Override
  public void stop(int place) throws IOException, InterruptedException {
    RunningNode node = node(place);
    running.remove(place);
    node.stop();
  }

  @Override
  public void start(int place) throws IOException, InterruptedException {
    RunningNode node = running.get(place);
    if (node == null || isEndedByItself(place, node)) {
      run(configs.get(place));
    }
  }

  @Override
  public void pause(int place) throws IOException {
    node(place).pause();
  }

  @Override
  public void resume(int place) throws IOException {
    node(place).resume();
  }

  @Override
  public int grow() throws IOException, InterruptedException {
    NodeConfig config = config(configs.size() + newcomers++);
    try {
      run(config);
    } catch (IOException e) {
      try {
        remove(config.id().value()); // it may have been let in before
      } catch (IOException other) {
        e.addSuppressed(other);
      }
      throw e;
    }
    return config.id().value();
  }

  @Override
  public void shrink(int id) throws IOException, InterruptedException {
    RunningNode node = running.get(id);
    if (node == null) {
      return;
    }
    if (!node.endedInOrder()) {
      if (isEndedByItself(id, node)) {
        remove(id);
        return;
      }
      leave(id, node.respAddress());
    }
    try {
      var _ = node.ended().get(LEAVING_MAX.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new IOException("server " + id + " has left, and does not end", e);
    }
    running.remove(id);
  }

  private static void leave(int id, Endpoint resp) throws IOException {
    try (GamutConnection connection = GamutConnection.open(resp.host(), resp.port(), LEAVING_MAX)) {
      if (connection.call("GAMUT", "LEAVE") instanceof RespValue.Failure failure) {
        throw new IOException("server " + id + " cannot leave: " + failure.message());
      }
    }
  }

  /** Takes a server that is gone out of the cluster: a voter that never comes back. */
  private void remove(int id) throws IOException {
    try (GamutConnection connection = connect(0)) {
      if (connection.call("GAMUT", "REMOVE", "" + id) instanceof RespValue.Failure failure) {
        throw new IOException("server " + id + " cannot be removed: " + failure.message());
      }
    }
  }

  /** Kills all: what they did is over. */
  @Override
  public void close() {
    running.values().forEach(RunningNode::kill);
  }
}
