/** The memcached protocol, text and meta commands, as codecs without sockets. */
@NullMarked
package io.gamut.protocol.memcached;

import org.jspecify.annotations.NullMarked;
