/** Stores of the committed state: one in memory, one in RocksDB. */
@NullMarked
package io.gamut.storage.committed;

import org.jspecify.annotations.NullMarked;
