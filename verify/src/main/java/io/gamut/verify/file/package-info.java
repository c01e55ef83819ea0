/** Histories in files: recorded while they happen, and read again to be judged. */
@NullMarked
package io.gamut.verify.file;

import org.jspecify.annotations.NullMarked;
