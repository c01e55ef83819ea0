/** Lab scripts for measurements. */
@NullMarked
package io.gamut.cli.bench;

import org.jspecify.annotations.NullMarked;
