package io.gamut.core;

import org.jspecify.annotations.Nullable;

/**
 * What a view holds at a key: the winning write, which may be a tombstone.
 *
 * @param mark where the write is to be found, for sessions that have met it
 */
public record Pair(Key key, Content content, Version version, Mark mark) {
  /** The name of a weak write. Throws {@link IllegalStateException} for a committed one. */
  public Dot dot() {
    if (mark instanceof Dot dot) {
      return dot;
    }
    throw new IllegalStateException("'" + key + "' is committed: " + mark + " is no dot");
  }

  /**
   * Whether a weak write of the same key takes the place of this pair, of a weak write too: one of
   * a later version. Of two tries of one write, which have the same version, the one of the greater
   * dot does, so that all replicas keep the same one and drop the same one: if each kept the one
   * that it met first, every try might be dropped somewhere, and a newcomer that asks two replicas
   * might be given none.
   */
  public boolean isOvertakenBy(Version later, Dot name) {
    int byVersion = later.compareTo(version);
    return byVersion > 0 || (byVersion == 0 && name.compareTo(dot()) > 0);
  }

  /** The value, expired or not; none behind a tombstone. */
  public Content.@Nullable Value value() {
    return content instanceof Content.Value value ? value : null;
  }

  /** The value a reader sees at {@code nowMillis}: none behind a tombstone or past its expiry. */
  public Content.@Nullable Value valueAt(long nowMillis) {
    return switch (content) {
      case Content.Value value -> value.expiredAt(nowMillis) ? null : value;
      case Content.Tombstone.TOMBSTONE -> null;
    };
  }
}
