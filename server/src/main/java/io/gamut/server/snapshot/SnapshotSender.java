package io.gamut.server.snapshot;

import io.gamut.core.NodeId;
import io.gamut.ledger.log.Participant;
import io.gamut.server.snapshot.SnapshotMessage.Chunk;
import io.gamut.server.snapshot.SnapshotMessage.Ended;
import io.gamut.server.snapshot.SnapshotMessage.Offer;
import io.gamut.server.snapshot.SnapshotMessage.Reason;
import io.gamut.server.snapshot.SnapshotMessage.Received;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends the committed state to those that lack it, to one at a time.
 *
 * <p>The state is saved beside itself, by hard links, and the copy is read chunk by chunk: as many
 * as {@link SendWindow} allows are under way, and only one is in memory here before it is sent. A
 * transfer without news is given up. Nothing is remembered of it: whoever still lacks the state is
 * named again.
 *
 * <p>While a transfer runs, and a little longer, the ledger must not let go of what follows the
 * copy ({@link #pinnedIndex}); otherwise a server that takes long to receive would lack entries
 * again when it has the state.
 *
 * <p>Thread rules: the replica's thread.
 */
final class SnapshotSender {
  private static final Logger LOGGER = LoggerFactory.getLogger(SnapshotSender.class);

  /** So long a copy serves others too that lack the state. */
  private static final long COPY_KEPT_NANOS = 10_000_000_000L;

  /** After a transfer its receiver is given so long to say to the ledger what it has. */
  private static final long REST_NANOS = 2_000_000_000L;

  /** After a transfer its receiver is given so long to fetch the entries behind the state. */
  private static final long PINNED_NANOS = 10_000_000_000L;

  private static final long NOT_PINNED = Long.MAX_VALUE;

  private final CommittedPlace place;
  private final SnapshotHost host;
  private final SnapshotLinks links;
  private final SnapshotThread thread;
  private final LongSupplier random;

  private @Nullable Sending sending;
  private @Nullable Copy copy;
  private long copies;
  private final Map<Participant, Long> restingUntilNanos = new HashMap<>();
  private long pinnedIndex = NOT_PINNED;
  private long pinnedUntilNanos;

  /**
   * The state as it was saved.
   *
   * @param index the ledger is applied in it up to here, or further
   */
  private record Copy(Path directory, long index, List<SnapshotFile> files, long madeNanos) {
    boolean isYoung(long nowNanos) {
      return nowNanos - madeNanos < COPY_KEPT_NANOS;
    }
  }

  /** A transfer; its window and source are there once it was offered. */
  private static final class Sending {
    final long transfer;
    final Participant to;
    final long begunNanos;
    @Nullable SendWindow window;
    @Nullable SnapshotSource source;
    byte[] offer = {};
    byte @Nullable [] unsent;
    boolean isReading;

    Sending(long transfer, Participant to, long begunNanos) {
      this.transfer = transfer;
      this.to = to;
      this.begunNanos = begunNanos;
    }
  }

  /** A chunk that was read, as a message. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record ReadChunk(int bytes, byte[] message) {}

  SnapshotSender(
      CommittedPlace place,
      SnapshotHost host,
      SnapshotLinks links,
      SnapshotThread thread,
      LongSupplier random) {
    this.place = place;
    this.host = host;
    this.links = links;
    this.thread = thread;
    this.random = random;
  }

  /** The ledger's log is needed behind this index; far away when it is not. */
  long pinnedIndex(long nowNanos) {
    boolean isPinned = sending != null || nowNanos - pinnedUntilNanos < 0;
    return isPinned ? pinnedIndex : NOT_PINNED;
  }

  // Beginning

  /** A participant lacks the state; said again and again. */
  void onNeeded(Participant participant, long nowNanos) {
    if (sending != null || isResting(participant, nowNanos) || !links.reaches(participant.node())) {
      return;
    }
    Sending begun = new Sending(random.getAsLong(), participant, nowNanos);
    sending = begun;
    Copy made = copy;
    if (made != null && made.isYoung(nowNanos) && made.index() >= host.baseIndex()) {
      pinnedIndex = made.index();
      offer(begun, made);
    } else {
      pinnedIndex = host.applied();
      deleteCopy();
      save(begun);
    }
  }

  private boolean isResting(Participant participant, long nowNanos) {
    restingUntilNanos.values().removeIf(until -> nowNanos - until >= 0);
    return restingUntilNanos.containsKey(participant);
  }

  private void save(Sending begun) {
    Path directory = place.copy(++copies);
    long index = host.applied();
    var _ =
        host.save(directory)
            .whenComplete(
                (_, failure) -> thread.reply(() -> onSaved(begun, directory, index, failure)));
  }

  private void onSaved(Sending begun, Path directory, long index, @Nullable Throwable failure) {
    if (failure != null) {
      onFailed(begun, directory, failure);
      return;
    }
    thread.run(
        () -> SnapshotSource.files(directory),
        files -> {
          Copy made = new Copy(directory, index, files, System.nanoTime());
          copy = made;
          offer(begun, made);
        },
        unreadable -> onFailed(begun, directory, unreadable));
  }

  private void onFailed(Sending begun, Path directory, Throwable failure) {
    LOGGER.warn("Could not save the committed state for {}", begun.to, failure);
    delete(directory);
    end(begun, System.nanoTime());
  }

  private void offer(Sending begun, Copy made) {
    Offer offer = new Offer(begun.transfer, begun.to.incarnation(), made.index(), made.files());
    begun.window = new SendWindow(offer.bytes(), System.nanoTime());
    begun.source = new SnapshotSource(made.directory(), begun.transfer, made.files());
    begun.offer = SnapshotCodec.encode(offer);
    begun.unsent = begun.offer;
    LOGGER.info(
        "Sends participant {} the committed state at {}: {} bytes",
        begun.to,
        made.index(),
        offer.bytes());
    advance(begun);
  }

  // Going on

  private void advance(Sending running) {
    byte[] unsent = running.unsent;
    if (unsent != null) {
      if (!links.send(running.to.node(), unsent)) {
        return;
      }
      running.unsent = null;
    }
    SendWindow window = running.window;
    SnapshotSource source = running.source;
    if (window == null || source == null || running.isReading || !window.hasRoom()) {
      return;
    }
    running.isReading = true;
    thread.run(
        () -> {
          Chunk chunk = source.read();
          return new ReadChunk(chunk.bytes().length, SnapshotCodec.encode(chunk));
        },
        read -> {
          if (running == sending) {
            running.isReading = false;
            running.unsent = read.message();
            window.onRead(read.bytes());
            advance(running);
          }
        },
        failure -> giveUp(running, "its copy cannot be read: " + failure));
  }

  void onReceived(NodeId from, Received received, long nowNanos) {
    Sending running = of(from, received.transfer());
    SendWindow window = running == null ? null : running.window;
    if (running == null || window == null || !window.onReceived(received.bytes(), nowNanos)) {
      return;
    }
    if (window.isComplete()) {
      LOGGER.info(
          "Participant {} has received the committed state, in {} ms",
          running.to,
          (nowNanos - running.begunNanos) / 1_000_000);
      end(running, nowNanos);
    } else {
      advance(running);
    }
  }

  private @Nullable Sending of(NodeId from, long transfer) {
    Sending running = sending;
    boolean isOfIt =
        running != null && running.transfer == transfer && running.to.node().equals(from);
    return isOfIt ? running : null;
  }

  // Ending

  /** The receiver does not want more. */
  void onEnded(NodeId from, Ended ended, long nowNanos) {
    Sending running = of(from, ended.transfer());
    if (running != null) {
      LOGGER.info(
          "Participant {} does not take the committed state: {}", running.to, ended.reason());
      end(running, nowNanos);
    }
  }

  /** Time has passed. */
  void onTime(long nowNanos) {
    Sending running = sending;
    SendWindow window = running == null ? null : running.window;
    if (running != null && window != null) {
      if (window.isSilent(nowNanos) || !links.reaches(running.to.node())) {
        giveUp(running, "nothing more is heard of it");
      } else {
        if (!window.isTaken()) {
          running.unsent = running.offer; // lost if the receiver was still starting
        }
        advance(running);
      }
    }
    if (sending == null && copy != null && !copy.isYoung(nowNanos)) {
      deleteCopy();
    }
  }

  private void giveUp(Sending running, String why) {
    if (running == sending) {
      LOGGER.warn("Gives up sending participant {} the committed state: {}", running.to, why);
      Ended ended = new Ended(running.transfer, Reason.FAILED);
      links.send(running.to.node(), SnapshotCodec.encode(ended));
      end(running, System.nanoTime());
    }
  }

  private void end(Sending running, long nowNanos) {
    sending = null;
    restingUntilNanos.put(running.to, nowNanos + REST_NANOS);
    pinnedUntilNanos = nowNanos + PINNED_NANOS;
    SnapshotSource source = running.source;
    if (source != null) {
      thread.runAside("close the copy of the committed state", source::close);
    }
  }

  private void deleteCopy() {
    if (copy != null) {
      delete(copy.directory());
      copy = null;
    }
  }

  private void delete(Path directory) {
    thread.runAside("delete " + directory, () -> Directories.delete(directory));
  }
}
