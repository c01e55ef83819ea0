package io.gamut.storage.committed;

import io.gamut.storage.rocks.Table;
import java.util.List;

/** The column families of a {@link RocksCommittedStore}. */
enum CommittedTable implements Table {
  /** Key to version and content. */
  PAIRS,
  /** Proposer and number to the reply that is kept. */
  REPLIES,
  /** Format version; position and state of the commit that was written last. */
  META;

  static final List<Table> ALL = List.of(values());
}
