/** Faults that are done to a cluster on purpose: kinds, schedules from a seed, and their end. */
@NullMarked
package io.gamut.trial.fault;

import org.jspecify.annotations.NullMarked;
