/** A running node: {@link io.gamut.server.Node} puts the parts together, the others are glue. */
@NullMarked
package io.gamut.server;

import org.jspecify.annotations.NullMarked;
