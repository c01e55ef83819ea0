package io.gamut.verify.history;

import io.gamut.core.Version;
import org.jspecify.annotations.Nullable;

/**
 * What a replica shows at a key in the end.
 *
 * @param value null for absent
 * @param version null if the key was never written
 */
public record Shown(@Nullable String value, @Nullable Version version) {
  public static final Shown NOTHING = new Shown(null, null);
}
