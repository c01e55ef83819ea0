package io.gamut.replication.remote;

import io.gamut.core.Content;
import io.gamut.core.Pair;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A pair of which only the beginning of the value is there: enough to recognize it.
 *
 * @param pair its value has at most {@value #BYTES_MAX} bytes
 * @param length bytes of the whole value; 0 of a tombstone
 */
public record Glimpse(Pair pair, long length) {
  public static final int BYTES_MAX = 64;

  /** A pair cut; null of none. */
  public static @Nullable Glimpse of(@Nullable Pair pair) {
    if (pair == null) {
      return null;
    }
    int length = pair.content().size();
    return new Glimpse(
        new Pair(pair.key(), cut(pair.content()), pair.version(), pair.mark()), length);
  }

  /** The same content with the beginning of its value: a copy, so that the rest can be let go. */
  public static Content cut(Content content) {
    return content instanceof Content.Value value && value.size() > BYTES_MAX
        ? new Content.Value(
            Arrays.copyOf(value.bytes(), BYTES_MAX),
            value.flags(),
            value.expiresAtMillis(),
            value.renewal())
        : content;
  }
}
