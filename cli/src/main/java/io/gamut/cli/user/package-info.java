/** {@code gamut user}: the users of a file, and where passwords come from. */
@NullMarked
package io.gamut.cli.user;

import org.jspecify.annotations.NullMarked;
