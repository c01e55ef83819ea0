package io.gamut.server;

import io.gamut.replication.group.Checkpoint;
import io.netty.channel.EventLoop;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Writes from time to time what the journal has led to, so that the journal's older part can go.
 *
 * <p>Thread rules: on the event loop; the writing itself is done by the stores' threads.
 */
final class Checkpoints {
  private final GroupDisk disk;
  private final EventLoop loop;
  private final Consumer<Checkpoint> onWritten;
  private final Consumer<Throwable> onFailure;
  private long lastPosition;
  private boolean isWriting;

  /**
   * @param onWritten is given each checkpoint once it is on the disk, on the loop
   */
  Checkpoints(
      GroupDisk disk,
      EventLoop loop,
      Consumer<Checkpoint> onWritten,
      Consumer<Throwable> onFailure) {
    this.disk = disk;
    this.loop = loop;
    this.onWritten = onWritten;
    this.onFailure = onFailure;
    lastPosition = disk.openedAt();
  }

  /** What a checkpoint at a position of the journal holds now. */
  byte[] encoded(long position) {
    return disk.checkpoint(position).encode();
  }

  /**
   * Writes a checkpoint if the journal has grown enough since the last.
   *
   * @param position all records below it were reported to the replica as durable
   */
  void writeIfDue(long position) {
    boolean isDue = position - lastPosition > disk.retention().checkpointBytes();
    if (isWriting || !isDue || !disk.mayCheckpoint()) {
      return;
    }
    isWriting = true;
    Checkpoint checkpoint = disk.checkpoint(position);
    var _ =
        disk.write(checkpoint)
            .whenComplete((_, failure) -> loop.execute(() -> onWritten(checkpoint, failure)));
  }

  private void onWritten(Checkpoint checkpoint, @Nullable Throwable failure) {
    isWriting = false;
    if (failure != null) {
      onFailure.accept(failure);
    } else {
      lastPosition = checkpoint.position();
      onWritten.accept(checkpoint);
    }
  }

  /** Writes one and waits for it; nothing follows. */
  void writeLast(long position) {
    disk.committed().checkpoint();
    disk.updates().checkpoint(encoded(position));
  }
}
