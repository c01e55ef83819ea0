package io.gamut.server;

import io.gamut.overlay.Endpoint;
import java.util.Optional;

/**
 * Where clients are to reach a node or a gateway. Port 0 lets the system choose.
 *
 * @param resp of RESP clients
 * @param http of HTTP clients, empty for nowhere
 * @param memcached of memcached clients, empty for nowhere
 */
public record ClientEndpoints(
    Endpoint resp, Optional<Endpoint> http, Optional<Endpoint> memcached) {}
