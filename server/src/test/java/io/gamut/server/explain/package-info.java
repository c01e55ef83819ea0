/** What is told of how keys are read. */
@NullMarked
package io.gamut.server.explain;

import org.jspecify.annotations.NullMarked;
