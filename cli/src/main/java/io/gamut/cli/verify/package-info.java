/** Histories are judged, and converted. */
@NullMarked
package io.gamut.cli.verify;

import org.jspecify.annotations.NullMarked;
