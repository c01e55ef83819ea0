package io.gamut.replication.remote;

import io.gamut.core.BinaryReader;
import io.gamut.core.BinaryWriter;
import java.nio.charset.StandardCharsets;

/**
 * Where clients reach a server, {@code host:port} each; empty where they do not.
 *
 * @param resp of RESP clients
 * @param http of HTTP clients
 * @param memcached of memcached clients
 */
public record ClientAddresses(String resp, String http, String memcached) {
  private static final int BYTES_MAX = 512;

  void write(BinaryWriter out) {
    out.writeBytes(resp.getBytes(StandardCharsets.UTF_8));
    out.writeBytes(http.getBytes(StandardCharsets.UTF_8));
    out.writeBytes(memcached.getBytes(StandardCharsets.UTF_8));
  }

  static ClientAddresses read(BinaryReader in) {
    return new ClientAddresses(readText(in), readText(in), readText(in));
  }

  private static String readText(BinaryReader in) {
    return new String(in.readBytes(BYTES_MAX), StandardCharsets.UTF_8);
  }
}
