package io.gamut.storage.update;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.gamut.core.Key;
import io.gamut.core.Pair;
import io.gamut.replication.message.Update;
import io.gamut.storage.update.RocksTables.Moment;
import io.gamut.storage.update.RocksTables.Table;
import io.gamut.storage.update.RocksTables.Writing;
import io.gamut.storage.update.Rows.Winner;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicIntegerArray;
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
 * goes for a cached pair, provided that <em>no cached pair is older than the tables, but for pairs
 * still in {@code unwritten}</em>: the lookup may get a pair that such a one replaces, but only if
 * that was revealed after <i>t</i>.
 *
 * <p><b>Why the cache is never older.</b> The publisher puts each pair of a batch, or removes the
 * key if the pair is too large, after writing the tables. The danger is a slow reader that read the
 * tables before the batch was written and puts what it found afterwards, when the newer pair may
 * have been evicted already. So each key has a stamp (shared with others by hash), which the
 * publisher raises between the tables and the cache. A reader takes the stamp before it reads the
 * tables, and puts its pair only where there is none, in a step that is atomic for the key, and
 * that gives up if the stamp has changed. If it has not, the publisher's put is still to come, and
 * will replace what the reader put. If the reader took the stamp after it was raised, it read the
 * tables after the batch.
 *
 * <p><b>Why content is always found.</b> An update is dropped only when the tables name another
 * winner of its key. A reader that comes too late for the content looks again for the winner.
 */
final class SharedView {
  private static final int STAMPS = 1 << 12;

  /** Bytes of a cached pair beside key and value: its objects, and the cache's own. */
  private static final int PAIR_OVERHEAD_BYTES = 300;

  private final RocksTables tables;
  private final Cache<Key, Pair> cache;
  private final int cachedValueBytesMax;
  private final AtomicIntegerArray stamps = new AtomicIntegerArray(STAMPS);

  /** Never changed once set. */
  private volatile Map<Key, Pair> unwritten = new HashMap<>();

  SharedView(RocksTables tables, RocksStoreOptions options) {
    this.tables = tables;
    cachedValueBytesMax = options.cachedValueBytesMax();
    cache =
        Caffeine.newBuilder()
            .maximumWeight(options.readCacheBytes())
            .<Key, Pair>weigher((key, pair) -> weight(pair))
            .executor(Runnable::run)
            .build();
  }

  private static int weight(Pair pair) {
    return PAIR_OVERHEAD_BYTES + pair.key().bytes().length + pair.content().size();
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
    for (Pair pair : pairs.values()) {
      stamps.incrementAndGet(stampOf(pair.key()));
      if (isCacheable(pair)) {
        cache.put(pair.key(), pair);
      } else {
        cache.invalidate(pair.key());
      }
    }
    unwritten = new HashMap<>();
  }

  private boolean isCacheable(Pair pair) {
    return pair.content().size() <= cachedValueBytesMax;
  }

  private static int stampOf(Key key) {
    int hash = key.hashCode() * 0x9E3779B9;
    return hash >>> (Integer.SIZE - Integer.numberOfTrailingZeros(STAMPS));
  }

  /** The key's pair, or null. */
  @Nullable Pair lookup(Key key) {
    Pair published = unwritten.get(key);
    if (published != null) {
      return published;
    }
    Pair cached = cache.getIfPresent(key);
    if (cached != null) {
      return cached;
    }
    int index = stampOf(key);
    int stamp = stamps.get(index);
    Pair stored = lookup(key, tables.latest());
    if (stored != null && isCacheable(stored)) {
      cache.asMap().computeIfAbsent(key, _ -> stamps.get(index) == stamp ? stored : null);
    }
    return stored;
  }

  private static @Nullable Pair lookup(Key key, Moment moment) {
    Winner missed = null;
    while (true) {
      byte[] row = moment.get(Table.VIEW, key.bytes());
      if (row == null) {
        return null;
      }
      Winner winner = Rows.winner(row);
      byte[] update = moment.get(Table.LOG, Rows.dot(winner.dot()));
      if (update != null) {
        return pair(Rows.update(update));
      }
      if (winner.equals(missed)) {
        throw new IllegalStateException(
            "the store is damaged: it names " + winner + " for '" + key + "' but does not hold it");
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
    byte[] first = after == null ? new byte[0] : successor(after.bytes());
    moment.each(
        Table.VIEW,
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

  /** The least array of bytes that is greater. */
  private static byte[] successor(byte[] bytes) {
    return Arrays.copyOf(bytes, bytes.length + 1);
  }
}
