package io.gamut.server.connection;

import io.gamut.core.BinaryWriter;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import java.nio.ByteBuffer;

/** Answers on their way out. */
final class Outgoing {
  /** In one buffer outside the heap: longer ones are made anew and given back each time. */
  private static final int SENT_BYTES_MAX = 256 << 10;

  private Outgoing() {}

  /** Writes all of it, in pieces where it is long, and flushes. */
  static void send(ChannelHandlerContext to, BinaryWriter leaving) {
    if (leaving.length() <= SENT_BYTES_MAX) {
      var _ = to.writeAndFlush(Unpooled.wrappedBuffer(leaving.toByteBuffers()), to.voidPromise());
      return;
    }
    for (ByteBuffer piece : leaving.toByteBuffers()) {
      for (int at = 0; at < piece.remaining(); at += SENT_BYTES_MAX) {
        int length = Math.min(SENT_BYTES_MAX, piece.remaining() - at);
        ByteBuf part = Unpooled.wrappedBuffer(piece.slice(at, length));
        var _ = to.write(part, to.voidPromise());
      }
    }
    to.flush();
  }
}
