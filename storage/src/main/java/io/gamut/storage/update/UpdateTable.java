package io.gamut.storage.update;

import io.gamut.storage.rocks.Table;
import java.util.List;

/** The column families of a {@link RocksUpdateStore}. */
enum UpdateTable implements Table {
  /** Dot to update. */
  LOG,
  /** Key to the version and the dot that won it. */
  VIEW,
  /** Which dot is to be shown by all before which overtaken one may go: rows without content. */
  OVERTAKEN,
  /** Format version and checkpoint. */
  META;

  static final List<Table> ALL = List.of(values());
}
