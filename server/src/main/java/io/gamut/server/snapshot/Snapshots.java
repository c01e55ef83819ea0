package io.gamut.server.snapshot;

import io.gamut.core.InvalidDataException;
import io.gamut.core.NodeId;
import io.gamut.ledger.log.Participant;
import io.gamut.storage.rocks.RocksOptions;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * A server's part in sending and receiving committed state: wires who sends, who receives and the
 * thread that both use.
 *
 * <p>Thread rules: the replica's thread, but for {@link #close}.
 */
public final class Snapshots implements AutoCloseable {
  private static final long TICK_MILLIS = 250;

  private final SnapshotThread thread;
  private final SnapshotSender sender;
  private final SnapshotReceiver receiver;
  private final SnapshotInstaller installer;
  private final ScheduledFuture<?> ticking;

  /**
   * Begins to take part.
   *
   * @param self this participant
   * @param loop the replica's thread
   * @param random unseeded
   */
  public Snapshots(
      Participant self,
      CommittedPlace place,
      SnapshotHost host,
      SnapshotLinks links,
      ScheduledExecutorService loop,
      LongSupplier random) {
    thread = new SnapshotThread(loop);
    sender = new SnapshotSender(place, host, links, thread, random);
    installer = new SnapshotInstaller(place, host, thread);
    receiver =
        new SnapshotReceiver(
            self.incarnation(), place, RocksOptions.DEFAULTS, host, links, thread, installer);
    ticking =
        loop.scheduleWithFixedDelay(this::onTime, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
  }

  private void onTime() {
    long now = System.nanoTime();
    sender.onTime(now);
    receiver.onTime(now);
  }

  /** A participant lacks what is only in a snapshot; may be said again and again. */
  public void onNeeded(Participant participant) {
    sender.onNeeded(participant, System.nanoTime());
  }

  /**
   * Takes what another server has sent.
   *
   * @throws InvalidDataException if it cannot be read; then nothing has changed
   */
  public void onMessage(NodeId from, byte[] payload) {
    long now = System.nanoTime();
    switch (SnapshotCodec.decode(payload)) {
      case SnapshotMessage.Offer offer -> receiver.onOffer(from, offer, now);
      case SnapshotMessage.Chunk chunk -> receiver.onChunk(from, chunk, now);
      case SnapshotMessage.Received received -> sender.onReceived(from, received, now);
      case SnapshotMessage.Ended ended -> {
        sender.onEnded(from, ended, now);
        receiver.onEnded(from, ended);
      }
    }
  }

  /** What is behind this index in the ledger is needed by somebody; far away if by nobody. */
  public long pinnedIndex() {
    return sender.pinnedIndex(System.nanoTime());
  }

  /** Sends and receives nothing more. */
  public void stop() {
    thread.stop();
    ticking.cancel(false);
  }

  /** Waits until nothing is being read or written any more. After {@link #stop}, on any thread. */
  @Override
  public void close() {
    thread.close();
    installer.close();
  }
}
