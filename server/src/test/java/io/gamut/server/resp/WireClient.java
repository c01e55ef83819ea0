package io.gamut.server.resp;

import io.gamut.protocol.resp.ReplyReader;
import io.gamut.protocol.resp.RespValue;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A bare connection to any server that speaks RESP. */
final class WireClient implements AutoCloseable {
  private static final int REPLY_MILLIS_MAX = 20_000;

  private final Socket socket;
  private final OutputStream out;
  private final ReplyReader replies;

  WireClient(String host, int port) throws IOException {
    socket = new Socket(host, port);
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(REPLY_MILLIS_MAX);
    out = socket.getOutputStream();
    replies = new ReplyReader(socket.getInputStream());
  }

  RespValue call(String... words) throws IOException {
    return call(List.of(words));
  }

  RespValue call(List<String> words) throws IOException {
    send(words);
    return replies.read();
  }

  void send(List<String> words) throws IOException {
    ByteArrayOutputStream request = new ByteArrayOutputStream();
    request.writeBytes(ascii("*" + words.size() + "\r\n"));
    for (String word : words) {
      byte[] bytes = word.getBytes(StandardCharsets.ISO_8859_1);
      request.writeBytes(ascii("$" + bytes.length + "\r\n"));
      request.writeBytes(bytes);
      request.writeBytes(ascii("\r\n"));
    }
    sendRaw(request.toByteArray());
  }

  void sendRaw(byte[] bytes) throws IOException {
    out.write(bytes);
  }

  RespValue receive() throws IOException {
    return replies.read();
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
