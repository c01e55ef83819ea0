package io.gamut.core;

import org.jspecify.annotations.Nullable;

/**
 * What a view must hold before it may answer a request.
 *
 * @param vector must be covered by what is visible
 * @param index so far must the ledger have been applied
 * @param seen must, if there, be reached by the key's version or covered by what is visible
 */
public record Requirement(VersionVector vector, long index, Session.@Nullable Seen seen) {
  public static final Requirement NONE = new Requirement(VersionVector.EMPTY, 0, null);

  /** Whether any view will do. */
  public boolean isNone() {
    return seen == null && index == 0 && vector.isEmpty();
  }

  /**
   * Whether a view that shows this much satisfies it.
   *
   * @param visible the updates that it shows, or has absorbed
   * @param applied the ledger's index that it shows
   * @param current the key's version; null where there is none
   */
  public boolean isSatisfiedBy(VersionVector visible, long applied, @Nullable Version current) {
    return applied >= index && visible.covers(vector) && isSeen(visible, applied, current);
  }

  /**
   * Whether some of it is gone for good.
   *
   * @param closed the ends of the origins that have one
   * @param current the key's version; null where there is none
   */
  public boolean isLost(Ends closed, @Nullable Version current) {
    if (closed.isEmpty()) {
      return false;
    }
    boolean isKeyLost =
        seen != null
            && seen.mark() instanceof Dot dot
            && closed.isBeyond(dot)
            && (current == null || current.compareTo(seen.version()) < 0);
    return isKeyLost || closed.isBeyond(vector);
  }

  private boolean isSeen(VersionVector visible, long applied, @Nullable Version current) {
    if (seen == null || (current != null && current.compareTo(seen.version()) >= 0)) {
      return true;
    }
    return switch (seen.mark()) {
      case Dot dot -> visible.covers(dot);
      case LedgerPosition(long at) -> applied >= at;
    };
  }
}
