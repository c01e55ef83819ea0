/**
 * The ledger alone, measured: three processes with a journal, an overlay and a Raft core each, and
 * nothing behind them that would be applied.
 */
@NullMarked
package io.gamut.bench.ledger;

import org.jspecify.annotations.NullMarked;
