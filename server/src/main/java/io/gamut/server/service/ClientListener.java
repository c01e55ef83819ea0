package io.gamut.server.service;

import io.gamut.overlay.Endpoint;
import io.gamut.overlay.net.Transport;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** Listens for clients of one protocol. */
public final class ClientListener {
  private static final int BACKLOG = 1_024;

  private final Channel listening;
  private final ChannelGroup connections;

  private ClientListener(Channel listening, ChannelGroup connections) {
    this.listening = listening;
    this.connections = connections;
  }

  /**
   * Opens a port. Throws {@link IOException} when it cannot be had, and says why.
   *
   * @param protocol for errors
   * @param pipeline fills the pipeline of a new connection, with a {@link ClientConnection} last
   */
  public static ClientListener open(
      String protocol, Endpoint endpoint, EventLoopGroup group, Consumer<Channel> pipeline)
      throws IOException, InterruptedException {
    ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
    ServerBootstrap bootstrap =
        new ServerBootstrap()
            .group(group)
            .channel(Transport.of(group).serverSocket())
            .option(ChannelOption.SO_BACKLOG, BACKLOG)
            .option(ChannelOption.SO_REUSEADDR, true)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    connections.add(channel);
                    pipeline.accept(channel);
                  }
                });
    InetSocketAddress address = new InetSocketAddress(endpoint.host(), endpoint.port());
    var bound = bootstrap.bind(address).await();
    if (!bound.isSuccess()) {
      throw new IOException(
          "cannot listen for %s clients on %s: %s. Is another server using the port?"
              .formatted(protocol, endpoint, bound.cause().getMessage()),
          bound.cause());
    }
    return new ClientListener(bound.channel(), connections);
  }

  public Endpoint address() {
    InetSocketAddress address = (InetSocketAddress) listening.localAddress();
    return new Endpoint(address.getAddress().getHostAddress(), address.getPort());
  }

  /** Takes no new connections, and closes each one there is once its requests are answered. */
  public CompletableFuture<Void> drain() {
    CompletableFuture<Void> drained = new CompletableFuture<>();
    listening
        .close()
        .addListener(_ -> {
          for (Channel connection : connections) {
            connection
                .eventLoop()
                .execute(() -> connection.pipeline().get(ClientConnection.class).drain());
          }
          connections.newCloseFuture().addListener(_ -> drained.complete(null));
        });
    return drained;
  }

  /** Closes everything at once. */
  public CompletableFuture<Void> close() {
    CompletableFuture<Void> closed = new CompletableFuture<>();
    listening.close().addListener(_ -> connections.close().addListener(_ -> closed.complete(null)));
    return closed;
  }
}
