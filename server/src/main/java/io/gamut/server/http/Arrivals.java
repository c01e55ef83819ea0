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
 *
 * <p>What the decoder has got and has not made a body of are heads, trailers and what is around
 * chunks: those count against the memory for bodies, but for the little that each connection has in
 * any case.
 */
final class Arrivals extends ChannelInboundHandlerAdapter {
  private static final int PIECE_BYTES = 8 << 10;
  private static final int FREE_BYTES = 16 << 10;

  /** The decoder keeps a head and trailers, and not what is around chunks. */
  private static final int COUNTED_BYTES_MAX = 2 * HttpLimits.HEADER_BYTES_MAX;

  private final Runnable onBytes;
  private final BooleanSupplier mayPass;
  private final Bodies all;
  private final Runnable onNoRoom;
  private final ArrayDeque<ByteBuf> held = new ArrayDeque<>();
  private @Nullable ChannelHandlerContext context;
  private boolean isPassing;
  private boolean isOver;
  private long passedBytes;
  private int countedBytes;

  /**
   * @param onBytes is told when some have come
   * @param mayPass whether the next piece is wanted
   * @param all what counts of this connection is held by
   * @param onNoRoom is told when there is no room for more
   */
  Arrivals(Runnable onBytes, BooleanSupplier mayPass, Bodies all, Runnable onNoRoom) {
    this.onBytes = onBytes;
    this.mayPass = mayPass;
    this.all = all;
    this.onNoRoom = onNoRoom;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    context = ctx;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (isOver) {
      ((ByteBuf) message).release();
      return;
    }
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
      while (!isOver && mayPass.getAsBoolean() && !held.isEmpty()) {
        ByteBuf first = held.getFirst();
        int count = Math.min(PIECE_BYTES, first.readableBytes());
        ByteBuf piece = first.readRetainedSlice(count);
        if (!first.isReadable()) {
          held.removeFirst().release();
        }
        passedBytes += count;
        if (!count()) {
          piece.release();
          onNoRoom.run();
          break;
        }
        context.fireChannelRead(piece);
      }
    } finally {
      isPassing = false;
    }
  }

  private boolean count() {
    int now = Math.clamp(passedBytes - FREE_BYTES, 0, COUNTED_BYTES_MAX);
    if (now > countedBytes && !all.tryHold(now - countedBytes)) {
      return false;
    }
    all.release(Math.max(0, countedBytes - now));
    countedBytes = now;
    return true;
  }

  /** The decoder has made so much of a body: what becomes of that is counted elsewhere. */
  void onBody(int bytes) {
    passedBytes -= bytes;
    var _ = count();
  }

  /** Whether all that has come was given on, and the decoder is done with it. */
  boolean isEmpty() {
    return !isPassing && held.isEmpty();
  }

  /** A request is over, and so is what was kept of it. */
  void onAnswered() {
    passedBytes = 0;
    var _ = count();
  }

  /** Nothing is wanted any more: what is here, and what still comes, is dropped. */
  void drop() {
    isOver = true;
    onAnswered();
    held.forEach(ByteBuf::release);
    held.clear();
  }
}
