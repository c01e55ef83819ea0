package io.gamut.client.connection;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where a server listens. Its name is looked up anew for each connection. */
public record ServerAddress(String host, int port) {
  static final int PORT_MAX = 65_535;

  private static final Pattern TEXT =
      Pattern.compile("(?:\\[([0-9a-fA-F:.%]+)]|([^\\s:\\[\\]]+)):(\\d{1,5})");

  /** Reads {@code host:port} or {@code [v6]:port}; throws {@link IllegalArgumentException}. */
  public static ServerAddress parse(String text) {
    Matcher parts = TEXT.matcher(text);
    if (parts.matches()) {
      int port = Integer.parseInt(parts.group(3));
      if (port >= 1 && port <= PORT_MAX) {
        return new ServerAddress(parts.group(1) == null ? parts.group(2) : parts.group(1), port);
      }
    }
    throw new IllegalArgumentException(
        "'" + text + "' is no address of a server: host:port or [v6]:port, ports 1 to 65535");
  }

  @Override
  public String toString() {
    return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
  }
}
