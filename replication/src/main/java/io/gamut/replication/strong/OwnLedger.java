package io.gamut.replication.strong;

import io.gamut.replication.committed.Command;

/** Puts a command into the own ledger, while this replica leads it. */
@FunctionalInterface
interface OwnLedger {
  void propose(Command command);
}
