package io.gamut.server.connection;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;

/** Requests on their way in. */
final class Incoming {
  private Incoming() {}

  /** In a buffer that doubles: a value that comes in many pieces is not copied at each of them. */
  static ByteBuf joined(ByteBuf unread, ByteBuf more, ChannelHandlerContext ctx) {
    int needed = unread.readableBytes() + more.readableBytes();
    ByteBuf all = unread;
    if (unread.isReadOnly()
        || unread.refCnt() > 1
        || unread.writableBytes() < more.readableBytes()) {
      all = ctx.alloc().buffer(Math.max(2 * unread.readableBytes(), needed));
      all.writeBytes(unread);
      unread.release();
    }
    all.writeBytes(more);
    more.release();
    return all;
  }
}
