/** What is kept of the versions of keys. */
@NullMarked
package io.gamut.server.trail;

import org.jspecify.annotations.NullMarked;
