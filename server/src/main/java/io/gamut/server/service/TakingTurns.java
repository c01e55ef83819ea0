package io.gamut.server.service;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.util.concurrent.FastThreadLocal;
import io.netty.util.concurrent.Future;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Lets the connections of an event loop that move much take turns, so that one that moves little
 * never waits for many of them.
 *
 * <p>Whoever has moved {@value #MOVED_BYTES_MAX} bytes, in and out together, waits until the others
 * that have had as much, and has then a turn: to move as much again, for {@value #TURN_MICROS}
 * microseconds at most. {@value #AT_ONCE_MAX} have theirs at the same time. While it waits nothing
 * is read from it, and its channel says that it is not writable: a protocol that heeds this begins
 * nothing.
 */
final class TakingTurns extends ChannelDuplexHandler {
  private static final int MOVED_BYTES_MAX = 64 << 10;
  private static final int AT_ONCE_MAX = 4;
  private static final long TURN_MICROS = 1_000;

  /** Any that nobody else uses of the thirty-one that a channel has. */
  private static final int WRITABILITY_INDEX = 7;

  /** Of one event loop, and only it looks at this. */
  private static final class Queue {
    private final ArrayDeque<TakingTurns> waiting = new ArrayDeque<>();
    private int running;
  }

  private static final FastThreadLocal<Queue> QUEUES =
      new FastThreadLocal<>() {
        @Override
        protected Queue initialValue() {
          return new Queue();
        }
      };

  private enum State {
    FREE,
    WAITING,
    IN_TURN
  }

  private State state = State.FREE;
  private long movedBytes;
  private boolean isReadWanted;
  private @Nullable ChannelHandlerContext context;
  private @Nullable Future<?> turnsEnd;

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    context = ctx;
  }

  private ChannelHandlerContext context() {
    if (context == null) {
      throw new IllegalStateException("not in a pipeline yet");
    }
    return context;
  }

  // What moves

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    move(message);
    ctx.fireChannelRead(message);
  }

  @Override
  public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
    move(message);
    var _ = ctx.write(message, promise);
  }

  private void move(Object message) {
    movedBytes += message instanceof ByteBuf bytes ? bytes.readableBytes() : 0;
    if (movedBytes >= MOVED_BYTES_MAX && state != State.WAITING) {
      movedBytes = 0;
      leave();
      takePlace();
    }
  }

  @Override
  public void read(ChannelHandlerContext ctx) {
    if (state == State.WAITING) {
      isReadWanted = true;
    } else {
      ctx.read();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    leave();
    ctx.fireChannelInactive();
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    leave();
  }

  // Turns

  private void takePlace() {
    Queue queue = QUEUES.get();
    if (!context().channel().isActive()) {
      return;
    }
    if (queue.running < AT_ONCE_MAX) {
      begin(queue);
    } else {
      state = State.WAITING;
      queue.waiting.add(this);
      setWritable(false);
      askBeforeReading();
    }
  }

  /**
   * A channel that reads on by itself asks nobody: its socket stays among those that are watched.
   * Turned off and on again it asks, and is told when its turn has come.
   */
  private void askBeforeReading() {
    ChannelConfig config = context().channel().config();
    if (config.isAutoRead()) {
      config.setAutoRead(false);
      config.setAutoRead(true);
    }
  }

  private void begin(Queue queue) {
    state = State.IN_TURN;
    queue.running++;
    turnsEnd = context().executor().schedule(this::leave, TURN_MICROS, TimeUnit.MICROSECONDS);
  }

  /** Its turn is over, or it does not wait for one any more. */
  private void leave() {
    Queue queue = QUEUES.get();
    if (state == State.WAITING) {
      queue.waiting.remove(this);
    } else if (state == State.IN_TURN) {
      queue.running--;
      if (turnsEnd != null) {
        var _ = turnsEnd.cancel(false);
      }
      TakingTurns next = queue.waiting.poll();
      if (next != null) {
        next.begin(queue);
        next.context().executor().execute(next::goOn);
      }
    }
    state = State.FREE;
  }

  private void goOn() {
    setWritable(true);
    if (isReadWanted) {
      isReadWanted = false;
      context().read();
    }
  }

  private void setWritable(boolean isWritable) {
    ChannelOutboundBuffer leaving = context().channel().unsafe().outboundBuffer();
    if (leaving != null) {
      leaving.setUserDefinedWritability(WRITABILITY_INDEX, isWritable);
    }
  }
}
