/** Connections of clients: order, bounds and ends, whatever protocol they speak. */
@NullMarked
package io.gamut.server.connection;

import org.jspecify.annotations.NullMarked;
