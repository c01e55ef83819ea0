/**
 * The machines of one link, pure: what is sent next, whether the other end lives, when to dial
 * again. Time and dice are passed in.
 */
@NullMarked
package io.gamut.overlay.link;

import org.jspecify.annotations.NullMarked;
