/** What the build refuses: arrows that point the wrong way, impure protocols, careless style. */
@NullMarked
package io.gamut.walls;

import org.jspecify.annotations.NullMarked;
