package io.gamut.storage.update;

import io.gamut.core.Key;
import io.gamut.core.Pair;
import io.gamut.replication.message.Update;
import io.gamut.storage.rocks.ReadCache;
import io.gamut.storage.rocks.RocksOptions;
import io.gamut.storage.rocks.RocksTables;
import io.gamut.storage.rocks.RocksTables.Moment;
import io.gamut.storage.rocks.RocksTables.Writing;
import io.gamut.storage.rocks.StoreCorruptException;
import io.gamut.storage.update.Rows.Winner;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The view as all threads see it: what is not written yet, the cache, the tables, asked in this
 * order. One thread reveals and publishes, any thread reads.
 *
 * <p><b>Why every lookup is atomic</b> (returns what the view held at one moment between its call
 * and its return; then no reader sees a key go back, nor an update before one that was shown
 * earlier). Pairs become visible at one moment: when {@code unwritten} is set to a map that holds
 * them beside those it held before. From then on a reader finds them there; they are taken away
 * only after the tables and the cache have them. So take a lookup that did not find its key in
 * {@code unwritten}, at a moment <i>t</i>. What the tables give it later holds everything revealed
 * before <i>t</i>, and whatever more it holds was revealed before the lookup returned. The same
 * goes for a cached pair, since no cached pair is older than the tables, but for pairs still in
 * {@code unwritten} ({@link ReadCache} has the argument): the lookup may get a pair that such a one
 * replaces, but only if that was revealed after <i>t</i>.
 *
 * <p><b>Why content is always found.</b> An update is dropped only when the tables name another
 * winner of its key. A reader that comes too late for the content looks again for the winner.
 */
final class SharedView {
  private final RocksTables tables;
  private final ReadCache<Pair> cache;

  /** Never changed once set. */
  private volatile Map<Key, Pair> unwritten = new HashMap<>();

  SharedView(RocksTables tables, RocksOptions options) {
    this.tables = tables;
    cache = new ReadCache<>(options, Pair::content);
  }

  /**
   * Shows pairs to all readers at one moment.
   *
   * @param pairs all that are not written yet, each newer than what the tables hold; not changed by
   *     anybody from now on
   */
  void reveal(Map<Key, Pair> pairs) {
    unwritten = pairs;
  }

  /** Shows pairs like {@link #reveal}, and writes the batch that holds them. */
  void publish(Map<Key, Pair> pairs, Writing writing) {
    unwritten = pairs;
    tables.write(writing);
    pairs.forEach(cache::onWritten);
    unwritten = new HashMap<>();
  }

  /** The key's pair, or null. */
  @Nullable Pair lookup(Key key) {
    Pair published = unwritten.get(key);
    if (published != null) {
      return published;
    }
    return cache.get(key, missing -> lookup(missing, tables.latest()));
  }

  private static @Nullable Pair lookup(Key key, Moment moment) {
    Winner missed = null;
    while (true) {
      byte[] row = moment.get(UpdateTable.VIEW, key.bytes());
      if (row == null) {
        return null;
      }
      Winner winner = Rows.winner(row);
      byte[] update = moment.get(UpdateTable.LOG, Rows.dot(winner.dot()));
      if (update != null) {
        return pair(Rows.update(update));
      }
      if (winner.equals(missed)) {
        throw new UncheckedIOException(
            new StoreCorruptException(
                "the store is damaged: it names %s for '%s' but does not hold it"
                    .formatted(winner, key),
                null));
      }
      missed = winner;
    }
  }

  static Pair pair(Update update) {
    return new Pair(update.key(), update.content(), update.version(), update.dot());
  }

  /** Pairs as they stood together at one moment. */
  List<Pair> scan(@Nullable Key after, int limit) {
    // Taken first: what the tables do not hold yet then is in here, and they hold all before it.
    Map<Key, Pair> published = unwritten;
    TreeMap<Key, Pair> pairs = new TreeMap<>();
    for (Pair pair : tables.atOneMoment(moment -> scan(after, limit, moment))) {
      pairs.put(pair.key(), pair);
    }
    published.forEach((key, pair) -> {
      if (after == null || key.compareTo(after) > 0) {
        pairs.merge(key, pair, SharedView::newer);
      }
    });
    return pairs.values().stream().limit(limit).toList();
  }

  private static Pair newer(Pair one, Pair other) {
    return one.isOvertakenBy(other.version(), other.dot()) ? other : one;
  }

  private static List<Pair> scan(@Nullable Key after, int limit, Moment moment) {
    List<Key> keys = new ArrayList<>();
    byte[] first = after == null ? new byte[0] : RocksTables.successor(after.bytes());
    moment.each(
        UpdateTable.VIEW,
        first,
        (key, _) -> {
          if (keys.size() < limit) {
            keys.add(Key.of(key));
          }
          return keys.size() < limit;
        });
    List<Pair> pairs = new ArrayList<>(keys.size());
    for (Key key : keys) {
      Pair pair = lookup(key, moment);
      if (pair != null) {
        pairs.add(pair);
      }
    }
    return pairs;
  }
}
