/** A process without data that takes clients' connections and has servers answer them. */
@NullMarked
package io.gamut.server.gateway;

import org.jspecify.annotations.NullMarked;
