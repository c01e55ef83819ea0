package io.gamut.overlay;

/**
 * Where a node listens: host name or address literal, and port 1 to 65,535 (0, before binding, lets
 * the system choose). Names are looked up anew at each dial, off the event loop.
 */
public record Endpoint(String host, int port) {
  private static final int PORT_MAX = 0xFFFF;

  public Endpoint {
    if (host.isBlank() || host.length() > Limits.ENDPOINT_BYTES_MAX) {
      throw new IllegalArgumentException(
          "a host has 1 to " + Limits.ENDPOINT_BYTES_MAX + " characters, not " + host.length());
    }
    if (port < 0 || port > PORT_MAX) {
      throw new IllegalArgumentException("a port is 0 to " + PORT_MAX + ", not " + port);
    }
  }

  /** Reads {@code host:port}; an IPv6 literal stands in brackets. */
  public static Endpoint parse(String text) {
    int colon = text.lastIndexOf(':');
    if (colon < 1) {
      throw new IllegalArgumentException("an endpoint is host:port, not '" + text + "'");
    }
    String host = text.substring(0, colon);
    if (host.startsWith("[") && host.endsWith("]")) {
      host = host.substring(1, host.length() - 1);
    }
    try {
      return new Endpoint(host, Integer.parseInt(text.substring(colon + 1)));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("an endpoint is host:port, not '" + text + "'", e);
    }
  }

  @Override
  public String toString() {
    return host.indexOf(':') >= 0 ? "[" + host + "]:" + port : host + ":" + port;
  }
}
