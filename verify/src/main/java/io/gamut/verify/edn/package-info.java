/** Histories as Jepsen writes them, in EDN. */
@NullMarked
package io.gamut.verify.edn;

import org.jspecify.annotations.NullMarked;
