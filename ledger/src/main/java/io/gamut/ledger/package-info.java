/**
 * The ledger: one sequence of entries that a majority agrees on, behind a port ({@link
 * io.gamut.ledger.Ledger}) that any engine can stand behind. The engine here is a Raft core in
 * {@code raft}.
 */
@NullMarked
package io.gamut.ledger;

import org.jspecify.annotations.NullMarked;
