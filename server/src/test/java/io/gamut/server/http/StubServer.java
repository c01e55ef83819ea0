package io.gamut.server.http;

import io.gamut.overlay.Endpoint;
import io.gamut.overlay.net.Transport;
import io.gamut.server.access.ClientAccess;
import io.gamut.server.service.ClientListener;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.util.concurrent.TimeUnit;

/** HTTP before a stub. */
final class StubServer implements AutoCloseable {
  final StubServices services = new StubServices();
  private final EventLoopGroup group = Transport.preferred().newEventLoopGroup(1, "stub");
  private final ClientListener listener;

  StubServer(HttpLimits limits) throws IOException, InterruptedException {
    this(limits, ClientAccess.open());
  }

  StubServer(HttpLimits limits, ClientAccess access) throws IOException, InterruptedException {
    listener = HttpServer.open(new Endpoint("127.0.0.1", 0), group, services, access, limits);
  }

  /** Limits that tests need not wait for. */
  static HttpLimits limits(int headMillis, int bodyMillis) {
    return new HttpLimits(headMillis, bodyMillis, 200, 1_000, 100, 64L << 20);
  }

  RawHttp connect() throws IOException {
    return new RawHttp(listener.address());
  }

  /** Returns when the loop has looked at its sockets once more. */
  void awaitSockets() throws Exception {
    for (int i = 0; i < 2; i++) {
      group.submit(() -> {}).get();
    }
  }

  ClientListener listener() {
    return listener;
  }

  @Override
  public void close() {
    listener.close().join();
    var _ = group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }
}
