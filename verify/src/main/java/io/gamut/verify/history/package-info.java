/**
 * What clients have seen of a store: requests, their answers, and what was done to it meanwhile.
 */
@NullMarked
package io.gamut.verify.history;

import org.jspecify.annotations.NullMarked;
