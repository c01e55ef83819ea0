package io.gamut.server.service;

import io.gamut.server.access.ClientLimits;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.handler.timeout.IdleStateHandler;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Closes a connection whose client is silent for too long, or takes none of its answers. */
final class ConnectionLimits extends ChannelInboundHandlerAdapter {
  private static final Logger LOGGER = LoggerFactory.getLogger(ConnectionLimits.class);

  private boolean isWatching;

  /** Whether nothing has kept it from writing, at some moment since it is watched. */
  private boolean hasMoved;

  private ConnectionLimits() {}

  static void add(Channel channel, ClientLimits limits) {
    if (limits.idleSeconds() > 0) {
      channel.pipeline().addLast(new IdleStateHandler(0, 0, limits.idleSeconds()));
    }
    channel.pipeline().addLast(new ConnectionLimits());
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
      hasMoved = true;
    } else if (!isWatching) {
      isWatching = true;
      watch(ctx);
    }
    super.channelWritabilityChanged(ctx);
  }

  /** What waits becomes less as long as the client takes some: nothing is added meanwhile. */
  private void watch(ChannelHandlerContext ctx) {
    hasMoved = false;
    long before = ctx.channel().bytesBeforeWritable();
    var _ =
        ctx.executor()
            .schedule(
                () -> {
                  isWatching = false;
                  if (ctx.channel().isWritable() || !ctx.channel().isActive()) {
                    return;
                  }
                  long now = ctx.channel().bytesBeforeWritable();
                  if (!hasMoved && now >= before && now > 0) {
                    LOGGER.info("{} takes none of its answers, and is closed", ctx.channel());
                    var _ = ctx.close();
                  } else {
                    isWatching = true;
                    watch(ctx);
                  }
                },
                ClientLimits.STALL_SECONDS_MAX,
                TimeUnit.SECONDS);
  }
}
