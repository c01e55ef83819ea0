package io.gamut.server.service;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.FastThreadLocal;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Parts with a client that sends nothing more. What it has sent is answered before its connection
 * is closed: it may have closed its own direction only (RFC 9293 section 3.6, "simplex close"), as
 * a shell's pipe does.
 *
 * <p>When thousands go at once there is a third of a second's work in closing their connections. So
 * those of an event loop wait in a line, and the loop spends {@value #CLOSING_MICROS} microseconds
 * on it before it turns to other tasks, and its sockets.
 */
final class PartingClients extends ChannelInboundHandlerAdapter {
  private static final Logger LOGGER = LoggerFactory.getLogger(PartingClients.class);
  private static final long CLOSING_MICROS = 500;

  /** Of one event loop, and only it looks at this. As long as it has connections at most. */
  private static final class Line {
    private final ArrayDeque<ChannelHandlerContext> waiting = new ArrayDeque<>();
    private boolean isMoving;

    void add(ChannelHandlerContext ctx) {
      waiting.add(ctx);
      if (!isMoving) {
        isMoving = true;
        move(ctx.executor());
      }
    }

    private void move(EventExecutor loop) {
      loop.execute(() -> {
        long began = System.nanoTime();
        do {
          ChannelHandlerContext next = waiting.poll();
          if (next == null) {
            isMoving = false;
            return;
          }
          part(next);
        } while (System.nanoTime() - began < TimeUnit.MICROSECONDS.toNanos(CLOSING_MICROS));
        move(loop);
      });
    }
  }

  private static final FastThreadLocal<Line> LINES =
      new FastThreadLocal<>() {
        @Override
        protected Line initialValue() {
          return new Line();
        }
      };

  private boolean isParting;
  private boolean isReset;

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) throws Exception {
    if (event instanceof ChannelInputShutdownEvent) {
      lineUp(ctx);
    } else if (!(event instanceof ChannelInputShutdownReadComplete)) {
      super.userEventTriggered(ctx, event);
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) throws Exception {
    if (cause instanceof IOException) {
      LOGGER.debug("{} is gone: {}", ctx.channel(), cause.getMessage());
      isReset = true;
      lineUp(ctx);
    } else {
      super.exceptionCaught(ctx, cause);
    }
  }

  private void lineUp(ChannelHandlerContext ctx) {
    if (!isParting) {
      isParting = true;
      LINES.get().add(ctx);
    }
  }

  private static void part(ChannelHandlerContext ctx) {
    try {
      finish(ctx);
    } catch (RuntimeException e) {
      LOGGER.error("{} is closed because of a bug", ctx.channel(), e);
      var _ = ctx.close();
    }
  }

  private static void finish(ChannelHandlerContext ctx) {
    if (!ctx.channel().isActive()) {
      return;
    }
    boolean isReset = ctx.handler() instanceof PartingClients parting && parting.isReset;
    SslHandler tls = ctx.pipeline().get(SslHandler.class);
    boolean isGreeted = tls == null || tls.handshakeFuture().isDone();
    ClientConnection connection = ctx.pipeline().get(ClientConnection.class);
    if (isReset || !isGreeted || connection == null) {
      var _ = ctx.channel().close();
    } else {
      connection.finish();
    }
  }
}
