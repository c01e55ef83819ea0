/** The bytes of a link: a pure codec between bytes and messages. */
@NullMarked
package io.gamut.overlay.wire;

import org.jspecify.annotations.NullMarked;
