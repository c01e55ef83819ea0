/** A node without data that has servers answer its clients. */
@NullMarked
package io.gamut.replication.gateway;

import org.jspecify.annotations.NullMarked;
