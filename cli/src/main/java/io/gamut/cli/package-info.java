/** The {@code gamut} command line. */
@NullMarked
package io.gamut.cli;

import org.jspecify.annotations.NullMarked;
