/** The RESP front of a node: connections, their order, and the commands. */
@NullMarked
package io.gamut.server.resp;

import org.jspecify.annotations.NullMarked;
