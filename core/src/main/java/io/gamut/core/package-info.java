/** What every other module speaks of: keys, values, versions, vectors, levels, tokens. */
@NullMarked
package io.gamut.core;

import org.jspecify.annotations.NullMarked;
