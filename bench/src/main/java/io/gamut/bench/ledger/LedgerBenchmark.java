package io.gamut.bench.ledger;

import io.gamut.bench.Row;
import io.gamut.storage.journal.Durability;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * The ledger alone, as so many processes on this machine: how many operations and reads a second,
 * what it costs when idle, and how long it takes to go on when its leader is killed. Entries count
 * as written when a majority has them as durable as was asked for.
 *
 * <p>Loads come from inside the process that they measure; operations have 100 random bytes.
 */
public final class LedgerBenchmark {
  private static final int IDLE_SECONDS = 10;
  private static final long ELECTION_MILLIS_MAX = 30_000;
  private final List<String> java;
  private final Path root;
  private final int servers;
  private final int seconds;
  private final int kills;
  private final Durability durability;
  private final Consumer<String> progress;
  private int clusters;

  /**
   * What to measure.
   *
   * @param java the command that runs a main class: executable, options, class path
   * @param root an empty directory for their journals
   * @param seconds how long each load lasts
   * @param kills how often a leader is killed
   * @param progress hears what is being done
   */
  public LedgerBenchmark(
      List<String> java,
      Path root,
      int servers,
      int seconds,
      int kills,
      Durability durability,
      Consumer<String> progress) {
    this.java = java;
    this.root = root;
    this.servers = servers;
    this.seconds = seconds;
    this.kills = kills;
    this.durability = durability;
    this.progress = progress;
  }

  /** Measures everything; takes about nine times as long as a load, and a minute. */
  public List<Row> run() throws IOException, InterruptedException {
    List<Row> rows = new ArrayList<>();
    List<Child> children = start();
    try {
      Child leader = awaitLeader(children);
      Child follower = children.get(children.getFirst() == leader ? 1 : 0);
      for (int outstanding : new int[] {64, 512}) {
        progress.accept("warming up with " + outstanding + " operations outstanding");
        leader.ask("propose 1 " + outstanding + " " + seconds);
        String what = "one operation an entry, " + outstanding + " outstanding";
        rows.add(load(what, "operations/s", leader, "propose 1 " + outstanding));
      }
      rows.add(
          load("64 operations an entry, 8 outstanding", "operations/s", leader, "propose 64 8"));
      for (Child reader : List.of(leader, follower)) {
        String where = reader == leader ? "the leader" : "a follower";
        progress.accept("warming up with reads on " + where);
        reader.ask("read 64 " + seconds);
        rows.add(
            load(
                "linearizable reads on " + where + ", 64 outstanding",
                "reads/s",
                reader,
                "read 64"));
      }
      rows.add(new Row("memory of a server, loaded", greatest(children, "VmRSS", 1024, " MB")));
      rows.add(idle(children));
      rows.add(new Row("threads of a server", greatest(children, "Threads", 1, "")));
    } finally {
      children.forEach(Child::close);
    }
    if (kills > 0) {
      rows.add(killed());
    }
    return rows;
  }

  private List<Child> start() throws IOException {
    Path directory = root.resolve("cluster-" + clusters++);
    List<Child> children = new ArrayList<>();
    try {
      for (int id = 0; id < servers; id++) {
        Path own = directory.resolve("server-" + id);
        Files.createDirectories(own);
        children.add(
            new Child(java, List.of("" + id, "" + servers, own.toString(), durability.name())));
      }
      for (int id = 0; id < servers; id++) {
        StringBuilder begin = new StringBuilder("begin");
        for (int other = 0; other < servers; other++) {
          if (other != id) {
            begin.append(' ').append(other).append('=').append(children.get(other).address());
          }
        }
        children.get(id).ask(begin.toString());
      }
      return children;
    } catch (IOException e) {
      children.forEach(Child::close);
      throw e;
    }
  }

  private static Child awaitLeader(List<Child> children) throws IOException, InterruptedException {
    long end = System.currentTimeMillis() + ELECTION_MILLIS_MAX;
    while (System.currentTimeMillis() < end) {
      for (Child child : children) {
        if (Boolean.parseBoolean(child.ask("leads"))) {
          return child;
        }
      }
      Thread.sleep(10);
    }
    throw new IOException("no leader after " + ELECTION_MILLIS_MAX + " ms");
  }

  private Row idle(List<Child> children) throws InterruptedException {
    progress.accept("measuring what they cost when idle");
    Duration before = spent(children);
    Thread.sleep(Duration.ofSeconds(IDLE_SECONDS));
    double cores = spent(children).minus(before).toNanos() / 1e9 / IDLE_SECONDS / children.size();
    return new Row("processor of an idle server", String.format(Locale.ROOT, "%.3f cores", cores));
  }

  private static Duration spent(List<Child> children) {
    return children.stream().map(Child::processorTime).reduce(Duration.ZERO, Duration::plus);
  }

  private Row load(String what, String unit, Child at, String order) throws IOException {
    progress.accept("measuring " + what);
    LoadResult result = LoadResult.decode(at.ask(order + " " + seconds));
    String failed = result.failed() == 0 ? "" : ", " + result.failed() + " failed";
    return new Row(
        what,
        String.format(
            Locale.ROOT,
            "%,.0f %s; half of them in %.2f ms, 99 %% in %.2f ms%s",
            result.perSecond(),
            unit,
            result.medianMicros() / 1e3,
            result.slowMicros() / 1e3,
            failed));
  }

  private static String greatest(List<Child> children, String name, long divisor, String unit)
      throws IOException {
    long most = 0;
    for (Child child : children) {
      OptionalLong figure = child.status(name);
      if (figure.isEmpty()) {
        return "not to be had on this system";
      }
      most = Math.max(most, figure.getAsLong());
    }
    return most / divisor + unit;
  }

  /** The leader is killed under load: until another has committed something. */
  private Row killed() throws IOException, InterruptedException {
    long[] millis = new long[kills];
    for (int i = 0; i < kills; i++) {
      progress.accept("killing a leader, " + (i + 1) + " of " + kills);
      List<Child> children = start();
      try {
        Child leader = awaitLeader(children);
        leader.ask("propose 1 64 2");
        List<Child> others = children.stream().filter(child -> child != leader).toList();
        for (Child other : others) {
          other.order("next-lead");
        }
        leader.order("propose 1 64 3600");
        Thread.sleep(500);
        long killedMillis = System.currentTimeMillis();
        leader.kill();
        millis[i] = firstAnswer(others) - killedMillis;
      } finally {
        children.forEach(Child::close);
      }
    }
    Arrays.sort(millis);
    return new Row(
        "kill -9 of the leader under load, until another has committed",
        millis[kills / 2]
            + " ms (median of "
            + kills
            + "), "
            + millis[kills - 1]
            + " ms (longest)");
  }

  private static long firstAnswer(List<Child> children) throws IOException, InterruptedException {
    long end = System.currentTimeMillis() + ELECTION_MILLIS_MAX;
    while (System.currentTimeMillis() < end) {
      for (Child child : children) {
        if (child.hasAnswer()) {
          return Long.parseLong(child.answer());
        }
      }
      Thread.sleep(1);
    }
    throw new IOException("no new leader after " + ELECTION_MILLIS_MAX + " ms");
  }
}
