package io.gamut.server.service;

import io.netty.channel.ChannelHandler;

/** The last handler of a client's channel. */
public interface ClientConnection extends ChannelHandler {
  /**
   * The server stops: takes no more requests, and closes the channel once those that were taken are
   * answered. On the channel's event loop.
   */
  void drain();

  /**
   * The client sends nothing more: closes the channel once all requests that are here are answered.
   * On the channel's event loop.
   */
  void finish();
}
