package io.gamut.storage.journal;

import java.io.IOException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A journal that several threads use in turn. The lock is held while its state changes and while a
 * batch is written, never during a sync, the making of a segment or a deletion: those run as {@link
 * JournalTask}s between two short turns.
 *
 * <p>At most one thread syncs, and at most one other does the rest. Readers need no turn.
 */
final class SharedJournal {
  private final SegmentedJournal journal;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition prepared = lock.newCondition();
  private boolean preparing;

  SharedJournal(SegmentedJournal journal) {
    this.journal = journal;
  }

  /** Writes a batch; waits for the next segment if that is just being made and needed now. */
  long append(JournalBatch batch) throws IOException {
    lock.lock();
    try {
      while (preparing && journal.needsNewSegment(batch)) {
        prepared.awaitUninterruptibly();
      }
      return journal.append(batch);
    } finally {
      lock.unlock();
    }
  }

  /** Makes what was appended so far durable, while others append. */
  void sync() throws IOException {
    JournalTask sync;
    lock.lock();
    try {
      sync = journal.beginSync();
    } finally {
      lock.unlock();
    }
    runAndFinish(sync);
  }

  void mark() throws IOException {
    lock.lock();
    try {
      journal.mark();
    } finally {
      lock.unlock();
    }
  }

  boolean isDirty() {
    lock.lock();
    try {
      return journal.isDirty();
    } finally {
      lock.unlock();
    }
  }

  boolean needsPreparation() {
    lock.lock();
    try {
      return journal.needsPreparation();
    } finally {
      lock.unlock();
    }
  }

  /** Makes the next segment, while others append to this one. */
  void prepare() throws IOException {
    JournalTask preparation;
    lock.lock();
    try {
      if (!journal.needsPreparation()) {
        return;
      }
      preparation = journal.beginPreparation();
      preparing = true;
    } finally {
      lock.unlock();
    }
    runAndFinish(preparation);
  }

  void truncateBefore(long position) throws IOException {
    JournalTask truncation;
    lock.lock();
    try {
      truncation = journal.beginTruncation(position);
    } finally {
      lock.unlock();
    }
    runAndFinish(truncation);
  }

  private void runAndFinish(JournalTask task) throws IOException {
    task.run();
    lock.lock();
    try {
      if (task instanceof JournalTask.Preparation) {
        preparing = false;
        prepared.signalAll();
      }
      journal.finish(task);
    } finally {
      lock.unlock();
    }
  }

  /** Begins to read what is synced, or all that is written. Takes no lock. */
  JournalReader readFrom(long position, boolean unsynced) throws IOException {
    return unsynced ? journal.readWrittenFrom(position) : journal.readFrom(position);
  }

  void close() throws IOException {
    lock.lock();
    try {
      journal.close();
    } finally {
      lock.unlock();
    }
  }
}
