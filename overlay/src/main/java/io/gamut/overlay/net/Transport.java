package io.gamut.overlay.net;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.Executor;

/** Which of the system's ways to wait for sockets is used: epoll where it is to be had. */
public enum Transport {
  EPOLL(EpollSocketChannel.class, EpollServerSocketChannel.class),
  NIO(NioSocketChannel.class, NioServerSocketChannel.class);

  private final Class<? extends SocketChannel> socket;
  private final Class<? extends ServerSocketChannel> serverSocket;

  Transport(
      Class<? extends SocketChannel> socket, Class<? extends ServerSocketChannel> serverSocket) {
    this.socket = socket;
    this.serverSocket = serverSocket;
  }

  /** The best one that works on this machine. */
  public static Transport preferred() {
    return Epoll.isAvailable() ? EPOLL : NIO;
  }

  /** The one that an event loop was made for. */
  public static Transport of(EventLoopGroup loop) {
    boolean epoll =
        Epoll.isAvailable()
            && loop instanceof IoEventLoopGroup group
            && group.isIoType(LastingEpoll.class);
    return epoll ? EPOLL : NIO;
  }

  /** Event loops of this kind, with named daemon threads. */
  public EventLoopGroup newEventLoopGroup(int threads, String name) {
    IoHandlerFactory handlers =
        switch (this) {
          case EPOLL -> LastingEpoll.factory(AttentiveLoop.EVENTS_MAX);
          case NIO -> NioIoHandler.newFactory();
        };
    return new MultiThreadIoEventLoopGroup(
        threads, new DefaultThreadFactory(name, true), handlers) {
      @Override
      protected IoEventLoop newChild(Executor executor, IoHandlerFactory factory, Object... more) {
        return new AttentiveLoop(this, executor, factory);
      }
    };
  }

  public Class<? extends SocketChannel> socket() {
    return socket;
  }

  public Class<? extends ServerSocketChannel> serverSocket() {
    return serverSocket;
  }
}
