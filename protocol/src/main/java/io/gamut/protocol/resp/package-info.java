/** The Redis serialization protocol, versions 2 and 3, as codecs without sockets. */
@NullMarked
package io.gamut.protocol.resp;

import org.jspecify.annotations.NullMarked;
