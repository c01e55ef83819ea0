package io.gamut.overlay.net;

import io.gamut.core.NodeId;
import io.gamut.overlay.Limits;
import io.gamut.overlay.OverlayCounters.Drop;
import io.gamut.overlay.link.FailureDetector;
import io.gamut.overlay.link.FailureDetector.Verdict;
import io.gamut.overlay.link.Outbox;
import io.gamut.overlay.wire.Message;
import io.gamut.overlay.wire.Message.Frame;
import io.gamut.overlay.wire.Message.Heartbeat;
import io.gamut.overlay.wire.Message.Heartbeat.Purpose;
import io.gamut.overlay.wire.Message.Identity;
import io.gamut.overlay.wire.MessageEncoder;
import io.gamut.overlay.wire.WireException;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.util.concurrent.Future;
import java.nio.ByteBuffer;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * An established link to one neighbour.
 *
 * <p><b>Keeping probes timely.</b> Frames wait in the {@link Outbox}, not in the socket: segments
 * are handed to Netty only while less than {@link Limits#OUTSTANDING_BYTES_MAX} of it is unsent, so
 * what an urgent frame can find before it is bounded by that and the system's own buffer, which is
 * told to keep little unsent as well (see {@code SocketOptions}). Writing is deferred to the end of
 * the event loop's turn, so that what one turn sends shares a system call.
 */
final class Link implements Connection.Owner {
  private static final int BUFFER_BYTES =
      Limits.SEGMENT_BYTES_MAX + MessageEncoder.SEGMENT_ROOM_MIN;

  /** Who is told of what a link hears. */
  interface Receiver {
    void onFrame(Link link, Frame frame) throws WireException;

    void onDigest(Link link, long digest);

    /** The other end has answered a {@link Link#challenge}. */
    void onProven(Link link);

    void onLost(Link link, String why);

    long digest();
  }

  private final Site site;
  private final Identity peer;
  private final Connection connection;
  private final Channel channel;
  private final Receiver receiver;
  private final Tallies.OfNeighbour tally;
  private final Outbox outbox = new Outbox();
  private final FailureDetector detector;
  private final long upNanos = System.nanoTime();
  private Verdict verdict = Verdict.ALIVE;
  private boolean pumpScheduled;
  private @Nullable Future<?> wake;
  private boolean down;

  Link(Site site, Connection connection, Identity peer, Receiver receiver) {
    this.site = site;
    this.peer = peer;
    this.connection = connection;
    this.channel = connection.channel();
    this.receiver = receiver;
    this.tally = site.tallies.with(peer.node());
    this.detector = new FailureDetector(site.timing(), upNanos);
    tally.onConnected();
  }

  NodeId peer() {
    return peer.node();
  }

  Identity identity() {
    return peer;
  }

  /** Queues a frame; false if its queue is full. A frame lost on purpose counts as queued. */
  boolean offer(Frame frame) {
    if (down) {
      return false;
    }
    if (site.impairments.losesNext(peer())) {
      site.tallies.onDropped(Drop.LAB_LOSS);
      return true;
    }
    long delayNanos = site.impairments.delayNanos(peer());
    long dueNanos = delayNanos == 0 ? upNanos : System.nanoTime() + delayNanos;
    if (!outbox.offer(frame, dueNanos)) {
      site.tallies.onDropped(Drop.QUEUE_FULL);
      return false;
    }
    schedulePump();
    return true;
  }

  /** Asks the other end to prove that it lives; {@link Receiver#onProven} tells. */
  void challenge() {
    beat(Purpose.QUESTION, System.nanoTime());
  }

  /** Judges the silence, and breaks its own. Returns the verdict if it has changed. */
  Verdict tick(long nowNanos) {
    verdict = detector.onTick(nowNanos);
    if (verdict != Verdict.DEAD && detector.isHeartbeatDue(nowNanos)) {
      beat(Purpose.BEAT, nowNanos);
    }
    return verdict;
  }

  Verdict verdict() {
    return verdict;
  }

  /** The link is over: drops what is queued and closes the connection. */
  void end(boolean orderly) {
    if (orderly) {
      pump();
    }
    down = true;
    if (wake != null) {
      wake.cancel(false);
    }
    site.tallies.onDropped(Drop.LINK_DOWN, outbox.queuedFrames());
    if (orderly) {
      connection.close();
    } else {
      connection.abort();
    }
  }

  Channel channel() {
    return channel;
  }

  @Override
  public void onBytes() {
    detector.onHeard(System.nanoTime());
  }

  @Override
  public void onMessage(Message message) {
    switch (message) {
      case Frame frame -> {
        tally.onIn(frame);
        try {
          receiver.onFrame(this, frame);
        } catch (WireException e) {
          connection.fail(e);
        }
      }
      case Heartbeat heartbeat -> onHeartbeat(heartbeat);
      case Message.Hello _, Message.ForeignHello _, Message.Refused _ ->
          throw new IllegalStateException("the decoder lets no opening through on a link");
    }
  }

  @Override
  public void onWritable() {
    schedulePump();
  }

  @Override
  public void onClosed(String why) {
    receiver.onLost(this, why);
  }

  private void onHeartbeat(Heartbeat heartbeat) {
    switch (heartbeat.purpose()) {
      case BEAT -> {}
      case QUESTION -> beat(Purpose.ANSWER, System.nanoTime());
      case ANSWER -> receiver.onProven(this);
    }
    receiver.onDigest(this, heartbeat.digest());
  }

  /** Not into a full socket: the other end then has enough to read to know that this end lives. */
  private void beat(Purpose purpose, long nowNanos) {
    if (channel.isWritable()) {
      detector.onBeat(nowNanos);
      connection.send(MessageEncoder.encode(new Heartbeat(purpose, receiver.digest())));
    }
  }

  private void schedulePump() {
    if (!pumpScheduled) {
      pumpScheduled = true;
      site.loop.execute(this::pump);
    }
  }

  private void pump() {
    pumpScheduled = false;
    if (down) {
      return;
    }
    long nowNanos = System.nanoTime();
    boolean written = false;
    while (channel.isWritable() && outbox.hasDue(nowNanos)) {
      var _ = channel.write(nextBuffer(nowNanos), channel.voidPromise());
      written = true;
    }
    if (written) {
      detector.onSpoke(nowNanos);
      channel.flush();
    }
    if (channel.isWritable()) {
      scheduleWake(nowNanos);
    }
  }

  private ByteBuf nextBuffer(long nowNanos) {
    int room = (int) Math.min(BUFFER_BYTES, outbox.queuedBytes() + MessageEncoder.SEGMENT_ROOM_MIN);
    ByteBuf buffer = channel.alloc().ioBuffer(room);
    ByteBuffer view = buffer.nioBuffer(0, room);
    outbox.drainTo(view, nowNanos, tally::onOut);
    return buffer.writerIndex(view.position());
  }

  /** What is delayed on purpose is sent when its time has come, the soonest first. */
  private void scheduleWake(long nowNanos) {
    OptionalLong due = outbox.nextDueNanos(nowNanos);
    if (wake != null) {
      wake.cancel(false);
      wake = null;
    }
    if (due.isPresent()) {
      wake = site.loop.schedule(this::pump, due.getAsLong() - nowNanos, TimeUnit.NANOSECONDS);
    }
  }
}
