/** The language of lab scripts: lines, in three dialects, and what each asks for. */
@NullMarked
package io.gamut.cli.script;

import org.jspecify.annotations.NullMarked;
