/** What clients ask for, one request after the other: each workload for a promise of its own. */
@NullMarked
package io.gamut.trial.workload;

import org.jspecify.annotations.NullMarked;
