package io.gamut.server.service;

import io.netty.channel.Channel;
import io.netty.channel.socket.DuplexChannel;

/** Pauses reading from a client's socket, and goes on with it. On the channel's event loop. */
public final class Reading {
  private Reading() {}

  /** Reads from now on, or does not. */
  public static void set(Channel channel, boolean isRead) {
    if (channel.config().isAutoRead() != isRead && !isOver(channel)) {
      channel.config().setAutoRead(isRead);
    }
  }

  /**
   * Whether the client has closed its direction, and all it had sent was read. Nobody must ask for
   * more: Netty 4.2.18 has taken the socket out of epoll then, and closes a channel that it does
   * not find there (netty/netty#16689).
   */
  static boolean isOver(Channel channel) {
    return channel instanceof DuplexChannel duplex && duplex.isInputShutdown();
  }
}
