/** Data requests at any level, in sessions, whatever protocol they came in. */
@NullMarked
package io.gamut.server.request;

import org.jspecify.annotations.NullMarked;
