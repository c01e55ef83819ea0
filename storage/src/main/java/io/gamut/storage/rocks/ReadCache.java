package io.gamut.storage.rocks;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.gamut.core.Content;
import io.gamut.core.Key;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What the tables hold at the keys that are asked for most, kept ready for readers. One thread
 * writes the tables and says so here, any thread reads.
 *
 * <p><b>Why the cache is never older than the tables</b>, but for keys whose writing is not over.
 * The writer puts each value of a batch, or takes the key away if it was removed or its value is
 * too large, after writing the tables. The danger is a slow reader that read the tables before the
 * batch was written and puts what it found afterwards, when the newer value may have been evicted,
 * or the removed key taken away, already. So each key has a stamp (shared with others by hash),
 * which the writer raises between the tables and the cache. A reader takes the stamp before it
 * reads the tables, and puts its value only where there is none, in a step that is atomic for the
 * key, and that gives up if the stamp has changed. If it has not, the writer's step is still to
 * come, and will undo what the reader put. If the reader took the stamp after it was raised, it
 * read the tables after the batch.
 */
public final class ReadCache<V> {
  private static final int STAMPS = 1 << 12;

  /** Bytes of what is cached beside key and value: its objects, and the cache's own. */
  private static final int OVERHEAD_BYTES = 300;

  private final Function<V, Content> content;
  private final int valueBytesMax;
  private final Cache<Key, V> cache;
  private final AtomicIntegerArray stamps = new AtomicIntegerArray(STAMPS);

  /** Reads a key from the tables. */
  public interface Reading<V> {
    @Nullable V read(Key key);
  }

  /**
   * An empty cache.
   *
   * @param content gives what a cached thing is weighed by
   */
  public ReadCache(RocksOptions options, Function<V, Content> content) {
    this.content = content;
    valueBytesMax = options.cachedValueBytesMax();
    cache =
        Caffeine.newBuilder()
            .maximumWeight(options.readCacheBytes())
            .<Key, V>weigher((key, value) -> weight(key, value))
            .executor(Runnable::run)
            .build();
  }

  private int weight(Key key, V value) {
    return OVERHEAD_BYTES + key.bytes().length + size(value);
  }

  private int size(V value) {
    return content.apply(value).size();
  }

  /** What is cached, or else what the tables hold; null if they hold nothing. */
  public @Nullable V get(Key key, Reading<V> tables) {
    V cached = cache.getIfPresent(key);
    if (cached != null) {
      return cached;
    }
    int index = stampOf(key);
    int stamp = stamps.get(index);
    V stored = tables.read(key);
    if (stored != null && size(stored) <= valueBytesMax) {
      cache.asMap().computeIfAbsent(key, _ -> stamps.get(index) == stamp ? stored : null);
    }
    return stored;
  }

  /**
   * The tables hold something else at a key now.
   *
   * @param value null if the key was removed
   */
  public void onWritten(Key key, @Nullable V value) {
    stamps.incrementAndGet(stampOf(key));
    if (value != null && size(value) <= valueBytesMax) {
      cache.put(key, value);
    } else {
      cache.invalidate(key);
    }
  }

  private static int stampOf(Key key) {
    int hash = key.hashCode() * 0x9E3779B9;
    return hash >>> (Integer.SIZE - Integer.numberOfTrailingZeros(STAMPS));
  }
}
