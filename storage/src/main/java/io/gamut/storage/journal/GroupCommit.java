package io.gamut.storage.journal;

import java.io.Closeable;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Appends to a journal from an event loop that must not block, and says when what was appended is
 * durable.
 *
 * <p>Under {@link Durability#FSYNC} a thread of its own writes everything that has gathered, syncs
 * once, and reports; what comes in during that sync gathers for the next. So a lone write waits for
 * one sync and nothing else, and a thousand writes at once share two. When it has been idle for a
 * while it leaves a mark behind (see {@link SegmentedJournal#mark}).
 *
 * <p>Under the weaker modes {@link #append} itself writes, into the kernel's memory, and reports
 * before it returns; with {@link Durability#INTERVAL} a background thread syncs beside it.
 *
 * <p>Threads: {@link #append} and {@link #close} belong to one thread at a time; the others may be
 * called by any. None may be interrupted meanwhile: an interrupt closes the file it writes, and so
 * fails the journal. The listener is called by the committing thread (FSYNC) or by the appending
 * one (INTERVAL, NONE); of a failure it may also hear from a background thread.
 */
public final class GroupCommit implements ReadableJournal, Closeable {
  /** What {@link #append} answers when it took nothing; sequence numbers begin at 1. */
  public static final long REFUSED = 0;

  /** How many milliseconds after one sync the next begins, under {@link Durability#INTERVAL}. */
  public static final int INTERVAL_MILLIS = 100;

  /**
   * What may wait for its sync, by default: two batches of the greatest length, some tenths of a
   * second of an ordinary disk.
   */
  public static final long PENDING_BYTES_MAX_DEFAULT = 64L << 20;

  private static final Logger LOGGER = LoggerFactory.getLogger(GroupCommit.class);
  private static final long IDLE_NANOS = TimeUnit.MILLISECONDS.toNanos(INTERVAL_MILLIS);

  private final SharedJournal journal;
  private final Durability durability;
  private final DurabilityListener listener;
  private final CommitQueue queue;
  private final JournalKeeper keeper;
  private final Thread committer;
  private final Object reporting = new Object();
  private volatile @Nullable IOException failure;
  private long lastSequence;
  private boolean closed;

  private GroupCommit(
      SegmentedJournal journal,
      Durability durability,
      long pendingBytesMax,
      DurabilityListener listener) {
    this.journal = new SharedJournal(journal);
    this.durability = durability;
    this.listener = listener;
    this.queue = new CommitQueue(pendingBytesMax);
    long interval = durability == Durability.INTERVAL ? IDLE_NANOS : 0;
    this.keeper = new JournalKeeper(this.journal, interval, this::fail);
    this.committer =
        Thread.ofPlatform().daemon().name("gamut-journal-commit").unstarted(this::commitAll);
  }

  /**
   * Takes an open journal over, to close it in the end, and starts its threads.
   *
   * @param pendingBytesMax how much may wait to become durable before appends are refused
   */
  public static GroupCommit start(
      SegmentedJournal journal,
      Durability durability,
      long pendingBytesMax,
      DurabilityListener listener) {
    GroupCommit commit = new GroupCommit(journal, durability, pendingBytesMax, listener);
    commit.keeper.start();
    if (durability == Durability.FSYNC) {
      commit.committer.start();
    }
    return commit;
  }

  public Durability durability() {
    return durability;
  }

  /**
   * Appends the records of a batch, and leaves it empty for the next use.
   *
   * <p>Under FSYNC it returns at once. Under INTERVAL and NONE it has written and reported when it
   * returns; it may then have waited for a new segment, if appends came faster than one can be
   * made.
   *
   * @return the append's sequence number, one greater than the one before; or {@link #REFUSED} when
   *     {@link #pendingBytes()} would pass its limit: the batch is as it was, and there is room
   *     again once the listener has heard of durable appends
   * @throws JournalFailedException when the journal has failed, now or before
   */
  public long append(JournalBatch batch) throws IOException {
    requireUsable();
    if (batch.isEmpty()) {
      throw new IllegalArgumentException("a batch has at least one record");
    }
    return durability == Durability.FSYNC ? queue.offer(batch) : appendInline(batch);
  }

  private long appendInline(JournalBatch batch) throws IOException {
    long position;
    try {
      position = journal.append(batch);
    } catch (IOException e) {
      fail(e);
      throw e;
    }
    batch.clear();
    keeper.onAppended();
    lastSequence++;
    report(lastSequence, position);
    return lastSequence;
  }

  /** How many bytes were appended and are not yet durable; always 0 under INTERVAL and NONE. */
  public long pendingBytes() {
    return queue.pendingBytes();
  }

  /**
   * Lets old segments be deleted in the background; see {@link SegmentedJournal#truncateBefore}.
   */
  public void truncateBefore(long position) {
    keeper.truncateBefore(position);
  }

  /**
   * Begins to read what is durable, as the chosen {@link Durability} means it. Any thread may; what
   * is appended, synced and deleted meanwhile does not wait for it, nor it for them.
   */
  @Override
  public JournalReader readFrom(long position) throws IOException {
    return journal.readFrom(position, durability != Durability.FSYNC);
  }

  private void commitAll() {
    try {
      while (!queue.isClosed() || queue.await(0)) {
        if (queue.await(IDLE_NANOS)) {
          commit(queue.takeAll());
        } else if (!queue.isClosed()) {
          journal.mark();
          queue.await(Long.MAX_VALUE);
        }
      }
    } catch (IOException e) {
      fail(e);
    } catch (RuntimeException e) {
      fail(new IOException("the journal's committer met a fault in the program", e));
    }
  }

  private void commit(CommitQueue.Taken taken) throws IOException {
    long position = 0;
    for (JournalBatch batch : taken.batches()) {
      position = journal.append(batch);
    }
    keeper.onAppended();
    journal.sync();
    queue.release(taken);
    report(taken.lastSequence(), position);
  }

  private void report(long sequence, long position) {
    synchronized (reporting) {
      if (failure == null) {
        listener.onDurable(sequence, position);
      }
    }
  }

  private void fail(IOException cause) {
    synchronized (reporting) {
      if (failure != null) {
        return;
      }
      failure = cause;
      LOGGER.error("The journal has failed and takes nothing more", cause);
      listener.onFailure(cause);
    }
  }

  /**
   * Makes everything appended durable, reports it, ends the threads and closes the journal.
   *
   * @throws JournalFailedException when the journal has failed, now or before
   */
  @Override
  public void close() throws IOException {
    if (closed) {
      return;
    }
    closed = true;
    boolean interrupted = Thread.interrupted();
    try {
      queue.close();
      Threads.join(committer);
      keeper.stop();
      closeJournal();
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void closeJournal() throws IOException {
    try {
      journal.close();
    } catch (IOException e) {
      fail(e);
    }
    if (failure != null) {
      throw new JournalFailedException("failed before it was closed", failure);
    }
  }

  private void requireUsable() throws IOException {
    if (failure != null) {
      throw new JournalFailedException("failed earlier", failure);
    }
    if (closed) {
      throw new IOException("could not append: the journal is closed. Open it again");
    }
  }
}
