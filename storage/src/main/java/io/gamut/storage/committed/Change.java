package io.gamut.storage.committed;

import io.gamut.replication.committed.Row;
import org.jspecify.annotations.Nullable;

/**
 * What a key holds from a commit on.
 *
 * @param row null if it was removed
 */
record Change(@Nullable Row row) {
  static final Change REMOVED = new Change(null);
}
