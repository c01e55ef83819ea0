/** Requests that a server has another one answer, and looks at what others hold. */
@NullMarked
package io.gamut.server.passing;

import org.jspecify.annotations.NullMarked;
