/**
 * Whole clusters in a virtual world: real replicas of a group, weak and strong over one data set,
 * each over one journal and two stores, held against a ledger that is applied once more beside
 * them.
 */
@NullMarked
package io.gamut.simulator.cluster;

import org.jspecify.annotations.NullMarked;
