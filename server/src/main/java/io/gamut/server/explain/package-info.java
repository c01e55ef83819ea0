/** Why a key is read as it is: what each replica holds, and what each level would return. */
@NullMarked
package io.gamut.server.explain;

import org.jspecify.annotations.NullMarked;
