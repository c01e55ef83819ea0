/** What carries everything between nodes: the port that the rest of Gamut talks to. */
@NullMarked
package io.gamut.overlay;

import org.jspecify.annotations.NullMarked;
