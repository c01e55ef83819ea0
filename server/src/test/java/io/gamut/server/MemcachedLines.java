package io.gamut.server;

import io.gamut.overlay.Endpoint;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A connection to a memcached port that says some lines, and hears what they are answered. */
final class MemcachedLines implements AutoCloseable {
  private final Socket socket;

  MemcachedLines(Endpoint address, String... lines) throws IOException {
    socket = new Socket(address.host(), address.port());
    String text = String.join("\r\n", lines) + "\r\nquit\r\n";
    socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** All answers, with a bar for each end of a line. */
  String answers() throws IOException {
    byte[] bytes = socket.getInputStream().readAllBytes();
    return new String(bytes, StandardCharsets.ISO_8859_1).replace("\r\n", "|");
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
