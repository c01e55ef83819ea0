package io.gamut.simulator;

import io.gamut.core.Consistency;
import io.gamut.core.Content;
import io.gamut.core.Dot;
import io.gamut.core.Key;
import io.gamut.core.NodeId;
import io.gamut.core.Pair;
import io.gamut.core.Version;
import io.gamut.core.VersionVector;
import io.gamut.replication.message.Update;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Knows everything that has happened in the simulated world, and holds it against the invariants of
 * DESIGN section 7 as it happens. It believes nothing that a replica says of itself: causes are
 * those that clients really saw, durability is what the simulated disks have synced.
 */
public final class Judge implements CheckedStore.Watcher {
  private final Map<Dot, Update> updates = new HashMap<>();
  private final Map<Long, Version> stamps = new HashMap<>();
  private final Map<Long, Map<Key, Version>> pastsOfOperations = new HashMap<>();
  private final Map<Dot, Map<Key, Version>> pasts = new HashMap<>();
  private final Map<VersionVector, Long> views = new HashMap<>();
  private final Map<NodeId, Set<Dot>> durable = new HashMap<>();
  private final Set<Dot> acknowledged = new TreeSet<>();
  private final Set<Version> lost = new HashSet<>();

  /** The value of an operation: its number, which nobody else writes. */
  public static Content.Value value(long operation) {
    byte[] bytes = new byte[Long.BYTES];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (operation >>> (8 * i));
    }
    return Content.Value.of(bytes);
  }

  private static long operation(Content.Value value) {
    long operation = 0;
    for (int i = 0; i < Long.BYTES; i++) {
      operation |= (value.bytes()[i] & 0xFFL) << (8 * i);
    }
    return operation;
  }

  /** A replica gives an update to its journal. */
  public void onAccepted(Update update) {
    pasts.remove(update.dot());
    if (update.content() instanceof Content.Value value) {
      pasts.put(update.dot(), pastsOfOperations.getOrDefault(operation(value), Map.of()));
      Version stamp = stamps.putIfAbsent(operation(value), update.version());
      if (stamp != null && !stamp.equals(update.version())) {
        throw new Violation(
            "a write is stamped once", "operation " + operation(value) + " twice: " + update);
      }
    }
  }

  /**
   * An update is on a server's disk, synced. Before that nobody else can know of it, and its dot
   * may be given again.
   */
  public void onSynced(NodeId node, Update update) {
    Update known = updates.putIfAbsent(update.dot(), update);
    if (known != null && !known.equals(update)) {
      throw new Violation("a dot names one update", update + " and " + known);
    }
    durable.computeIfAbsent(node, _ -> new HashSet<>()).add(update.dot());
  }

  /**
   * A server's disk is not what it was: what nobody else had synced is lost, and nothing can be
   * promised of it.
   */
  public void onDiskReplaced(NodeId node) {
    Set<Dot> gone = durable.getOrDefault(node, Set.of());
    durable.remove(node);
    views.clear();
    gone.forEach(this::loseUnlessElsewhere);
  }

  /** A server has left in order: with its disk nothing is lost that others do not hold. */
  public void onLeft(NodeId node) {
    durable.remove(node);
  }

  /**
   * A server that caught up lets go of an update that it never showed, since what closes the gaps
   * beside it is lost.
   */
  @Override
  public void onDiscarded(NodeId node, Dot dot) {
    Set<Dot> here = durable.get(node);
    if (here != null && here.remove(dot)) {
      loseUnlessElsewhere(dot);
    }
  }

  private void loseUnlessElsewhere(Dot dot) {
    if (durable.values().stream().noneMatch(dots -> dots.contains(dot))) {
      acknowledged.remove(dot);
      pasts.remove(dot);
      Update update = updates.remove(dot);
      if (update != null) {
        lost.add(update.version());
      }
    }
  }

  /** Whether an update was written as it is, as far as that is still known. */
  public boolean isKnown(Update update) {
    Update known = updates.get(update.dot());
    return known == null ? hasLost() : known.equals(update);
  }

  /** Whether the update of a version was lost. */
  public boolean isLost(Version version) {
    return lost.contains(version);
  }

  /** Whether an update was lost that somebody may depend on. */
  public boolean hasLost() {
    return !lost.isEmpty();
  }

  /** The servers on whose disks an update is. */
  public List<NodeId> holders(Dot dot) {
    return durable.entrySet().stream()
        .filter(each -> each.getValue().contains(dot))
        .map(Map.Entry::getKey)
        .toList();
  }

  private boolean isDurable(NodeId node, Dot dot) {
    return durable.getOrDefault(node, Set.of()).contains(dot);
  }

  /** A replica sends an update to others. */
  public void onSent(NodeId node, Update update) {
    if (!isDurable(node, update.dot())) {
      throw new Violation("nothing is sent before it is durable", node + " sends " + update.dot());
    }
  }

  /**
   * A replica shows an update.
   *
   * <p>Its causes are what its writer's session had written and read at causal level.
   */
  @Override
  public void onShown(NodeId node, Update update, Function<Key, @Nullable Pair> view) {
    if (!isDurable(node, update.dot())) {
      throw new Violation("nothing is shown before it is durable", node + " " + update.dot());
    }
    pasts
        .getOrDefault(update.dot(), Map.of())
        .forEach((key, version) -> {
          Pair pair = view.apply(key);
          if (!lost.contains(version) && (pair == null || version.isAfter(pair.version()))) {
            throw new Violation(
                "no effect before its cause",
                node + " shows " + update.dot() + " but at " + key + " only " + pair);
          }
        });
  }

  /** A client is about to write causally; {@code past} is what its session has seen by then. */
  public void onSubmitted(long operation, Map<Key, Version> past) {
    pastsOfOperations.putIfAbsent(operation, past);
  }

  public Map<Key, Version> past(Dot dot) {
    return pasts.getOrDefault(dot, Map.of());
  }

  /** Two replicas that have shown the same updates show the same view. */
  public void onView(NodeId node, VersionVector visible, long viewHash) {
    Long known = views.putIfAbsent(visible, viewHash);
    if (known != null && known != viewHash) {
      throw new Violation("same updates, same view", "server " + node + " at " + visible);
    }
  }

  /** A server acknowledges a weak write. */
  public void onAcknowledged(NodeId node, Dot dot) {
    if (!isDurable(node, dot)) {
      throw new Violation("nothing is acknowledged before it is durable", node + " " + dot);
    }
    acknowledged.add(dot);
  }

  /** A restarted server, its disk its own, must hold what it has acknowledged. */
  public void onRecovered(NodeId node, VersionVector received) {
    for (Dot dot : durable.getOrDefault(node, Set.of())) {
      if (!received.covers(dot)) {
        throw new Violation("what was durable survives a crash", node + " has lost " + dot);
      }
    }
  }

  /** A client has read; {@code least} is what its session may at least expect. */
  public void onRead(
      String client, Key key, @Nullable Pair pair, @Nullable Version least, Consistency level) {
    if (least != null && !lost.contains(least) && (pair == null || least.isAfter(pair.version()))) {
      throw new Violation(
          "a session sees what " + level + " promises",
          client + " reads " + pair + " at " + key + ", not " + least);
    }
  }

  /** A client has written at a key where its session had seen {@code before}. */
  public void onWritten(String client, @Nullable Version before, Version written) {
    if (before != null && !written.isAfter(before)) {
      throw new Violation(
          "a session's write wins over what the session had seen",
          client + " wrote " + written + " after " + before);
    }
  }

  /** In the end, what was acknowledged is seen, or overtaken by something later. */
  public void onSettled(NodeId node, Function<Key, @Nullable Pair> view) {
    if (hasLost()) {
      return;
    }
    for (Dot dot : acknowledged) {
      Update update = updates.get(dot);
      Pair pair = update == null ? null : view.apply(update.key());
      if (update != null && (pair == null || update.version().isAfter(pair.version()))) {
        throw new Violation(
            "an acknowledged write is seen everywhere", node + " shows " + pair + ", not " + dot);
      }
    }
  }
}
