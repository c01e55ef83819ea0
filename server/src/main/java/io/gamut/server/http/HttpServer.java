package io.gamut.server.http;

import io.gamut.overlay.Endpoint;
import io.gamut.server.access.ClientAccess;
import io.gamut.server.service.ClientListener;
import io.gamut.server.service.NodeServices;
import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.timeout.IdleStateHandler;
import java.io.IOException;
import java.util.concurrent.TimeUnit;

/** Listens for HTTP clients. */
public final class HttpServer {
  private static final String TOO_MANY =
      "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";

  private HttpServer() {}

  /** Opens the port. Throws {@link IOException} when it cannot be had, and says why. */
  public static ClientListener open(
      Endpoint endpoint, EventLoopGroup group, NodeServices services, ClientAccess access)
      throws IOException, InterruptedException {
    return open(endpoint, group, services, access, HttpLimits.defaults());
  }

  static ClientListener open(
      Endpoint endpoint,
      EventLoopGroup group,
      NodeServices services,
      ClientAccess access,
      HttpLimits limits)
      throws IOException, InterruptedException {
    HttpShared shared = new HttpShared(services, access, limits);
    return ClientListener.open(
        "HTTP", endpoint, group, access, TOO_MANY, channel -> fill(channel, shared));
  }

  private static void fill(Channel channel, HttpShared shared) {
    int stallMillis = shared.limits().stallMillis();
    HttpConnection connection = new HttpConnection(shared);
    // Not the codec of both in one: that keeps a list of methods, and drops who pipelines too many.
    channel
        .pipeline()
        .addLast(
            new IdleStateHandler(true, 0, stallMillis, 0, TimeUnit.MILLISECONDS),
            connection.arrivals(),
            new StrictDecoder(),
            new HttpResponseEncoder(),
            connection);
  }
}
