/** Entries, and where a participant keeps them. */
@NullMarked
package io.gamut.ledger.log;

import org.jspecify.annotations.NullMarked;
