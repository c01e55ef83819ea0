package io.gamut.server.memcached;

import io.gamut.overlay.Endpoint;
import io.gamut.protocol.memcached.ReplyWriter;
import io.gamut.server.access.ClientAccess;
import io.gamut.server.connection.ClientMemory;
import io.gamut.server.connection.PipelinedConnection;
import io.gamut.server.service.ClientListener;
import io.gamut.server.service.NodeServices;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;

/** Listens for memcached clients. */
public final class MemcachedServer {
  private MemcachedServer() {}

  /** Opens the port. Throws {@link IOException} when it cannot be had, and says why. */
  public static ClientListener open(
      Endpoint endpoint, EventLoopGroup group, NodeServices services, ClientAccess access)
      throws IOException, InterruptedException {
    ClientMemory memory = ClientMemory.ofThisServer();
    MemcachedShared shared = new MemcachedShared(services, access, group.next());
    return ClientListener.open(
        "memcached",
        endpoint,
        group,
        access,
        "ERROR Too many open connections\r\n",
        channel ->
            channel
                .pipeline()
                .addLast(
                    new PipelinedConnection<ReplyWriter>(
                        services,
                        memory,
                        connection -> new MemcachedConnection(shared, connection))));
  }
}
