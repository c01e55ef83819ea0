package io.gamut.replication;

import io.gamut.core.Origin;
import io.gamut.core.VersionVector;
import io.gamut.replication.committed.CommittedView;
import io.gamut.replication.committed.LostDisks;
import io.gamut.replication.message.JournalRecord.Admitted;
import org.jspecify.annotations.Nullable;

/** How much of the ledger a replica shows. */
final class LedgerProgress {
  private long applied;
  private @Nullable VersionVector absorbed;
  private LostDisks lost = LostDisks.NONE;
  private boolean isAdmitted;

  LedgerProgress(CommittedView committed) {
    applied = committed.position();
    absorbed = committed.equals(CommittedView.NONE) ? null : VersionVector.EMPTY;
    isAdmitted = absorbed == null;
  }

  void onApplied(Input.Applied news, DiskQueue disk, Effects effects) {
    if (news.isAdmitted() && !isAdmitted) {
      disk.persist(new Admitted(news.index()), effects);
    }
    applied = news.index();
    absorbed = news.absorbed();
    lost = news.lost();
    isAdmitted = news.isAdmitted();
  }

  boolean isThere() {
    return absorbed != null;
  }

  /** Whether this replica may write, and take what others write. Without a ledger any may. */
  boolean isAdmitted() {
    return isAdmitted;
  }

  LostDisks lost() {
    return lost;
  }

  /** Of dependencies what can be waited for: the rest is gone for good. */
  VersionVector reachable(VersionVector dependencies) {
    return lost.ends().reachable(dependencies);
  }

  /** Whether of a closed origin nothing is still to come. */
  boolean hasAbsorbedAllOf(Origin origin) {
    long end = lost.ends().of(origin);
    return absorbed != null && absorbed.get(origin) >= end;
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
