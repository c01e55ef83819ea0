package io.gamut.server.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.ArrayDeque;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Goes before the decoder and gives it bytes as they are wanted, a piece at a time. Decoded, a
 * small request takes a hundred times the memory that its bytes do; a packet of them would all be
 * decoded at once.
 */
final class Arrivals extends ChannelInboundHandlerAdapter {
  private static final int PIECE_BYTES = 8 << 10;

  private final Runnable onBytes;
  private final BooleanSupplier mayPass;
  private final ArrayDeque<ByteBuf> held = new ArrayDeque<>();
  private @Nullable ChannelHandlerContext context;
  private boolean isPassing;

  /**
   * @param onBytes is told when some have come
   * @param mayPass whether the next piece is wanted
   */
  Arrivals(Runnable onBytes, BooleanSupplier mayPass) {
    this.onBytes = onBytes;
    this.mayPass = mayPass;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    context = ctx;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    held.add((ByteBuf) message);
    onBytes.run();
    passOn();
  }

  /** Gives the decoder what it is to have. */
  void passOn() {
    if (isPassing || context == null) {
      return;
    }
    isPassing = true;
    try {
      while (mayPass.getAsBoolean() && !held.isEmpty()) {
        ByteBuf first = held.getFirst();
        int count = Math.min(PIECE_BYTES, first.readableBytes());
        ByteBuf piece = first.readRetainedSlice(count);
        if (!first.isReadable()) {
          held.removeFirst().release();
        }
        context.fireChannelRead(piece);
      }
    } finally {
      isPassing = false;
    }
  }

  /** The connection has ended. */
  void drop() {
    held.forEach(ByteBuf::release);
    held.clear();
  }
}
