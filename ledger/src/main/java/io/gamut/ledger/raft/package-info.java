/** The Raft core. Read {@link io.gamut.ledger.raft.RaftCore} first. */
@NullMarked
package io.gamut.ledger.raft;

import org.jspecify.annotations.NullMarked;
