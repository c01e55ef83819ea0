package io.gamut.replication;

import io.gamut.core.Content;
import io.gamut.core.Key;
import io.gamut.core.Pair;
import io.gamut.core.Version;
import io.gamut.replication.committed.CommittedView;
import io.gamut.replication.store.UpdateStore;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a replica shows: of each key the later, by version, of what is committed and of what its
 * weak world shows. A join, so it does not matter in which order the two have moved on. From any
 * thread, as its parts.
 */
public record View(UpdateStore tentative, CommittedView committed) {
  /**
   * The pair of a key, a tombstone too; null when there never was a write. Where a tombstone was
   * collected, one stands for it, and hides what it had overtaken.
   */
  public @Nullable Pair lookup(Key key) {
    Pair weak = tentative.lookup(key);
    Pair strong = committed.lookup(key);
    if (weak == null || strong == null) {
      return weak == null ? strong : weak;
    }
    return later(weak, strong);
  }

  /** Of the same version the committed one: what depends on it finds it at more replicas. */
  private static Pair later(Pair weak, Pair strong) {
    return weak.version().isAfter(strong.version()) ? weak : strong;
  }

  /** What is shown of a weak pair whose key has no row: to whoever counts pairs it stays one. */
  private static Pair behind(Version base, Pair weak) {
    return weak.version().isAfter(base)
        ? weak
        : new Pair(weak.key(), Content.Tombstone.TOMBSTONE, base, weak.mark());
  }

  /** Pairs with keys after {@code after} (from the first when null), ascending, tombstones too. */
  public List<Pair> scan(@Nullable Key after, int limit) {
    while (true) {
      Version base = committed.base();
      List<Pair> pairs = scan(after, limit, base);
      // It moves seldom, and never back: if it is the same, it was the same all the time.
      if (committed.base().equals(base)) {
        return pairs;
      }
    }
  }

  private List<Pair> scan(@Nullable Key after, int limit, Version base) {
    TreeMap<Key, Pair> pairs = new TreeMap<>();
    // The weak ones first, as in a lookup: what is absorbed meanwhile is committed before it is
    // dropped here, so it is met on one side at least.
    List<Pair> weakly = tentative.scan(after, limit);
    // Each part gives its first ones, so that the first of both are among them.
    committed.scan(after, limit).forEach(pair -> pairs.put(pair.key(), pair));
    for (Pair weak : weakly) {
      Pair strong = pairs.get(weak.key());
      pairs.put(weak.key(), strong == null ? behind(base, weak) : later(weak, strong));
    }
    return pairs.values().stream().limit(limit).toList();
  }
}
