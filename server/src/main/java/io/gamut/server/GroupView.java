package io.gamut.server;

import io.gamut.core.Ends;
import io.gamut.core.VersionVector;
import io.gamut.replication.group.GroupReplica;

/**
 * What other threads may know of a replica: true of the committed stores, or a little older.
 *
 * @param shown the updates that are visible or absorbed
 * @param ends of closed origins
 * @param settled whether the view may be read
 * @param admitted whether this server is a member of the ledger, as far as it knows
 */
record GroupView(
    VersionVector shown,
    long applied,
    VersionVector absorbed,
    Ends ends,
    boolean settled,
    boolean admitted) {
  static GroupView of(GroupReplica group) {
    VersionVector absorbed = group.machine().absorbed();
    VersionVector shown = group.weak().visible().join(absorbed);
    long applied = group.machine().applied().index();
    return new GroupView(
        shown,
        applied,
        absorbed,
        group.machine().ends(),
        group.weak().isSettled(),
        group.isAdmitted());
  }

  GroupView unsettled() {
    return new GroupView(shown, applied, absorbed, ends, false, admitted);
  }
}
