/** {@code gamut shell}: lines that people type, or that come through a pipe, and what they do. */
@NullMarked
package io.gamut.cli.shell;

import org.jspecify.annotations.NullMarked;
