package io.gamut.server.service;

import io.gamut.overlay.Endpoint;
import io.gamut.overlay.net.Newcomers;
import io.gamut.overlay.net.Transport;
import io.gamut.server.access.ClientAccess;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.ServerChannelRecvByteBufAllocator;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Listens for clients of one protocol. */
public final class ClientListener {
  private static final int BACKLOG = 4_096;
  private static final int DRAIN_SECONDS_MAX = 10;

  /** At one look at the port. One, as Netty has it, makes a queue of those who come together. */
  private static final int ACCEPTED_MAX = 64;

  /** Of up to 64 KiB, from one client before it is another's turn: many send without pause. */
  private static final int READS_MAX = 2;

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
   * @param access whose TLS goes before the pipeline, and whose limits hold
   * @param tooMany what is said to a client when there are as many connections as may be
   * @param pipeline fills the pipeline of a new connection, with a {@link ClientConnection} last
   */
  public static ClientListener open(
      String protocol,
      Endpoint endpoint,
      EventLoopGroup group,
      ClientAccess access,
      String tooMany,
      Consumer<Channel> pipeline)
      throws IOException, InterruptedException {
    ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
    ServerBootstrap bootstrap =
        new ServerBootstrap()
            .group(group)
            .channel(Transport.of(group).serverSocket())
            .option(ChannelOption.SO_BACKLOG, BACKLOG)
            .option(ChannelOption.SO_REUSEADDR, true)
            .option(
                ChannelOption.RECVBUF_ALLOCATOR,
                new ServerChannelRecvByteBufAllocator()
                    .respectMaybeMoreData(false)
                    .maxMessagesPerRead(ACCEPTED_MAX))
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
            .childOption(
                ChannelOption.RECVBUF_ALLOCATOR,
                new AdaptiveRecvByteBufAllocator().maxMessagesPerRead(READS_MAX))
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    Newcomers.welcome(channel);
                    channel.pipeline().addLast(new PartingClients());
                    access.secure(channel);
                    if (connections.size() >= access.limits().connectionsMax()) {
                      refuse(channel, tooMany);
                      return;
                    }
                    connections.add(channel);
                    ConnectionLimits.add(channel, access.limits());
                    channel.pipeline().addLast(new TakingTurns());
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
    Newcomers.listenAt(bound.channel());
    return new ClientListener(bound.channel(), connections);
  }

  private static void refuse(Channel channel, String why) {
    var _ =
        channel
            .writeAndFlush(Unpooled.copiedBuffer(why, StandardCharsets.US_ASCII))
            .addListener(ChannelFutureListener.CLOSE);
  }

  public Endpoint address() {
    InetSocketAddress address = (InetSocketAddress) listening.localAddress();
    return new Endpoint(address.getAddress().getHostAddress(), address.getPort());
  }

  /**
   * Takes no new connections, and closes each one there is once its requests are answered, or when
   * its client does not take the answers for {@value #DRAIN_SECONDS_MAX} s.
   */
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
          var _ =
              GlobalEventExecutor.INSTANCE.schedule(
                  () -> {
                    var _ = connections.close();
                  },
                  DRAIN_SECONDS_MAX,
                  TimeUnit.SECONDS);
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
