/** Requests that are passed on, step by step. */
@NullMarked
package io.gamut.server.passing;

import org.jspecify.annotations.NullMarked;
