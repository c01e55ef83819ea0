package io.gamut.server;

import io.gamut.core.VersionVector;
import io.gamut.replication.group.GroupReplica;

/**
 * What other threads may know of a replica: true of the committed stores, or a little older.
 *
 * @param shown the updates that are visible or absorbed
 */
record GroupView(VersionVector shown, long applied, VersionVector absorbed, boolean settled) {
  static GroupView of(GroupReplica group) {
    VersionVector absorbed = group.machine().absorbed();
    VersionVector shown = group.weak().visible().join(absorbed);
    return new GroupView(
        shown, group.machine().applied().index(), absorbed, group.weak().isSettled());
  }

  GroupView unsettled() {
    return new GroupView(shown, applied, absorbed, false);
  }
}
