/** The strong world of one replica: what it proposes to the ledger, and what it reads from it. */
@NullMarked
package io.gamut.replication.strong;

import org.jspecify.annotations.NullMarked;
