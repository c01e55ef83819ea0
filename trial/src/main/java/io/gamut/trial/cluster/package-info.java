/** The servers that a trial is made of, and how they are commanded. */
@NullMarked
package io.gamut.trial.cluster;

import org.jspecify.annotations.NullMarked;
