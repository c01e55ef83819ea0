package io.gamut.server.http;

import io.gamut.overlay.Endpoint;
import io.gamut.server.service.ClientListener;
import io.gamut.server.service.NodeServices;
import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.timeout.IdleStateHandler;
import java.io.IOException;
import java.util.concurrent.TimeUnit;

/** Listens for HTTP clients. */
public final class HttpServer {
  private static final int CHUNK_BYTES_MAX = 64 << 10;

  private HttpServer() {}

  /** Opens the port. Throws {@link IOException} when it cannot be had, and says why. */
  public static ClientListener open(Endpoint endpoint, EventLoopGroup group, NodeServices services)
      throws IOException, InterruptedException {
    return open(endpoint, group, services, HttpLimits.defaults());
  }

  static ClientListener open(
      Endpoint endpoint, EventLoopGroup group, NodeServices services, HttpLimits limits)
      throws IOException, InterruptedException {
    HttpShared shared = new HttpShared(services, limits);
    return ClientListener.open("HTTP", endpoint, group, channel -> fill(channel, shared));
  }

  private static void fill(Channel channel, HttpShared shared) {
    HttpDecoderConfig config =
        new HttpDecoderConfig()
            .setMaxInitialLineLength(HttpLimits.LINE_BYTES_MAX)
            .setMaxHeaderSize(HttpLimits.HEADER_BYTES_MAX)
            .setMaxChunkSize(CHUNK_BYTES_MAX);
    int stallMillis = shared.limits().stallMillis();
    HttpConnection connection = new HttpConnection(shared);
    // Not the codec of both in one: that keeps a list of methods, and drops who pipelines too many.
    channel
        .pipeline()
        .addLast(
            new IdleStateHandler(true, 0, stallMillis, 0, TimeUnit.MILLISECONDS),
            connection.arrivals(),
            new HttpRequestDecoder(config),
            new HttpResponseEncoder(),
            connection);
  }
}
