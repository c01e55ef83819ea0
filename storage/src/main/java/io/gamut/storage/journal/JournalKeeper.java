package io.gamut.storage.journal;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What has to be done for a journal beside appending to it: making the next segment before it is
 * needed, deleting old ones, and, under {@link Durability#INTERVAL}, syncing.
 *
 * <p>It sleeps without limit while there is nothing to do. An appender writes first and then looks
 * whether the keeper is asleep; the keeper says that it is going to sleep first and then looks
 * whether anything was written: one of them sees the other.
 */
final class JournalKeeper implements Runnable {
  private static final Logger LOGGER = LoggerFactory.getLogger(JournalKeeper.class);
  private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final SharedJournal journal;
  private final long syncIntervalNanos;
  private final AtomicLong truncateBefore = new AtomicLong();
  private final Thread thread;
  private final FailureSink failures;
  private volatile boolean asleep;
  private volatile boolean woken;
  private volatile boolean stopping;
  private long nextSyncNanos = System.nanoTime();
  private long nextPreparationNanos = nextSyncNanos;

  /** Where a failed sync is reported. */
  @FunctionalInterface
  interface FailureSink {
    void fail(IOException failure);
  }

  /**
   * @param syncIntervalNanos how long after one sync the next may begin; 0 to leave syncing to
   *     others
   */
  JournalKeeper(SharedJournal journal, long syncIntervalNanos, FailureSink failures) {
    this.journal = journal;
    this.syncIntervalNanos = syncIntervalNanos;
    this.failures = failures;
    this.thread = Thread.ofPlatform().daemon().name("gamut-journal-keeper").unstarted(this);
  }

  void start() {
    thread.start();
  }

  /** To be called after an append. */
  void onAppended() {
    if (asleep && (journal.needsPreparation() || (syncs() && journal.isDirty()))) {
      wake();
    }
  }

  private boolean syncs() {
    return syncIntervalNanos > 0;
  }

  void truncateBefore(long position) {
    truncateBefore.accumulateAndGet(position, Math::max);
    wake();
  }

  private void wake() {
    woken = true;
    LockSupport.unpark(thread);
  }

  /** Ends the thread after what it is doing now. */
  void stop() {
    stopping = true;
    wake();
    Threads.join(thread);
  }

  @Override
  public void run() {
    try {
      while (!stopping) {
        sleep();
        syncIfDue();
        truncate();
        prepare();
      }
    } catch (IOException e) {
      failures.fail(e);
    } catch (RuntimeException e) {
      failures.fail(new IOException("the journal's keeper met a fault in the program", e));
    }
  }

  private void sleep() {
    while (!woken) {
      asleep = true;
      long wait = waitNanos();
      asleep = wait == Long.MAX_VALUE;
      if (wait <= 0) {
        break;
      }
      // Looked at again: waiting for the journal's lock may have used up the permit of a wake().
      if (!woken) {
        LockSupport.parkNanos(this, wait);
      }
    }
    asleep = false;
    woken = false;
  }

  private long waitNanos() {
    long now = System.nanoTime();
    long untilSync = syncs() && journal.isDirty() ? nextSyncNanos - now : Long.MAX_VALUE;
    long untilPreparation =
        journal.needsPreparation() ? nextPreparationNanos - now : Long.MAX_VALUE;
    return Math.min(untilSync, untilPreparation);
  }

  private void syncIfDue() throws IOException {
    if (syncs() && System.nanoTime() >= nextSyncNanos && journal.isDirty()) {
      nextSyncNanos = System.nanoTime() + syncIntervalNanos;
      journal.sync();
      journal.mark();
    }
  }

  private void truncate() {
    long position = truncateBefore.getAndSet(0);
    if (position == 0) {
      return;
    }
    try {
      journal.truncateBefore(position);
    } catch (IOException e) {
      LOGGER.warn("Old journal segments stay on the disk until the next truncation", e);
    }
  }

  private void prepare() {
    if (System.nanoTime() < nextPreparationNanos) {
      return;
    }
    try {
      journal.prepare();
    } catch (IOException e) {
      nextPreparationNanos = System.nanoTime() + RETRY_NANOS;
      LOGGER.warn("The next journal segment could not be made ahead; trying again", e);
    }
  }
}
