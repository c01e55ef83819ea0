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
 * any case. So does what waits here for its turn: all that a client has sent comes at once when it
 * closes its direction.
 */
final class Arrivals extends ChannelInboundHandlerAdapter {
  private static final int PIECE_BYTES = 8 << 10;
  private static final int FREE_BYTES = 16 << 10;

  /** The decoder keeps a head and trailers, and not what is around chunks. */
  private static final int COUNTED_BYTES_MAX = 2 * HttpLimits.HEADER_BYTES_MAX;

  private final Runnable onBytes;
  private final BooleanSupplier mayPass;
  private final Bodies.Part waiting;
  private final Bodies.Part decoding;
  private final Runnable onNoRoom;
  private final ArrayDeque<ByteBuf> held = new ArrayDeque<>();
  private @Nullable ChannelHandlerContext context;
  private boolean isPassing;
  private boolean isOver;
  private long heldBytes;
  private long passedBytes;

  /**
   * @param onBytes is told when some have come
   * @param mayPass whether the next piece is wanted
   * @param all what counts of this connection is held by
   * @param onNoRoom is told when there is no room for more
   */
  Arrivals(Runnable onBytes, BooleanSupplier mayPass, Bodies all, Runnable onNoRoom) {
    this.onBytes = onBytes;
    this.mayPass = mayPass;
    waiting = all.new Part();
    decoding = all.new Part();
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
    ByteBuf more = (ByteBuf) message;
    held.add(more);
    heldBytes += more.capacity();
    onBytes.run();
    passOn();
    if (!isOver && !countWaiting()) {
      onNoRoom.run();
    }
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
          heldBytes -= first.capacity();
          held.removeFirst().release();
        }
        passedBytes += count;
        if (!countDecoding()) {
          piece.release();
          onNoRoom.run();
          break;
        }
        context.fireChannelRead(piece);
      }
    } finally {
      isPassing = false;
    }
    if (waiting.isAny()) {
      var _ = countWaiting();
    }
  }

  private boolean countWaiting() {
    return waiting.trySet(Math.max(0, heldBytes - FREE_BYTES));
  }

  private boolean countDecoding() {
    return decoding.trySet(Math.clamp(passedBytes - FREE_BYTES, 0, COUNTED_BYTES_MAX));
  }

  /** The decoder has made so much of a body: what becomes of that is counted elsewhere. */
  void onBody(int bytes) {
    passedBytes -= bytes;
    var _ = countDecoding();
  }

  /** Whether all that has come was given on, and the decoder is done with it. */
  boolean isEmpty() {
    return !isPassing && held.isEmpty();
  }

  /** A request is over, and so is what was kept of it. */
  void onAnswered() {
    passedBytes = 0;
    var _ = countDecoding();
  }

  /** Nothing is wanted any more: what is here, and what still comes, is dropped. */
  void drop() {
    isOver = true;
    held.forEach(ByteBuf::release);
    held.clear();
    heldBytes = 0;
    var _ = countWaiting();
    onAnswered();
  }
}
