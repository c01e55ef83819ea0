/** The memcached protocol: text and meta commands on top of data requests at any level. */
@NullMarked
package io.gamut.server.memcached;

import org.jspecify.annotations.NullMarked;
