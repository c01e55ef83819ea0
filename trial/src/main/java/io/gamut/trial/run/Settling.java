package io.gamut.trial.run;

import io.gamut.client.GamutConnection;
import io.gamut.client.Receipt;
import io.gamut.protocol.resp.RespValue;
import io.gamut.trial.cluster.Cluster;
import io.gamut.trial.cluster.Control;
import io.gamut.trial.cluster.Status;
import io.gamut.verify.history.Shown;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Waits until all servers show the same and none of it is tentative. */
final class Settling {
  private static final long SETTLING_NANOS_MAX = TimeUnit.SECONDS.toNanos(60);
  private static final long PAUSE_MILLIS = 100;
  private static final int PIPELINED = 200;

  private final Cluster cluster;
  private final List<String> keys;
  private @Nullable String trouble;

  Settling(Cluster cluster, Collection<String> keys) {
    this.cluster = cluster;
    this.keys = List.copyOf(keys);
  }

  /**
   * Waits until every server votes, and there is a leader.
   *
   * @throws IOException if that takes too long
   */
  static void awaitReady(Cluster cluster) throws IOException, InterruptedException {
    long limit = System.nanoTime() + SETTLING_NANOS_MAX;
    Control control = new Control(cluster);
    String missing = notReady(cluster, control);
    while (missing != null) {
      if (System.nanoTime() - limit > 0) {
        throw new IOException("the cluster is not ready: " + missing);
      }
      TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
      missing = notReady(cluster, control);
    }
  }

  private static @Nullable String notReady(Cluster cluster, Control control) {
    if (control.leader().isEmpty()) {
      return "nobody leads";
    }
    for (int place = 0; place < cluster.count(); place++) {
      try {
        Status status = control.status(place);
        if (!status.voters().contains(cluster.id(place))) {
          return "server " + cluster.id(place) + " does not vote";
        }
      } catch (IOException e) {
        return String.valueOf(e.getMessage());
      }
    }
    return null;
  }

  /**
   * What each server shows, by its id; what they show after a minute if they do not agree before,
   * which is a {@link #trouble} then.
   */
  Map<Integer, Map<String, Shown>> await() throws InterruptedException {
    long limit = System.nanoTime() + SETTLING_NANOS_MAX;
    while (true) {
      trouble = null;
      Map<Integer, Map<String, Shown>> shown = look();
      if (trouble == null || System.nanoTime() - limit > 0) {
        return shown;
      }
      TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
    }
  }

  /** Why what servers show is not what it should be. */
  Optional<String> trouble() {
    return Optional.ofNullable(trouble);
  }

  private Map<Integer, Map<String, Shown>> look() {
    Map<Integer, Map<String, Shown>> shown = new TreeMap<>();
    for (int place = 0; place < cluster.count(); place++) {
      try (GamutConnection connection = cluster.connect(place)) {
        shown.put(cluster.id(place), shownBy(connection));
      } catch (IOException e) {
        trouble = "server " + cluster.id(place) + ": " + e.getMessage();
      }
    }
    if (shown.values().stream().distinct().count() > 1) {
      trouble = "servers show different things to a read at eventual";
    }
    return shown;
  }

  private Map<String, Shown> shownBy(GamutConnection connection) throws IOException {
    var _ = connection.call("GAMUT", "RECEIPT", "ON");
    Map<String, Shown> shown = new TreeMap<>();
    for (int begin = 0; begin < keys.size(); begin += PIPELINED) {
      List<String> some = keys.subList(begin, Math.min(keys.size(), begin + PIPELINED));
      for (String key : some) {
        connection.send("GAMUT", "AT", "eventual", "GET", key);
      }
      List<RespValue> replies = new ArrayList<>();
      for (String _ : some) {
        replies.add(connection.receive());
      }
      for (int i = 0; i < some.size(); i++) {
        shown.put(some.get(i), shown(replies.get(i)));
      }
    }
    return shown;
  }

  private Shown shown(RespValue reply) throws IOException {
    Receipt receipt = Receipt.of(reply);
    RespValue value = Receipt.without(reply);
    if (receipt == null || value instanceof RespValue.Failure) {
      throw new IOException("a read at eventual was answered with " + reply);
    }
    if ("tentative".equals(receipt.state())) {
      trouble = "something is tentative still";
    }
    return new Shown(value instanceof RespValue.Null ? null : value.toString(), receipt.version());
  }
}
