package io.gamut.server.resp;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.gamut.core.InvalidDataException;
import io.gamut.core.Key;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Where scans are to go on. A cursor of the protocol is a number, and a key is more than fits into
 * one: so each number stands for a key, for a while. For any thread.
 */
final class Cursors {
  private static final int CURSORS_MAX = 50_000;
  private static final Duration KEPT = Duration.ofMinutes(10);
  private static final long FIRST_MAX = 1L << 50;

  private final Cache<Long, Key> keys =
      Caffeine.newBuilder().maximumSize(CURSORS_MAX).expireAfterAccess(KEPT).build();

  /** Not from 1 on: one of an earlier life of this server is not to be taken for another. */
  private final AtomicLong last =
      new AtomicLong(ThreadLocalRandom.current().nextLong(1, FIRST_MAX));

  /** A cursor that goes on after a key. */
  long after(Key key) {
    long cursor = last.incrementAndGet();
    keys.put(cursor, key);
    return cursor;
  }

  /** The key that a cursor goes on after. */
  Key key(long cursor) {
    Key key = keys.getIfPresent(cursor);
    if (key == null) {
      throw new InvalidDataException(
          "cursor "
              + cursor
              + " is not known here: it is another server's, or too old. Begin"
              + " again with 0");
    }
    return key;
  }
}
