/**
 * Checkers that judge histories against what the levels promise. They know no class of the servers:
 * what they are given, clients have seen.
 */
@NullMarked
package io.gamut.verify.check;

import org.jspecify.annotations.NullMarked;
