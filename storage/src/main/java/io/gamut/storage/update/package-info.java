/** Stores of updates and of the view: one in memory, one in RocksDB. */
@NullMarked
package io.gamut.storage.update;

import org.jspecify.annotations.NullMarked;
