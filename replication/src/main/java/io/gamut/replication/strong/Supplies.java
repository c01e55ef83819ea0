package io.gamut.replication.strong;

import io.gamut.ledger.log.Participant;
import io.gamut.replication.Now;
import java.util.HashMap;
import java.util.Map;

/**
 * When a replica without a leader, that says how far it knows the ledger to be committed, is given
 * what is behind that: at once whenever it has moved, and else not before what was given had time
 * to arrive. It says so to all again and again, and each supply may be long.
 */
final class Supplies {
  private static final long REPEAT_NANOS = 1_000_000_000;
  private static final int REMEMBERED_MAX = 1_024;

  private final Map<Participant, Given> given = new HashMap<>();

  private record Given(long commit, long nanos) {}

  /** Whether it is to be given now what is behind an index. */
  boolean isDue(Participant behind, long commit, Now now) {
    Given last = given.get(behind);
    if (last != null && last.commit == commit && now.nanos() - last.nanos < REPEAT_NANOS) {
      return false;
    }
    if (given.size() >= REMEMBERED_MAX) {
      given.clear();
    }
    given.put(behind, new Given(commit, now.nanos()));
    return true;
  }
}
