/** The port to where a replica keeps its updates and its view. */
@NullMarked
package io.gamut.replication.store;

import org.jspecify.annotations.NullMarked;
