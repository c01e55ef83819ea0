package io.gamut.overlay.net;

import io.netty.channel.DefaultSelectStrategyFactory;
import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.IoOps;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollIoOps;

/**
 * Netty's epoll, in which a socket stays until it is closed.
 *
 * <p>Netty 4.2.18 takes a socket out of epoll when nothing is waited for (netty/netty#16689): when
 * reading is paused, say, and the other side has closed its direction. It does not put it back: to
 * read on, or to wait for room to write, fails, and the channel is closed or its answers are cut
 * off. Here it waits for nothing and stays, told once of an error.
 */
final class LastingEpoll implements IoHandler {
  private final IoHandler epoll;

  private LastingEpoll(IoHandler epoll) {
    this.epoll = epoll;
  }

  /**
   * For event loops.
   *
   * @param eventsMax of which a loop is told at a time
   */
  static IoHandlerFactory factory(int eventsMax) {
    IoHandlerFactory epoll =
        EpollIoHandler.newFactory(eventsMax, DefaultSelectStrategyFactory.INSTANCE);
    return executor -> new LastingEpoll(epoll.newHandler(executor));
  }

  @Override
  public IoRegistration register(IoHandle handle) throws Exception {
    return new Lasting(epoll.register(handle));
  }

  private record Lasting(IoRegistration inner) implements IoRegistration {
    @Override
    @SuppressWarnings("TypeParameterUnusedInFormals") // as Netty has it
    public <T> T attachment() {
      return inner.attachment();
    }

    @Override
    public long submit(IoOps ops) {
      boolean isNothing = ops instanceof EpollIoOps epollOps && epollOps.equals(EpollIoOps.NONE);
      return inner.submit(isNothing ? EpollIoOps.EPOLLET : ops);
    }

    @Override
    public boolean isValid() {
      return inner.isValid();
    }

    @Override
    public boolean cancel() {
      return inner.cancel();
    }
  }

  @Override
  public void initialize() {
    epoll.initialize();
  }

  @Override
  public int run(IoHandlerContext context) {
    return epoll.run(context);
  }

  @Override
  public void prepareToDestroy() {
    epoll.prepareToDestroy();
  }

  @Override
  public void destroy() {
    epoll.destroy();
  }

  @Override
  public void wakeup() {
    epoll.wakeup();
  }

  @Override
  public boolean isCompatible(Class<? extends IoHandle> handleType) {
    return epoll.isCompatible(handleType);
  }
}
