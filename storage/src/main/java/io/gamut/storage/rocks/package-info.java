/** What the stores in RocksDB have in common: their tables, their read cache, their format. */
@NullMarked
package io.gamut.storage.rocks;

import org.jspecify.annotations.NullMarked;
