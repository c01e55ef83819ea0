package io.gamut.overlay.net;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.epoll.EpollIoEvent;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Connections of one event loop that have just come and have said little yet, and the sockets at
 * which they come.
 *
 * <p>The system tells of sockets that can be read in the order in which they became so. When
 * thousands of them wait, somebody who connects would wait behind all of them three times: until
 * accepted, until asked, and until read. So a loop that is behind asks these first, a few at a time
 * between the others.
 */
public final class Newcomers {
  /** The latest ones; of more at a time, the others wait in line. */
  private static final int WAITING_MAX = 64;

  /** A request, or the two parts of a TLS handshake and one. */
  private static final int READS_MAX = 3;

  private static final long NEW_NANOS_MAX = TimeUnit.MILLISECONDS.toNanos(200);
  private static final EpollIoEvent READABLE = () -> EpollIoOps.EPOLLIN;

  private final List<Channel> listening = new ArrayList<>();
  private final ArrayDeque<Newcomer> waiting = new ArrayDeque<>();

  Newcomers() {}

  /** Newcomers come at this one. From any thread. */
  public static void listenAt(Channel listening) {
    if (listening.eventLoop() instanceof AttentiveLoop loop) {
      loop.execute(() -> loop.newcomers().listening.add(listening));
    }
  }

  /** A connection is new. On its event loop, before it has handlers that read. */
  public static void welcome(Channel channel) {
    if (channel.eventLoop() instanceof AttentiveLoop loop) {
      Newcomer newcomer = new Newcomer(channel);
      channel.pipeline().addLast(newcomer);
      ArrayDeque<Newcomer> waiting = loop.newcomers().waiting;
      waiting.addLast(newcomer);
      if (waiting.size() > WAITING_MAX) {
        waiting.removeFirst();
      }
    }
  }

  /** Asks them, as if the system had told of them now. */
  void ask() {
    listening.removeIf(channel -> !channel.isOpen());
    listening.forEach(Newcomers::read);
    long now = System.nanoTime();
    waiting.removeIf(newcomer -> !newcomer.isNew(now));
    // Whoever speaks now, or goes, leaves the line only at the next time.
    waiting.forEach(newcomer -> read(newcomer.channel));
  }

  /** Nobody waits in line. */
  void forget() {
    waiting.clear();
  }

  private static void read(Channel channel) {
    if (channel.config().isAutoRead() && channel.unsafe() instanceof EpollIoHandle handle) {
      try {
        handle.handle(null, READABLE);
      } catch (RuntimeException e) {
        channel.pipeline().fireExceptionCaught(e);
      }
    }
  }

  private static final class Newcomer extends ChannelInboundHandlerAdapter {
    private final Channel channel;
    private final long sinceNanos = System.nanoTime();
    private int reads;

    Newcomer(Channel channel) {
      this.channel = channel;
    }

    boolean isNew(long nowNanos) {
      return reads < READS_MAX && channel.isActive() && nowNanos - sinceNanos < NEW_NANOS_MAX;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      ctx.fireChannelRead(message);
      if (++reads == READS_MAX) {
        ctx.pipeline().remove(this);
      }
    }
  }
}
