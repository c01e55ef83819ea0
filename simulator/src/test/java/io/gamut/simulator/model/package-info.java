/**
 * A small model of the mixed world of docs/consistency.md, every order of whose steps is visited.
 * It shares no code with what it models, so that it cannot share its errors.
 */
@NullMarked
package io.gamut.simulator.model;

import org.jspecify.annotations.NullMarked;
