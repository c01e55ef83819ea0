/**
 * The disk as the journal sees it: one directory of files, with a contract about what survives a
 * crash, a real implementation, and one that lies as badly as the contract allows.
 */
@NullMarked
package io.gamut.storage.volume;

import org.jspecify.annotations.NullMarked;
