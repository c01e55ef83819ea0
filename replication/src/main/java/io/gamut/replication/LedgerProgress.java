package io.gamut.replication;

import io.gamut.core.VersionVector;
import io.gamut.replication.committed.CommittedView;
import org.jspecify.annotations.Nullable;

/** How much of the ledger a replica shows. */
final class LedgerProgress {
  private long applied;
  private @Nullable VersionVector absorbed;

  LedgerProgress(CommittedView committed) {
    applied = committed.position();
    absorbed = committed.equals(CommittedView.NONE) ? null : VersionVector.EMPTY;
  }

  void onApplied(Input.Applied news) {
    applied = news.index();
    absorbed = news.absorbed();
  }

  /** What is applied up to here is shown. */
  long applied() {
    return applied;
  }

  /** These updates and what the ledger has absorbed. */
  VersionVector with(VersionVector visible) {
    return absorbed == null ? visible : visible.join(absorbed);
  }

  /**
   * Of these updates those that the ledger will not ask for any more. Where there is no ledger, all
   * of them.
   */
  VersionVector notNeeded(VersionVector updates) {
    return absorbed == null ? updates : updates.meet(absorbed);
  }
}
