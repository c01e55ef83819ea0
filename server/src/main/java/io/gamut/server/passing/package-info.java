/** Requests that a server has another one answer. */
@NullMarked
package io.gamut.server.passing;

import org.jspecify.annotations.NullMarked;
