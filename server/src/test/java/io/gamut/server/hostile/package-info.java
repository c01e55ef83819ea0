/** Clients that mean no good, whatever protocol they pretend to speak. */
@NullMarked
package io.gamut.server.hostile;

import org.jspecify.annotations.NullMarked;
