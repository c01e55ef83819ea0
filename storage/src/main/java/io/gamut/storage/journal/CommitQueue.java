package io.gamut.storage.journal;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Appended batches on their way from the caller's thread to the thread that commits them.
 *
 * <p>Small batches are joined as they come, so that what gathers during a sync is written at once.
 * A caller's batch that comes first is taken without copying: its buffer is exchanged for an empty
 * one.
 */
final class CommitQueue {
  /** Batches are joined up to this many bytes: past it, a second write costs less than a copy. */
  private static final int JOINED_BYTES_MAX = 1 << 20;

  private static final int SPARE_MAX = 8;

  /**
   * How often the committer looks for more before it sleeps: about 10 microseconds, less than it
   * costs to be woken, and too little to take a processor from anyone.
   */
  private static final int SPINS = 200;

  /** What the committer takes in one go. */
  record Taken(List<JournalBatch> batches, long lastSequence, long bytes) {}

  private final ReentrantLock lock = new ReentrantLock();
  private final ArrayDeque<JournalBatch> spares = new ArrayDeque<>();
  private final long bytesMax;
  private List<JournalBatch> waiting = new ArrayList<>();
  private long waitingBytes;
  private volatile long takenSequence;
  private volatile long lastSequence;
  private volatile long pendingBytes;
  private volatile boolean closed;
  private volatile @Nullable Thread sleeper;

  CommitQueue(long bytesMax) {
    this.bytesMax = bytesMax;
  }

  /** Bytes appended and not yet released as durable. */
  long pendingBytes() {
    return pendingBytes;
  }

  /**
   * Takes the records of a batch, which is left empty, and wakes the committer.
   *
   * @return the sequence number, or {@link GroupCommit#REFUSED} when too much is pending; an empty
   *     queue takes any batch
   */
  long offer(JournalBatch batch) {
    int bytes = batch.bytes();
    long sequence;
    lock.lock();
    try {
      long pending = pendingBytes;
      if (pending > 0 && bytes > bytesMax - pending) {
        return GroupCommit.REFUSED;
      }
      if (waiting.isEmpty() || !waiting.getLast().fitsAll(batch, JOINED_BYTES_MAX)) {
        waiting.add(spares.isEmpty() ? new JournalBatch() : spares.pop());
      }
      waiting.getLast().takeAll(batch);
      waitingBytes += bytes;
      pendingBytes = pending + bytes;
      sequence = lastSequence + 1;
      lastSequence = sequence;
    } finally {
      lock.unlock();
    }
    LockSupport.unpark(sleeper);
    return sequence;
  }

  /** Whether something waits; looks for a moment, then sleeps for at most this long. */
  boolean await(long nanosMax) {
    for (int i = 0; i < SPINS && !isReady(); i++) {
      Thread.onSpinWait();
    }
    sleeper = Thread.currentThread();
    try {
      long deadline = System.nanoTime() + nanosMax;
      long left = nanosMax;
      while (!isReady() && left > 0) {
        LockSupport.parkNanos(this, left);
        left = deadline - System.nanoTime();
      }
    } finally {
      sleeper = null;
    }
    return lastSequence > takenSequence;
  }

  private boolean isReady() {
    return closed || lastSequence > takenSequence;
  }

  boolean isClosed() {
    return closed;
  }

  Taken takeAll() {
    lock.lock();
    try {
      Taken taken = new Taken(waiting, lastSequence, waitingBytes);
      waiting = new ArrayList<>();
      waitingBytes = 0;
      takenSequence = lastSequence;
      return taken;
    } finally {
      lock.unlock();
    }
  }

  /** Gives back what was taken and is durable now. */
  void release(Taken taken) {
    lock.lock();
    try {
      long pending = pendingBytes - taken.bytes();
      pendingBytes = pending;
      for (JournalBatch batch : taken.batches()) {
        batch.clear();
        if (spares.size() < SPARE_MAX) {
          spares.push(batch);
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /** Lets the committer finish what waits, and then end. */
  void close() {
    closed = true;
    LockSupport.unpark(sleeper);
  }
}
