/** Tests of requests that another server answers. */
@NullMarked
package io.gamut.replication.remote;

import org.jspecify.annotations.NullMarked;
