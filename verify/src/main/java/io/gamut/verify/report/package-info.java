/** What people read of a verdict: counterexamples made small, diagrams, and a report of a run. */
@NullMarked
package io.gamut.verify.report;

import org.jspecify.annotations.NullMarked;
