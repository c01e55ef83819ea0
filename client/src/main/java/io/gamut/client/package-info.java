/** A blocking connection to a server, and how it can fail. */
@NullMarked
package io.gamut.client;

import org.jspecify.annotations.NullMarked;
