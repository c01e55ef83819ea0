package io.gamut.core;

import org.jspecify.annotations.Nullable;

/** What a view holds at a key: the winning write, which may be a tombstone. */
public record Pair(Key key, Content content, Version version, Dot dot) {
  /** The value a reader sees at {@code nowMillis}: none behind a tombstone or past its expiry. */
  public Content.@Nullable Value valueAt(long nowMillis) {
    return switch (content) {
      case Content.Value value -> value.expiredAt(nowMillis) ? null : value;
      case Content.Tombstone.TOMBSTONE -> null;
    };
  }
}
