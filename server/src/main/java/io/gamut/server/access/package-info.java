/** Who may use a server, and what keeps others from listening. */
@NullMarked
package io.gamut.server.access;

import org.jspecify.annotations.NullMarked;
