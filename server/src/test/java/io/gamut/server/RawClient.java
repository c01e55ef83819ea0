package io.gamut.server;

import io.gamut.overlay.Endpoint;
import io.gamut.protocol.resp.ReplyReader;
import io.gamut.protocol.resp.RespValue;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A bare connection that speaks RESP 2 until it says HELLO 3, and shows replies as they come. */
final class RawClient implements AutoCloseable {
  private static final int REPLY_MILLIS_MAX = 20_000;

  private final Socket socket;
  private final OutputStream out;
  private final ReplyReader replies;

  RawClient(Node node) throws IOException {
    this(node.respAddress());
  }

  RawClient(Endpoint address) throws IOException {
    socket = new Socket(address.host(), address.port());
    socket.setSoTimeout(REPLY_MILLIS_MAX);
    out = socket.getOutputStream();
    replies = new ReplyReader(socket.getInputStream());
  }

  /** Sends the words of one request. */
  void send(String request) throws IOException {
    List<String> words = List.of(request.split(" ", -1));
    StringBuilder text = new StringBuilder("*" + words.size() + "\r\n");
    words.forEach(word -> text.append("$" + word.length() + "\r\n" + word + "\r\n"));
    out.write(text.toString().getBytes(StandardCharsets.US_ASCII));
  }

  RespValue receive() throws IOException {
    return replies.read();
  }

  RespValue call(String request) throws IOException {
    send(request);
    return receive();
  }

  /** The fields of GAMUT LAST. */
  Map<String, String> last() throws IOException {
    List<String> parts = new ArrayList<>();
    ((RespValue.Sequence) call("GAMUT LAST")).elements().forEach(each -> parts.add(text(each)));
    Map<String, String> fields = new TreeMap<>();
    for (int i = 0; i < parts.size(); i += 2) {
      fields.put(parts.get(i), parts.get(i + 1));
    }
    return fields;
  }

  /** The fields of a reply's attribute. */
  static Map<String, String> fields(RespValue reply) {
    Map<String, String> fields = new TreeMap<>();
    ((RespValue.Attributed) reply)
        .attributes()
        .forEach((name, value) -> fields.put(name, text(value)));
    return fields;
  }

  private static String text(RespValue value) {
    return value instanceof RespValue.Null ? "null" : value.toString();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
