package io.gamut.replication.remote;

import io.gamut.core.Content;
import io.gamut.core.Key;
import io.gamut.core.Pair;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A part of all pairs, ascending, tombstones too. It may have fewer than were asked for, but none
 * only at the end.
 *
 * @param isEnd whether none follow
 */
public record Page(List<Pair> pairs, boolean isEnd) {
  private static final byte[] NOTHING = {};
  private static final int STEP_FIRST = 16;
  private static final int STEP_MAX = 256;

  /** Stores read values too, whether they are wanted or not. */
  private static final long BYTES_MAX = 1 << 20;

  public Page {
    pairs = List.copyOf(pairs);
  }

  /** Where pairs are looked up. */
  @FunctionalInterface
  public interface Source {
    /** Pairs with keys after {@code after} (from the first when null), ascending. */
    List<Pair> scan(@Nullable Key after, int limit);
  }

  /** Looks pairs up, a step at a time, until there are as many as wanted or many bytes. */
  public static Page read(Source source, @Nullable Key after, int limit, boolean hasValues) {
    List<Pair> pairs = new ArrayList<>();
    Key last = after;
    long bytes = 0;
    int step = STEP_FIRST;
    while (pairs.size() < limit && bytes < BYTES_MAX) {
      int wanted = Math.min(step, limit - pairs.size());
      List<Pair> found = source.scan(last, wanted);
      long before = bytes;
      for (Pair pair : found) {
        bytes += pair.key().length() + pair.content().size();
        pairs.add(hasValues ? pair : withoutValue(pair));
      }
      if (found.size() < wanted) {
        return new Page(pairs, true);
      }
      last = found.getLast().key();
      // The next step is not to read much more than there is room for, going by this one.
      long fitting = (BYTES_MAX - bytes) * found.size() / Math.max(1, bytes - before);
      step = Math.clamp(fitting, 1, STEP_MAX);
    }
    return new Page(pairs, limit == 0);
  }

  private static Pair withoutValue(Pair pair) {
    return pair.content() instanceof Content.Value value
        ? new Pair(pair.key(), value.withBytes(NOTHING), pair.version(), pair.mark())
        : pair;
  }
}
