package io.gamut.server.resp;

import io.gamut.overlay.Endpoint;
import io.gamut.protocol.resp.ReplyWriter;
import io.gamut.server.connection.PipelinedConnection;
import io.gamut.server.service.ClientListener;
import io.gamut.server.service.NodeServices;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;

/** Listens for RESP clients. */
public final class RespServer {
  private RespServer() {}

  /** Opens the port. Throws {@link IOException} when it cannot be had, and says why. */
  public static ClientListener open(Endpoint endpoint, EventLoopGroup group, NodeServices services)
      throws IOException, InterruptedException {
    RespShared shared = new RespShared(services);
    return ClientListener.open(
        "RESP",
        endpoint,
        group,
        channel ->
            channel
                .pipeline()
                .addLast(
                    new PipelinedConnection<ReplyWriter>(
                        services, connection -> new RespConnection(shared, connection))));
  }
}
