package io.gamut.storage.update;

import io.gamut.core.Dot;
import io.gamut.storage.rocks.RocksTables;
import java.util.ArrayList;
import java.util.List;

/**
 * In a store of format 1 the rows of overtaken updates named only these, not what had overtaken
 * them. Today's name both: the view tells what has won their keys.
 */
final class OvertakenOfFormat1 {
  private static final int ROWS_PER_WRITE = 1_000;

  private OvertakenOfFormat1() {}

  /** Converts them all; may be repeated after a crash. */
  static void convert(RocksTables tables) {
    byte[] from = new byte[0];
    List<byte[]> rows = next(tables, from);
    while (!rows.isEmpty()) {
      convert(tables, rows);
      rows = next(tables, rows.getLast());
    }
  }

  /** Rows of the old kind from a key on: those of today are twice as long. */
  private static List<byte[]> next(RocksTables tables, byte[] from) {
    List<byte[]> rows = new ArrayList<>();
    tables
        .latest()
        .each(
            UpdateTable.OVERTAKEN,
            from,
            (key, _) -> {
              if (key.length == Rows.DOT_BYTES) {
                rows.add(key);
              }
              return rows.size() < ROWS_PER_WRITE;
            });
    return rows;
  }

  private static void convert(RocksTables tables, List<byte[]> rows) {
    tables.write(batch -> {
      for (byte[] row : rows) {
        batch.delete(UpdateTable.OVERTAKEN, row);
        byte[] loser = tables.latest().get(UpdateTable.LOG, row);
        byte[] winner =
            loser == null
                ? null
                : tables.latest().get(UpdateTable.VIEW, Rows.update(loser).key().bytes());
        if (winner != null) {
          Dot winnerDot = Rows.winner(winner).dot();
          Overtaking overtaking = new Overtaking(winnerDot, Rows.dot(row));
          batch.put(UpdateTable.OVERTAKEN, Rows.overtaking(overtaking), new byte[0]);
        }
      }
    });
  }
}
