package io.gamut.storage.update;

import io.gamut.core.Dot;
import io.gamut.core.Origin;
import io.gamut.core.VersionVector;
import io.gamut.storage.rocks.RocksTables;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * Finds the rows of overtaken updates that wait for something that is shown by all now.
 *
 * <p>RocksDB reads slowly over what was deleted. So it is remembered per origin up to where all
 * rows were found before, and the few that are added below that are remembered one by one. After a
 * start nothing is known, and all is read once.
 */
final class OvertakenRows {
  /** Of an origin, rows below the mark from which on the mark is lowered instead. */
  private static final int BELOW_MAX = 10_000;

  private final RocksTables tables;
  private final Map<Origin, Found> found = new HashMap<>();

  /** Where to look for the rows that wait for an origin's updates. */
  private static final class Found {
    /** No row waits for an update up to this sequence, but those that are listed. */
    long through;

    final TreeSet<Long> below = new TreeSet<>();
  }

  OvertakenRows(RocksTables tables) {
    this.tables = tables;
  }

  /** A row that waits for this dot is added. */
  void onAdded(Dot awaited) {
    Found known = found.get(awaited.origin());
    if (known != null && awaited.sequence() <= known.through) {
      known.below.add(awaited.sequence());
      if (known.below.size() > BELOW_MAX) {
        known.through = known.below.first() - 1;
        known.below.clear();
      }
    }
  }

  /** Whether there may be rows that wait for something within {@code through}. */
  boolean mayWait(VersionVector through) {
    boolean[] may = {false};
    through.forEach((origin, last) -> {
      Found known = found.get(origin);
      may[0] |= known == null || known.through < last || !known.below.isEmpty();
    });
    return may[0];
  }

  /** Up to {@code limit} rows that wait for something within {@code through}, and not any more. */
  List<Overtaking> find(VersionVector through, int limit) {
    List<Overtaking> rows = new ArrayList<>();
    through.forEach((origin, last) -> {
      Found known = found.computeIfAbsent(origin, _ -> new Found());
      while (!known.below.isEmpty() && known.below.first() <= last && rows.size() < limit) {
        long sequence = known.below.first();
        if (read(origin, sequence, sequence, limit, rows)) {
          known.below.remove(sequence);
        }
      }
      if (known.through < last && rows.size() < limit) {
        boolean isAll = read(origin, known.through + 1, last, limit, rows);
        known.through = isAll ? last : rows.getLast().awaited().sequence() - 1;
      }
    });
    return rows;
  }

  /** Reads the rows that wait for an origin's dots in a range; whether the limit left none out. */
  private boolean read(Origin origin, long first, long last, int limit, List<Overtaking> rows) {
    tables
        .latest()
        .each(
            UpdateTable.OVERTAKEN,
            Rows.dot(new Dot(origin, first)),
            Rows.behind(new Dot(origin, last)),
            (key, _) -> {
              rows.add(Rows.overtaking(key));
              return rows.size() < limit;
            });
    return rows.size() < limit;
  }
}
