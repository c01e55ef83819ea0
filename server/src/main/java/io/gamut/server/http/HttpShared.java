package io.gamut.server.http;

import io.gamut.server.access.ClientAccess;
import io.gamut.server.service.NodeServices;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What all HTTP connections of a server share. For any thread.
 *
 * @param open how many connections there are
 */
record HttpShared(
    NodeServices services,
    ClientAccess access,
    HttpLimits limits,
    Bodies bodies,
    AtomicInteger open) {
  HttpShared(NodeServices services, ClientAccess access, HttpLimits limits) {
    this(services, access, limits, new Bodies(limits.bodyBytesMax()), new AtomicInteger());
  }
}
