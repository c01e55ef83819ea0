package io.gamut.server.service;

import io.gamut.server.access.ClientLimits;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.handler.timeout.IdleStateHandler;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Closes a connection whose client is silent for too long, or takes none of its answers. */
public final class ConnectionLimits extends ChannelInboundHandlerAdapter {
  private static final Logger LOGGER = LoggerFactory.getLogger(ConnectionLimits.class);

  private boolean isWatching;
  private boolean isLeaving;

  /** Whether nothing has kept it from writing, at some moment since it is watched. */
  private boolean wasWritable;

  private ConnectionLimits() {}

  static void add(Channel channel, ClientLimits limits) {
    if (limits.idleSeconds() > 0) {
      channel.pipeline().addLast(new IdleStateHandler(0, 0, limits.idleSeconds()));
    }
    channel.pipeline().addLast(new ConnectionLimits());
  }

  /** Closes a connection once its client has taken all that was written, or takes none of it. */
  public static void closeWhenTaken(ChannelHandlerContext ctx) {
    var _ = ctx.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    ConnectionLimits limits = ctx.pipeline().get(ConnectionLimits.class);
    if (limits != null && ctx.channel().isActive()) {
      limits.isLeaving = true;
      limits.watch(ctx.pipeline().context(limits));
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) throws Exception {
    if (event instanceof IdleStateEvent) {
      LOGGER.debug("{} has been silent for too long, and is closed", ctx.channel());
      var _ = ctx.close();
    } else {
      super.userEventTriggered(ctx, event);
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) throws Exception {
    if (ctx.channel().isWritable()) {
      wasWritable = true;
    } else {
      watch(ctx);
    }
    super.channelWritabilityChanged(ctx);
  }

  private void watch(ChannelHandlerContext ctx) {
    if (!isWatching) {
      isWatching = true;
      wasWritable = false;
      long before = waitingBytes(ctx);
      var _ =
          ctx.executor()
              .schedule(
                  () -> onWatched(ctx, before), ClientLimits.STALL_SECONDS_MAX, TimeUnit.SECONDS);
    }
  }

  /** What waits becomes less as long as the client takes some; more is added for a short time. */
  private void onWatched(ChannelHandlerContext ctx, long before) {
    isWatching = false;
    Channel channel = ctx.channel();
    if (!channel.isActive() || (channel.isWritable() && !isLeaving)) {
      return;
    }
    boolean hasMoved = waitingBytes(ctx) != before || (wasWritable && !isLeaving);
    if (hasMoved) {
      watch(ctx);
    } else {
      LOGGER.info("{} takes none of its answers, and is closed", channel);
      var _ = ctx.close();
    }
  }

  private static long waitingBytes(ChannelHandlerContext ctx) {
    ChannelOutboundBuffer waiting = ctx.channel().unsafe().outboundBuffer();
    return waiting == null ? 0 : waiting.totalPendingWriteBytes() - waiting.currentProgress();
  }
}
