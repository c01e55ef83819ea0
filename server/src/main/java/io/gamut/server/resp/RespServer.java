package io.gamut.server.resp;

import io.gamut.overlay.Endpoint;
import io.gamut.protocol.resp.ReplyWriter;
import io.gamut.server.access.ClientAccess;
import io.gamut.server.connection.ClientMemory;
import io.gamut.server.connection.PipelinedConnection;
import io.gamut.server.service.ClientListener;
import io.gamut.server.service.NodeServices;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;

/** Listens for RESP clients. */
public final class RespServer {
  private RespServer() {}

  /** Opens the port. Throws {@link IOException} when it cannot be had, and says why. */
  public static ClientListener open(
      Endpoint endpoint, EventLoopGroup group, NodeServices services, ClientAccess access)
      throws IOException, InterruptedException {
    ClientMemory memory = ClientMemory.ofThisServer();
    RespShared shared = new RespShared(services, access);
    return ClientListener.open(
        "RESP",
        endpoint,
        group,
        access,
        "-ERR max number of clients reached\r\n",
        channel ->
            channel
                .pipeline()
                .addLast(
                    new PipelinedConnection<ReplyWriter>(
                        services, memory, connection -> new RespConnection(shared, connection))));
  }
}
