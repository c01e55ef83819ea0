package io.gamut.overlay.net;

import io.gamut.overlay.Limits;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.EpollChannelOption;

/**
 * How links use TCP: without Nagle's delay; without keep-alive, as heartbeats do better; with
 * little unsent data in the system's buffer, where urgent frames cannot overtake it.
 */
final class SocketOptions {
  private static final int BACKLOG = 128;
  private static final long UNSENT_BYTES_MAX = 128 << 10;
  private static final WriteBufferWaterMark WATER_MARK =
      new WriteBufferWaterMark(Limits.OUTSTANDING_BYTES_MAX / 2, Limits.OUTSTANDING_BYTES_MAX);

  private SocketOptions() {}

  static Bootstrap dialing(Site site) {
    Bootstrap bootstrap =
        new Bootstrap()
            .group(site.loop)
            .channel(site.transport.socket())
            .option(ChannelOption.TCP_NODELAY, true)
            .option(ChannelOption.SO_KEEPALIVE, false)
            .option(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK)
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) site.timing().handshakeMillis());
    return site.transport == Transport.EPOLL
        ? bootstrap.option(EpollChannelOption.TCP_NOTSENT_LOWAT, UNSENT_BYTES_MAX)
        : bootstrap;
  }

  static ServerBootstrap listening(Site site) {
    ServerBootstrap bootstrap =
        new ServerBootstrap()
            .group(site.loop)
            .channel(site.transport.serverSocket())
            .option(ChannelOption.SO_BACKLOG, BACKLOG)
            .option(ChannelOption.SO_REUSEADDR, true)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(ChannelOption.SO_KEEPALIVE, false)
            .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK);
    return site.transport == Transport.EPOLL
        ? bootstrap.childOption(EpollChannelOption.TCP_NOTSENT_LOWAT, UNSENT_BYTES_MAX)
        : bootstrap;
  }
}
