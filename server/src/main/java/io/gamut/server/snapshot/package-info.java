/**
 * The committed state as a whole, from a server that has it to one that lacks what the ledger does
 * not reach back to any more.
 */
@NullMarked
package io.gamut.server.snapshot;

import org.jspecify.annotations.NullMarked;
