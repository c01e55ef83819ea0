package io.gamut.overlay.link;

import io.gamut.overlay.Channel;
import io.gamut.overlay.wire.Message.Frame;
import io.gamut.overlay.wire.MessageEncoder;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What waits to be sent on one link: a queue per channel, each bounded in bytes.
 *
 * <p><b>Order.</b> Before each segment the most urgent channel that has something due is chosen
 * anew. So an urgent frame waits for at most the segments already handed out, however large the
 * frames behind it are; within a channel frames keep their order. Priority is strict: a saturated
 * channel starves those behind it, whose queues then fill and refuse. That is meant: who sends bulk
 * must be ready to wait.
 *
 * <p>A frame may be given a moment before which it is not sent (lab delays). It holds back those
 * behind it in its channel, which keeps their order.
 */
public final class Outbox {
  private final Lane[] lanes = new Lane[Channel.values().length];
  private int frames;

  public Outbox() {
    for (Channel channel : Channel.values()) {
      lanes[channel.code()] = new Lane(channel.queueBytesMax());
    }
  }

  /** Queues a frame to be sent once {@code dueNanos} has come; false if its queue is full. */
  public boolean offer(Frame frame, long dueNanos) {
    boolean accepted = lanes[frame.channel().code()].offer(new Queued(frame, dueNanos));
    frames += accepted ? 1 : 0;
    return accepted;
  }

  /**
   * Writes segments into {@code out} until it is full or nothing is due; tells of each frame whose
   * last byte it wrote.
   */
  public void drainTo(ByteBuffer out, long nowNanos, Consumer<Frame> sent) {
    while (out.remaining() >= MessageEncoder.SEGMENT_ROOM_MIN) {
      Lane lane = nextDue(nowNanos);
      if (lane == null) {
        return;
      }
      Frame done = lane.encodeSegment(out);
      if (done != null) {
        frames--;
        sent.accept(done);
      }
    }
  }

  public boolean hasDue(long nowNanos) {
    return nextDue(nowNanos) != null;
  }

  /** The earliest moment at which something will be due; empty when nothing is queued. */
  public OptionalLong nextDueNanos(long nowNanos) {
    long soonest = Long.MAX_VALUE;
    for (Lane lane : lanes) {
      Queued head = lane.queue.peek();
      if (head != null) {
        soonest = Math.min(soonest, Math.max(0, head.dueNanos - nowNanos));
      }
    }
    return soonest == Long.MAX_VALUE ? OptionalLong.empty() : OptionalLong.of(nowNanos + soonest);
  }

  /** Roughly the bytes that {@link #drainTo} would write for what is queued; at least those. */
  public long queuedBytes() {
    long bytes = 0;
    for (Lane lane : lanes) {
      bytes += lane.queuedBytes;
    }
    return bytes;
  }

  /** Bytes queued for one channel, headers included. */
  public int queuedBytes(Channel channel) {
    return lanes[channel.code()].queuedBytes;
  }

  /** Frames queued, of which the first of each channel may be partly sent. */
  public int queuedFrames() {
    return frames;
  }

  private @Nullable Lane nextDue(long nowNanos) {
    if (frames == 0) {
      return null;
    }
    for (Lane lane : lanes) {
      Queued head = lane.queue.peek();
      if (head != null && head.dueNanos - nowNanos <= 0) {
        return lane;
      }
    }
    return null;
  }

  private record Queued(Frame frame, long dueNanos) {}

  /** One channel's queue; its head may be partly sent. */
  private static final class Lane {
    private final Deque<Queued> queue = new ArrayDeque<>();
    private final int queuedBytesMax;
    private int queuedBytes;
    private boolean headBegun;
    private int headSentBytes;

    Lane(int queuedBytesMax) {
      this.queuedBytesMax = queuedBytesMax;
    }

    boolean offer(Queued queued) {
      if (queued.frame.bytes() > queuedBytesMax - queuedBytes) {
        return false;
      }
      queuedBytes += queued.frame.bytes();
      queue.add(queued);
      return true;
    }

    /** Returns the head if that was its last segment. */
    @Nullable Frame encodeSegment(ByteBuffer out) {
      Frame head = queue.element().frame;
      headSentBytes = MessageEncoder.encodeSegment(head, headBegun, headSentBytes, out);
      headBegun = true;
      if (headSentBytes < head.payload().length) {
        return null;
      }
      queue.remove();
      queuedBytes -= head.bytes();
      headBegun = false;
      headSentBytes = 0;
      return head;
    }
  }
}
