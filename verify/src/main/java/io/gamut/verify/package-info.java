/**
 * Recorded histories, and checkers that judge them against what the levels promise. It knows no
 * class of the servers: what it is given, clients have seen.
 */
@NullMarked
package io.gamut.verify;

import org.jspecify.annotations.NullMarked;
