/** Scripts that follow the literature, and what the core does at each command. */
@NullMarked
package io.gamut.ledger.trace;

import org.jspecify.annotations.NullMarked;
