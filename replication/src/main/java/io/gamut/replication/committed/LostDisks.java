package io.gamut.replication.committed;

import io.gamut.core.Ends;
import java.util.Map;

/**
 * What the ledger says of disks that are gone for good, as far as it is applied.
 *
 * @param ends of the origins that were written on them, as far as these are closed
 * @param rounds how often those of each incarnation were closed
 */
public record LostDisks(Ends ends, Map<Long, Long> rounds) {
  public static final LostDisks NONE = new LostDisks(Ends.NONE, Map.of());

  /** How often the origins of a disk of this incarnation were closed. */
  public long roundOf(long incarnation) {
    return rounds.getOrDefault(incarnation, 0L);
  }
}
