package io.gamut.server.explain;

import io.gamut.core.Origin;
import io.gamut.server.passing.Looked;

/** Something that a session depends on and a replica does not have yet. */
public sealed interface Lack {
  long wanted();

  /** How much of it is there. */
  long has();

  /** What has not been done yet. */
  Stage stage();

  /** In words, behind "lacks". */
  String words(Looked looked);

  /** How far an update must have come. */
  enum Stage {
    RECEIVED,
    VISIBLE,
    ABSORBED,
    APPLIED
  }

  /**
   * Updates of an origin.
   *
   * @param wanted the sequence up to which all are needed
   * @param has the sequence up to which that has been done
   */
  record OfOrigin(Origin origin, long wanted, long has, Stage stage) implements Lack {
    @Override
    public String words(Looked looked) {
      String updates = "update %d of %s".formatted(wanted, looked.name(origin));
      return switch (stage) {
        case RECEIVED -> "%s (received up to %d)".formatted(updates, has);
        case VISIBLE -> "%s (received, visible up to %d)".formatted(updates, has);
        case ABSORBED, APPLIED -> "%s in the ledger (absorbed up to %d)".formatted(updates, has);
      };
    }
  }

  /** Entries of the ledger. */
  record OfLedger(long wanted, long has) implements Lack {
    @Override
    public Stage stage() {
      return Stage.APPLIED;
    }

    @Override
    public String words(Looked looked) {
      return "entry %d of the ledger (applied up to %d)".formatted(wanted, has);
    }
  }
}
