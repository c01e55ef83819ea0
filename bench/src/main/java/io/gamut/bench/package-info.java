/** What benchmarks of Gamut share; each has a package of its own. */
@NullMarked
package io.gamut.bench;

import org.jspecify.annotations.NullMarked;
