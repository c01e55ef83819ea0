package io.gamut.server.http;

import io.gamut.server.service.NodeServices;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What all HTTP connections of a server share. For any thread.
 *
 * @param open how many connections there are
 */
record HttpShared(NodeServices services, HttpLimits limits, Bodies bodies, AtomicInteger open) {
  HttpShared(NodeServices services, HttpLimits limits) {
    this(services, limits, new Bodies(limits.bodyBytesMax()), new AtomicInteger());
  }
}
