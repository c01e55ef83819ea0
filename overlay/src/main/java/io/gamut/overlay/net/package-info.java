/**
 * The overlay over TCP with Netty: sockets, handshakes, links, and the parts that decide whom to
 * dial, whom to let in and where a frame goes next.
 */
@NullMarked
package io.gamut.overlay.net;

import org.jspecify.annotations.NullMarked;
