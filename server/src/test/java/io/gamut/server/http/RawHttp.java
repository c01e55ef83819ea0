package io.gamut.server.http;

import io.gamut.overlay.Endpoint;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A bare connection that sends any bytes, and reads answers one by one. */
final class RawHttp implements AutoCloseable {
  private static final int ANSWER_MILLIS_MAX = 20_000;

  private final Socket socket;
  private final OutputStream out;
  private final InputStream in;

  /** An answer; header names in lower case. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Reply(int status, Map<String, String> headers, byte[] body) {
    String text() {
      return new String(body, StandardCharsets.UTF_8);
    }

    @Nullable String header(String name) {
      return headers.get(name);
    }
  }

  RawHttp(Endpoint server) throws IOException {
    socket = new Socket(server.host(), server.port());
    socket.setSoTimeout(ANSWER_MILLIS_MAX);
    socket.setTcpNoDelay(true);
    out = socket.getOutputStream();
    in = new BufferedInputStream(socket.getInputStream());
  }

  void send(String text) throws IOException {
    send(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  void send(byte[] bytes) throws IOException {
    out.write(bytes);
    out.flush();
  }

  /** Sends a request that is well-formed. */
  void request(String method, String target, List<String> headers, String body) throws IOException {
    StringBuilder text = new StringBuilder(method + " " + target + " HTTP/1.1\r\nHost: x\r\n");
    headers.forEach(header -> text.append(header).append("\r\n"));
    if (!body.isEmpty()) {
      text.append("Content-Length: ").append(body.length()).append("\r\n");
    }
    send(text + "\r\n" + body);
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    while (true) {
      int next = in.read();
      if (next < 0) {
        throw new EOFException("the connection ended behind '" + line + "'");
      }
      if (next == '\n') {
        return line.toString().stripTrailing();
      }
      line.append((char) next);
    }
  }

  /** Reads an answer to a request of a method. Throws {@link EOFException} where none comes. */
  Reply receive(String method) throws IOException {
    int status = Integer.parseInt(line().split(" ", 3)[1]);
    Map<String, String> headers = new TreeMap<>();
    for (String line = line(); !line.isEmpty(); line = line()) {
      int colon = line.indexOf(':');
      headers.put(
          line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
    }
    boolean hasBody = !method.equals("HEAD") && headers.containsKey("content-length");
    int length = hasBody ? Integer.parseInt(headers.getOrDefault("content-length", "0")) : 0;
    byte[] body = in.readNBytes(length);
    if (body.length < length) {
      throw new EOFException("the body ended early");
    }
    return new Reply(status, headers, body);
  }

  /** Whether the server has ended the connection, once it does or time is up. */
  boolean isEnded() throws IOException {
    in.mark(1);
    boolean isEnded = in.read() < 0;
    in.reset();
    return isEnded;
  }

  /** Closes this direction. */
  void endSending() throws IOException {
    socket.shutdownOutput();
  }

  /** Ends the connection, in the middle of whatever it is. */
  void hangUp() throws IOException {
    socket.close();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
