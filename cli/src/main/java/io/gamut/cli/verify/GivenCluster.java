package io.gamut.cli.verify;

import io.gamut.cli.launch.Signals;
import io.gamut.client.ConnectionException;
import io.gamut.client.GamutConnection;
import io.gamut.core.InvalidDataException;
import io.gamut.overlay.Endpoint;
import io.gamut.trial.cluster.Cluster;
import io.gamut.trial.cluster.Status;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Servers that others have started, and keep running: {@code gamut up --separate --lab}, or
 * wherever. Those on this machine are killed and paused, if each is a process of its own; that they
 * come back after a kill is for those to see to who have started them.
 */
final class GivenCluster implements Cluster, Cluster.Processes {
  private static final Duration REPLY_MAX = Duration.ofSeconds(10);
  private static final long BACK_NANOS_MAX = TimeUnit.SECONDS.toNanos(30);

  /** From a process's start until its server counts its seconds. */
  private static final Duration STARTING_MAX = Duration.ofSeconds(30);

  private static final Pattern FACT = Pattern.compile("(process_id|uptime_in_seconds):(\\d{1,18})");

  private final List<Endpoint> addresses;
  private final List<Integer> ids = new ArrayList<>();
  private final boolean hasProcesses;
  private final Map<Integer, ProcessHandle> paused = new ConcurrentHashMap<>();

  private GivenCluster(List<Endpoint> addresses) throws IOException {
    this.addresses = List.copyOf(addresses);
    for (int place = 0; place < addresses.size(); place++) {
      ids.add(askId(place));
    }
    if (new HashSet<>(ids).size() < ids.size()) {
      throw new IOException("some addresses are of the same server; their ids: " + ids);
    }
    TreeSet<Integer> others = status(0).voters();
    ids.forEach(others::remove);
    if (!others.isEmpty()) {
      throw new IOException("the cluster has other servers too, name them all: " + others);
    }
    hasProcesses = areProcessesHere();
  }

  /**
   * Meets the servers at these addresses.
   *
   * @throws IOException if one of them is not there
   */
  static GivenCluster meet(List<Endpoint> addresses) throws IOException {
    return new GivenCluster(addresses);
  }

  private int askId(int place) throws IOException {
    return status(place).node();
  }

  private Status status(int place) throws IOException {
    try (GamutConnection connection = connect(place)) {
      return Status.of(connection.call("GAMUT", "STATUS"));
    } catch (InvalidDataException e) {
      throw new IOException(addresses.get(place) + ": " + e.getMessage(), e);
    }
  }

  /** Whether each is a process of its own, of this machine. */
  private boolean areProcessesHere() throws IOException {
    HashSet<Long> processes = new HashSet<>();
    for (int place = 0; place < addresses.size(); place++) {
      if (!isThisMachine(addresses.get(place).host())) {
        return false;
      }
      Optional<ProcessHandle> process = find(place);
      if (process.isEmpty()) {
        return false;
      }
      processes.add(process.get().pid());
    }
    return processes.size() == addresses.size();
  }

  private static boolean isThisMachine(String host) {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }

  private ProcessHandle process(int place) throws IOException {
    return find(place)
        .orElseThrow(
            () -> new IOException("server " + id(place) + " is no process of this machine"));
  }

  /**
   * The process of a server. A port may lead to another machine, or into a container, where numbers
   * mean other processes: so it has to be a Java machine, and to have run for as long as the server
   * says.
   */
  private Optional<ProcessHandle> find(int place) throws IOException {
    Map<String, Long> facts = new HashMap<>();
    try (GamutConnection connection = connect(place)) {
      for (String line : connection.call("INFO", "server").toString().lines().toList()) {
        Matcher fact = FACT.matcher(line.strip());
        if (fact.matches()) {
          facts.put(fact.group(1), Long.valueOf(fact.group(2)));
        }
      }
    }
    Long pid = facts.get("process_id");
    Long seconds = facts.get("uptime_in_seconds");
    if (pid == null || seconds == null) {
      throw new IOException(addresses.get(place) + " does not tell its process");
    }
    Instant begun = Instant.now().minusSeconds(seconds);
    return ProcessHandle.of(pid).filter(process -> isServer(process.info(), begun));
  }

  private static boolean isServer(ProcessHandle.Info process, Instant begun) {
    boolean isJava = process.command().filter(path -> path.endsWith("java")).isPresent();
    return isJava
        && process
            .startInstant()
            .filter(start -> Duration.between(start, begun).abs().compareTo(STARTING_MAX) < 0)
            .isPresent();
  }

  @Override
  public int count() {
    return addresses.size();
  }

  @Override
  public int id(int place) {
    return ids.get(place);
  }

  @Override
  public GamutConnection connect(int place) throws ConnectionException {
    Endpoint address = addresses.get(place);
    return GamutConnection.open(address.host(), address.port(), REPLY_MAX);
  }

  // Processes

  @Override
  public Optional<Processes> processes() {
    return hasProcesses ? Optional.of(this) : Optional.empty();
  }

  @Override
  public boolean startsServers() {
    return false;
  }

  @Override
  public void kill(int place) throws IOException {
    ProcessHandle process = process(place);
    process.destroyForcibly();
    try {
      var _ = process.onExit().get(REPLY_MAX.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      throw new IOException("process " + process.pid() + " does not end", e);
    }
  }

  /** Waits until whoever watches over it has started it again. */
  @Override
  public void start(int place) throws IOException, InterruptedException {
    long limit = System.nanoTime() + BACK_NANOS_MAX;
    while (true) {
      try {
        var _ = askId(place);
        return;
      } catch (IOException e) {
        if (System.nanoTime() - limit > 0) {
          throw new IOException(
              "server %d was killed, and nobody has started it again".formatted(id(place)), e);
        }
        TimeUnit.MILLISECONDS.sleep(100);
      }
    }
  }

  @Override
  public void pause(int place) throws IOException {
    ProcessHandle process = process(place);
    Signals.stop(process.pid());
    paused.put(place, process);
  }

  @Override
  public void resume(int place) throws IOException {
    ProcessHandle process = paused.get(place);
    if (process != null) {
      Signals.goOn(process.pid());
      paused.remove(place);
    }
  }

  @Override
  public void stop(int place) {
    throw new UnsupportedOperationException("it would stay down");
  }

  @Override
  public int grow() {
    throw new UnsupportedOperationException("servers are started elsewhere");
  }

  /** Whoever watches over them knows. */
  @Override
  public List<String> surprises() {
    return List.of();
  }

  @Override
  public void shrink(int id) {
    throw new UnsupportedOperationException("servers are started elsewhere");
  }
}
