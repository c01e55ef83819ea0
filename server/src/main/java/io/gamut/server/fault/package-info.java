/** Faults on demand in a server's own disk and clock, as the overlay has them in its links. */
@NullMarked
package io.gamut.server.fault;

import org.jspecify.annotations.NullMarked;
