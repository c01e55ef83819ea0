/** Plays workloads against a cluster: connections, sessions that move, what they are told. */
@NullMarked
package io.gamut.trial.play;

import org.jspecify.annotations.NullMarked;
