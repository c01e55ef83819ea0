package io.gamut.cli.bench;

import io.gamut.bench.ProcessFacts;
import io.gamut.bench.Row;
import io.gamut.cli.lab.Poll;
import io.gamut.cli.launch.Launchers;
import io.gamut.cli.launch.NodeLauncher;
import io.gamut.cli.launch.RunningNode;
import io.gamut.cli.script.ScriptException;
import io.gamut.client.GamutConnection;
import io.gamut.core.Consistency;
import io.gamut.core.NodeId;
import io.gamut.overlay.Endpoint;
import io.gamut.protocol.resp.RespValue;
import io.gamut.server.NodeConfig;
import io.gamut.storage.journal.Durability;
import io.gamut.trial.cluster.Status;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * A server that joins a cluster with a large state: how long it takes until it votes, what that
 * costs those that write meanwhile, and what memory it takes.
 *
 * <p>Two servers hold the state; all servers are processes on this machine. One client writes to
 * the leader, one linearizable write after the other, while the third server catches up.
 */
public final class CatchUpBenchmark {
  private static final int VALUE_BYTES = 16 << 10;
  private static final int BESIDE_BYTES = 1 << 10;
  private static final int PIPELINE = 64;
  private static final int CHECKED = 1_000;
  private static final int PAIRS_A_REPORT = 50_000;
  private static final Duration REPLY_MAX = Duration.ofSeconds(30);
  private static final Duration CATCH_UP_MAX = Duration.ofMinutes(30);
  private static final Duration ALONE = Duration.ofSeconds(10);

  private final Path root;
  private final long pairs;
  private final Durability durability;
  private final NodeLauncher launcher;
  private final Consumer<String> progress;
  private final List<RunningNode> nodes = new ArrayList<>();

  /**
   * What to measure.
   *
   * @param root an empty directory for the servers' data and logs
   * @param stateBytes of values that are there before the third server comes
   * @param progress hears what is being done
   */
  public CatchUpBenchmark(
      Path root, long stateBytes, Durability durability, Consumer<String> progress) {
    this.root = root;
    this.pairs = stateBytes / VALUE_BYTES;
    this.durability = durability;
    this.launcher = Launchers.processes(root);
    this.progress = progress;
  }

  /** Measures. */
  public List<Row> run() throws IOException, InterruptedException, ScriptException {
    List<Row> rows = new ArrayList<>();
    try {
      start();
      start();
      awaitVoters(2);
      RunningNode leader = nodes.get(awaitLeader());
      long loadBegun = System.nanoTime();
      load(leader);
      double loadSeconds = (System.nanoTime() - loadBegun) / 1e9;
      rows.add(
          new Row(
              "state",
              String.format(
                  Locale.ROOT, "%.2f GB in %,d pairs", pairs * VALUE_BYTES / 1e9, pairs)));
      rows.add(
          new Row(
              "load, two servers",
              String.format(
                  Locale.ROOT,
                  "%.0f s, %.1f MB/s",
                  loadSeconds,
                  pairs * VALUE_BYTES / 1e6 / loadSeconds)));
      progress.accept("measuring writes alone");
      Beside alone = new Beside(leader);
      Thread.sleep(ALONE); // the time that is measured
      rows.addAll(alone.end("before it came"));

      progress.accept("a third server joins");
      Beside beside = new Beside(leader);
      long begun = System.nanoTime();
      RunningNode joined = start();
      awaitVoters(3);
      rows.add(
          new Row(
              "until it votes",
              String.format(Locale.ROOT, "%.1f s", (System.nanoTime() - begun) / 1e9)));
      rows.addAll(beside.end("meanwhile"));
      for (int id = 0; id < nodes.size(); id++) {
        String which = id == 2 ? "the server that joins" : "server " + id;
        rows.add(new Row("most memory of " + which, memory(nodes.get(id))));
      }
      rows.add(new Row("came there by a snapshot", cameBySnapshot() ? "yes" : "no"));
      rows.add(
          new Row(
              "pairs read there and equal",
              String.format(Locale.ROOT, "%,d of %,d", check(joined), CHECKED)));
      nodes.forEach(RunningNode::kill);
      rows.add(
          new Row("disk of all servers", String.format(Locale.ROOT, "%.2f GB", diskBytes() / 1e9)));
      return rows;
    } finally {
      nodes.forEach(RunningNode::kill);
    }
  }

  private RunningNode start() throws IOException, InterruptedException {
    int id = nodes.size();
    NodeConfig config =
        NodeConfig.of(new NodeId(id), root.resolve("server-" + id))
            .with(durability)
            .at(Consistency.LINEARIZABLE);
    RunningNode node =
        launcher.start(id == 0 ? config : config.joining(nodes.getFirst().overlayAddress()));
    nodes.add(node);
    return node;
  }

  private static GamutConnection connect(RunningNode node) throws IOException {
    Endpoint resp = node.respAddress();
    return GamutConnection.open(resp.host(), resp.port(), REPLY_MAX);
  }

  private static Status status(GamutConnection connection) throws ScriptException {
    try {
      return Status.of(connection.call("GAMUT", "STATUS"));
    } catch (IOException e) {
      throw new ScriptException(String.valueOf(e.getMessage()), e);
    }
  }

  private void awaitVoters(int count) throws IOException, InterruptedException, ScriptException {
    for (RunningNode node : nodes) {
      try (GamutConnection connection = connect(node)) {
        Poll.until(
            CATCH_UP_MAX.toNanos(),
            () -> status(connection).voters().size() == count,
            () -> "there are not " + count + " voters: " + status(connection).voters());
      }
    }
  }

  private int awaitLeader() throws IOException, InterruptedException, ScriptException {
    try (GamutConnection connection = connect(nodes.getFirst())) {
      Poll.until(
          CATCH_UP_MAX.toNanos(),
          () -> status(connection).leader() != Status.NOBODY,
          () -> "nobody leads");
      return status(connection).leader();
    }
  }

  private void load(RunningNode leader) throws IOException {
    try (GamutConnection connection = connect(leader)) {
      int underWay = 0;
      for (long pair = 0; pair < pairs; pair++) {
        connection.send(bytes("SET"), key(pair), value(pair));
        underWay++;
        if (underWay == PIPELINE) {
          receive(connection);
          underWay--;
        }
        if (pair % PAIRS_A_REPORT == 0) {
          progress.accept(String.format(Locale.ROOT, "loaded %,d of %,d pairs", pair, pairs));
        }
      }
      for (; underWay > 0; underWay--) {
        receive(connection);
      }
    }
  }

  private static void receive(GamutConnection connection) throws IOException {
    require(connection.receive());
  }

  private static void require(RespValue reply) throws IOException {
    if (reply instanceof RespValue.Failure failure) {
      throw new IOException(failure.message());
    }
  }

  /** How many of the pairs, drawn at random, are there as they were written. */
  private int check(RunningNode node) throws IOException {
    SplittableRandom random = new SplittableRandom(1);
    int equal = 0;
    try (GamutConnection connection = connect(node)) {
      for (int i = 0; i < CHECKED; i++) {
        long pair = random.nextLong(pairs);
        boolean isEqual =
            connection.call(bytes("GET"), key(pair)) instanceof RespValue.Text(byte[] value)
                && Arrays.equals(value, value(pair));
        equal += isEqual ? 1 : 0;
      }
    }
    return equal;
  }

  private long diskBytes() throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      return files.map(Path::toFile).filter(File::isFile).mapToLong(File::length).sum();
    }
  }

  /** Then the server that joined has its committed state in another directory than the first. */
  private boolean cameBySnapshot() {
    return Files.exists(root.resolve("server-2").resolve("committed.current"));
  }

  private static byte[] key(long pair) {
    return bytes("pair:" + pair);
  }

  /** Bytes that do not compress. */
  private static byte[] value(long pair) {
    byte[] value = new byte[VALUE_BYTES];
    new SplittableRandom(pair).nextBytes(value);
    return value;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static String memory(RunningNode node) throws IOException {
    OptionalLong kilobytes = ProcessFacts.status(node.pid(), "VmHWM");
    return kilobytes.isPresent()
        ? kilobytes.getAsLong() / 1024 + " MB"
        : "not to be had on this system";
  }

  /** A client that writes one after the other until it is told to end. */
  private static final class Beside {
    private final GamutConnection connection;
    private final Thread thread;
    private volatile boolean isOver;
    private volatile String failure = "";
    private long writes;
    private long longestNanos;
    private final long begunNanos = System.nanoTime();

    Beside(RunningNode node) throws IOException {
      connection = connect(node);
      thread = Thread.ofVirtual().start(this::write);
    }

    private void write() {
      byte[] value = new byte[BESIDE_BYTES];
      long last = System.nanoTime();
      try {
        while (!isOver) {
          require(connection.call(bytes("SET"), bytes("beside:" + writes % 1_000), value));
          writes++;
          long now = System.nanoTime();
          longestNanos = Math.max(longestNanos, now - last);
          last = now;
        }
      } catch (IOException e) {
        failure = String.valueOf(e.getMessage());
      }
    }

    List<Row> end(String when) throws IOException, InterruptedException {
      isOver = true;
      thread.join();
      connection.close();
      if (!failure.isEmpty()) {
        throw new IOException("a write has failed " + when + ": " + failure);
      }
      double seconds = (System.nanoTime() - begunNanos) / 1e9;
      return List.of(
          new Row(
              "writes one after the other, " + when,
              String.format(Locale.ROOT, "%,.0f/s", writes / seconds)),
          new Row(
              "longest time without a write, " + when,
              String.format(Locale.ROOT, "%.3f s", longestNanos / 1e9)));
    }
  }
}
