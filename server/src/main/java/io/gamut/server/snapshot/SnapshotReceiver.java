package io.gamut.server.snapshot;

import io.gamut.core.NodeId;
import io.gamut.server.snapshot.SnapshotMessage.Chunk;
import io.gamut.server.snapshot.SnapshotMessage.Ended;
import io.gamut.server.snapshot.SnapshotMessage.Offer;
import io.gamut.server.snapshot.SnapshotMessage.Reason;
import io.gamut.server.snapshot.SnapshotMessage.Received;
import io.gamut.storage.rocks.RocksOptions;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes a committed state that another server offers, one at a time, into a directory of its own.
 *
 * <p>An offer may come again while the answer is under way, and changes nothing then.
 *
 * <p>Whatever goes wrong, the transfer is given up, its directory deleted, and the server's own
 * state was not touched: it is replaced only by one that has come whole ({@link
 * SnapshotInstaller}).
 *
 * <p>Thread rules: the replica's thread.
 */
final class SnapshotReceiver {
  private static final Logger LOGGER = LoggerFactory.getLogger(SnapshotReceiver.class);

  /** A sender that keeps to its window has no more under way. */
  private static final long QUEUED_BYTES_MAX = SendWindow.BYTES_MAX;

  /** Longer than a sender waits, which would give up first. */
  private static final long SILENCE_NANOS = 2 * SendWindow.SILENCE_NANOS;

  private final long incarnation;
  private final CommittedPlace place;
  private final RocksOptions options;
  private final SnapshotHost host;
  private final SnapshotLinks links;
  private final SnapshotThread thread;
  private final SnapshotInstaller installer;

  private @Nullable Receiving receiving;

  /** A transfer; its target is there once the directory is made. */
  private static final class Receiving {
    final NodeId from;
    final Offer offer;
    final Path directory;
    final long bytes;
    @Nullable SnapshotTarget target;
    long newsNanos;
    long queuedBytes;
    boolean isWhole;

    Receiving(NodeId from, Offer offer, Path directory, long nowNanos) {
      this.from = from;
      this.offer = offer;
      this.directory = directory;
      bytes = offer.bytes();
      newsNanos = nowNanos;
    }

    boolean isOf(NodeId sender, long transfer) {
      return from.equals(sender) && offer.transfer() == transfer;
    }

    boolean isSilent(long nowNanos) {
      return nowNanos - newsNanos >= SILENCE_NANOS;
    }
  }

  /**
   * @param incarnation of this participant
   */
  SnapshotReceiver(
      long incarnation,
      CommittedPlace place,
      RocksOptions options,
      SnapshotHost host,
      SnapshotLinks links,
      SnapshotThread thread,
      SnapshotInstaller installer) {
    this.incarnation = incarnation;
    this.place = place;
    this.options = options;
    this.host = host;
    this.links = links;
    this.thread = thread;
    this.installer = installer;
  }

  void onOffer(NodeId from, Offer offer, long nowNanos) {
    Receiving running = receiving;
    if (running != null && running.isOf(from, offer.transfer())) {
      return; // said again, as the answer may be lost
    }
    if (offer.receiver() != incarnation || offer.index() <= host.applied()) {
      tellEnded(from, offer.transfer(), Reason.NOT_NEEDED);
    } else if (running != null && !isReplacedBy(from, running, nowNanos)) {
      tellEnded(from, offer.transfer(), Reason.BUSY);
    } else {
      if (running != null) {
        giveUp(running, "another one is offered");
      }
      begin(new Receiving(from, offer, place.next(), nowNanos));
    }
  }

  /** A server that offers again has given up what it sent before. */
  private boolean isReplacedBy(NodeId from, Receiving running, long nowNanos) {
    return !running.isWhole && (running.from.equals(from) || isLost(running, nowNanos));
  }

  /** Whether no more of a transfer can be expected. */
  private boolean isLost(Receiving running, long nowNanos) {
    return !running.isWhole && (running.isSilent(nowNanos) || !links.reaches(running.from));
  }

  private void begin(Receiving begun) {
    LOGGER.info(
        "Receives the committed state at {} from server {}: {} bytes",
        begun.offer.index(),
        begun.from,
        begun.bytes);
    receiving = begun;
    thread.run(
        () -> SnapshotTarget.create(begun.directory, begun.offer.files(), begun.bytes),
        target -> {
          if (begun == receiving) {
            begun.target = target;
            tell(begun, new Received(begun.offer.transfer(), 0));
          }
        },
        failure -> giveUp(begun, failure.toString()));
  }

  void onChunk(NodeId from, Chunk chunk, long nowNanos) {
    Receiving running = of(from, chunk.transfer());
    SnapshotTarget target = running == null ? null : running.target;
    if (running == null || target == null) {
      tellEnded(from, chunk.transfer(), Reason.FAILED); // this server may have started anew
      return;
    }
    running.newsNanos = nowNanos;
    running.queuedBytes += chunk.bytes().length;
    if (running.queuedBytes > QUEUED_BYTES_MAX) {
      giveUp(running, "more is sent than was asked for");
      return;
    }
    thread.run(
        () -> target.write(chunk),
        written -> {
          running.queuedBytes -= chunk.bytes().length;
          if (running == receiving) {
            tell(running, new Received(chunk.transfer(), written));
            finishIfWhole(running, target, written);
          }
        },
        failure -> giveUp(running, failure.toString()));
  }

  private @Nullable Receiving of(NodeId from, long transfer) {
    Receiving running = receiving;
    boolean isOfIt = running != null && !running.isWhole && running.isOf(from, transfer);
    return isOfIt ? running : null;
  }

  private void finishIfWhole(Receiving running, SnapshotTarget target, long written) {
    if (written < running.bytes) {
      return;
    }
    running.isWhole = true;
    thread.run(
        () -> {
          target.finish();
          return installer.open(
              OpenedSnapshot.open(running.directory, options, running.offer.index()));
        },
        opened -> installer.install(opened, reason -> onInstalled(running, opened, reason)),
        failure -> giveUp(running, failure.toString()));
  }

  private void onInstalled(Receiving running, OpenedSnapshot opened, Reason reason) {
    LOGGER.info(
        "The committed state at {} from server {}: {}",
        opened.point().index(),
        running.from,
        reason);
    receiving = null;
    tellEnded(running.from, running.offer.transfer(), reason);
  }

  // Ending

  /** The sender has given up. */
  void onEnded(NodeId from, Ended ended) {
    Receiving running = of(from, ended.transfer());
    if (running != null) {
      giveUp(running, "its sender has given up");
    }
  }

  /** Time has passed. */
  void onTime(long nowNanos) {
    Receiving running = receiving;
    if (running != null && isLost(running, nowNanos)) {
      giveUp(running, "nothing more comes from there");
    }
  }

  private void giveUp(Receiving running, String why) {
    if (running != receiving) {
      return;
    }
    LOGGER.warn("Gives up receiving the committed state from server {}: {}", running.from, why);
    receiving = null;
    SnapshotTarget target = running.target;
    thread.runAside(
        "delete " + running.directory,
        () -> {
          if (target != null) {
            target.close();
          }
          Directories.delete(running.directory);
        });
    tellEnded(running.from, running.offer.transfer(), Reason.FAILED);
  }

  private void tellEnded(NodeId to, long transfer, Reason reason) {
    links.send(to, SnapshotCodec.encode(new Ended(transfer, reason)));
  }

  private void tell(Receiving running, SnapshotMessage message) {
    links.send(running.from, SnapshotCodec.encode(message));
  }
}
