/** The recent versions of each key, as they came to be seen on this server. */
@NullMarked
package io.gamut.server.trail;

import org.jspecify.annotations.NullMarked;
