/** Commands on the data of a running cluster. */
@NullMarked
package io.gamut.cli.data;

import org.jspecify.annotations.NullMarked;
