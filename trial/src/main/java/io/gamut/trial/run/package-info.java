/** Runs a trial: workloads and faults together, and what the servers show in the end. */
@NullMarked
package io.gamut.trial.run;

import org.jspecify.annotations.NullMarked;
