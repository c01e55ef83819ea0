/**
 * Link-state routing as pure machines: who has links with whom, and the shortest paths that follow.
 * No clock, no thread, no randomness.
 */
@NullMarked
package io.gamut.overlay.routing;

import org.jspecify.annotations.NullMarked;
