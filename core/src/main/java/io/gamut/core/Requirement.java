package io.gamut.core;

import org.jspecify.annotations.Nullable;

/**
 * What a view must hold before it may answer a request.
 *
 * @param vector must be covered by what is visible
 * @param seen must, if there, be reached by the key's version or covered by what is visible
 */
public record Requirement(VersionVector vector, Session.@Nullable Seen seen) {
  public static final Requirement NONE = new Requirement(VersionVector.EMPTY, null);

  /** Whether any view will do. */
  public boolean isNone() {
    return seen == null && vector.isEmpty();
  }

  public boolean isSatisfiedBy(VersionVector visible, @Nullable Version current) {
    return visible.covers(vector)
        && (seen == null
            || visible.covers(seen.dot())
            || (current != null && current.compareTo(seen.version()) >= 0));
  }
}
