/** The committed state of a replica, and the state machine that applies the ledger to it. */
@NullMarked
package io.gamut.replication.committed;

import org.jspecify.annotations.NullMarked;
