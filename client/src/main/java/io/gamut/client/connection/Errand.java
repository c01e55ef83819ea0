package io.gamut.client.connection;

import io.gamut.core.InvalidDataException;
import io.gamut.protocol.resp.ReplyReader;
import io.gamut.protocol.resp.RespValue;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** A few requests over a connection of their own, since they change what a connection is. */
public final class Errand {
  private Errand() {}

  /**
   * Connects, greets, asks, and closes. Blocks for up to the limit a step.
   *
   * @return a reply to each of the requests; errors of the server are replies
   */
  public static List<RespValue> run(
      ServerAddress server, ServerPool.Options options, List<byte[][]> requests, int timeoutMillis)
      throws IOException {
    List<byte[][]> greeting = options.greeting().get();
    SocketSource.Opened opened = options.sockets().open(server, timeoutMillis);
    try {
      RequestBuffer buffer = new RequestBuffer();
      greeting.forEach(buffer::request);
      requests.forEach(buffer::request);
      buffer.flushTo(opened.socket().getOutputStream());
      ReplyReader reader = new ReplyReader(opened.socket().getInputStream());
      for (int i = 0; i < greeting.size(); i++) {
        if (reader.read() instanceof RespValue.Failure failure) {
          throw new IOException("it answered the greeting with: " + failure.message());
        }
      }
      List<RespValue> replies = new ArrayList<>();
      for (int i = 0; i < requests.size(); i++) {
        replies.add(reader.read());
      }
      return replies;
    } catch (InvalidDataException e) {
      throw new IOException(e.getMessage(), e);
    } finally {
      opened.below().close();
    }
  }
}
