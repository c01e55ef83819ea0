/** Requests that another server answers: for a server that may not, or for a gateway. */
@NullMarked
package io.gamut.replication.remote;

import org.jspecify.annotations.NullMarked;
