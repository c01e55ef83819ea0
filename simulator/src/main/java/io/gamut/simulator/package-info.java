/**
 * The real replicas in a virtual world: clock, network, disks and faults come from a seed, and the
 * invariants are checked after every event.
 */
@NullMarked
package io.gamut.simulator;

import org.jspecify.annotations.NullMarked;
