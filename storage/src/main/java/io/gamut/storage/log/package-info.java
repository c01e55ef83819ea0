/** The ledger's entries, as far as they are not worth their memory: read back from the journal. */
@NullMarked
package io.gamut.storage.log;

import org.jspecify.annotations.NullMarked;
