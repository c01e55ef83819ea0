package io.gamut.verify.file;

import io.gamut.verify.file.Line.Completion;
import io.gamut.verify.file.Line.Happened;
import io.gamut.verify.file.Line.Invocation;
import io.gamut.verify.file.Line.Showing;
import io.gamut.verify.history.Event;
import io.gamut.verify.history.History;
import io.gamut.verify.history.Request;
import io.gamut.verify.history.Shown;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/**
 * Writes a history into a file while it happens. Many threads may call it at the same time.
 *
 * <p>Callers only put lines into a queue; one thread encodes them and hands them to the operating
 * system, every {@value #FLUSH_MILLIS} ms or sooner. When the queue is full callers wait for room:
 * nothing is dropped.
 *
 * <p>Whatever a crash leaves of the file is a history by itself, if clients record each invocation
 * before they send it, and each completion after they have its answer. For lines are written in the
 * order of the calls; a write whose effect somebody saw was sent, and so recorded, before the
 * completion that shows it. So no line is kept without those that explain it. The disk is forced at
 * the end only: this holds for killed processes, not for machines that lose power.
 *
 * <p>What replicas show in the end counts only in a file that was closed: half of it would look
 * like a difference between them.
 */
public final class HistoryRecorder implements AutoCloseable {
  /** How long a line may wait in the queue while there are few. */
  public static final long FLUSH_MILLIS = 50;

  /** Lines that wait for the writing thread; with short keys and values some megabytes. */
  public static final int QUEUE_MAX = 32_768;

  /** So many lines are written at once without waiting for more. */
  private static final int BATCH = 4_096;

  private static final int BUFFER_BYTES = 1 << 16;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition hasWork = lock.newCondition();
  private final Condition hasRoom = lock.newCondition();
  private List<Line> queue = new ArrayList<>();
  private boolean isClosing;
  private @Nullable IOException failure;

  // Of the writing thread alone.
  private final FileChannel file;
  private final OutputStream out;
  private final LineEncoder encoder;
  private long requests;

  private final Thread writer;

  private HistoryRecorder(FileChannel file, Map<String, String> about) throws IOException {
    this.file = file;
    out = new BufferedOutputStream(Channels.newOutputStream(file), BUFFER_BYTES);
    encoder = new LineEncoder(out);
    encoder.header(about);
    flush();
    writer = Thread.ofPlatform().name("gamut-history").daemon().unstarted(this::write);
  }

  /**
   * Begins a file, which must not be there yet: what was recorded is never overwritten.
   *
   * @param about free words for its first line, such as the seed and the command line of the run
   */
  public static HistoryRecorder open(Path path, Map<String, String> about) throws IOException {
    return open(
        FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), about);
  }

  /** Takes over a file, and closes it. */
  static HistoryRecorder open(FileChannel file, Map<String, String> about) throws IOException {
    HistoryRecorder recorder;
    try {
      recorder = new HistoryRecorder(file, about);
    } catch (IOException | RuntimeException e) {
      file.close();
      throw e;
    }
    recorder.writer.start();
    return recorder;
  }

  /** Writes a history that is complete into a file, which must not be there yet. */
  public static void write(Recording recording, Path path) throws IOException {
    record Timed(long at, int rank, Line line) {}
    List<Timed> lines = new ArrayList<>();
    History history = recording.history();
    for (Request request : history.requests()) {
      String process = recording.processes().get(request.session());
      lines.add(new Timed(request.invoked(), 1, Invocation.of(request, process)));
      lines.add(new Timed(request.responded(), 0, Completion.of(request)));
    }
    for (Event event : history.events()) {
      lines.add(new Timed(event.at(), 1, new Happened(event)));
    }
    // A session may invoke at the moment at which it has completed.
    lines.sort(Comparator.comparingLong(Timed::at).thenComparingInt(Timed::rank));
    try (HistoryRecorder recorder = open(path, recording.about())) {
      lines.forEach(each -> recorder.put(each.line));
      history.ends().forEach(recorder::shown);
    }
  }

  /**
   * Records that a request is about to be sent; call it before that. Here and in the other methods:
   * throws {@link UncheckedIOException} once the file cannot be written any more, and {@link
   * IllegalStateException} after {@link #close}.
   */
  public void invoke(Invocation invocation) {
    put(invocation);
  }

  /** Records what has become of a request. One whose outcome nobody knows may do without. */
  public void complete(Completion completion) {
    put(completion);
  }

  /** Records what was done to the cluster. */
  public void happened(Event event) {
    put(new Happened(event));
  }

  /** Records what a replica shows once nobody writes any more. */
  public void shown(int replica, Map<String, Shown> shown) {
    put(new Showing(replica, new TreeMap<>(shown)));
  }

  private void put(Line line) {
    lock.lock();
    try {
      while (queue.size() >= QUEUE_MAX && failure == null && !isClosing) {
        hasRoom.awaitUninterruptibly();
      }
      if (failure != null) {
        throw new UncheckedIOException("the history cannot be written any more", failure);
      }
      if (isClosing) {
        throw new IllegalStateException("the history is closed");
      }
      queue.add(line);
      if (queue.size() == BATCH) {
        hasWork.signal();
      }
    } finally {
      lock.unlock();
    }
  }

  // The writing thread

  private void write() {
    List<Line> spare = new ArrayList<>();
    boolean isLast = false;
    while (!isLast) {
      List<Line> batch;
      lock.lock();
      try {
        awaitWork();
        batch = queue;
        queue = spare;
        isLast = isClosing;
        hasRoom.signalAll();
      } finally {
        lock.unlock();
      }
      // After a failure it goes on without writing, so that nobody waits for room for ever.
      if (failure == null) {
        write(batch, isLast);
      }
      batch.clear();
      spare = batch;
    }
  }

  private void awaitWork() {
    long nanos = TimeUnit.MILLISECONDS.toNanos(FLUSH_MILLIS);
    try {
      while (queue.size() < BATCH && !isClosing && nanos > 0) {
        nanos = hasWork.awaitNanos(nanos);
      }
    } catch (InterruptedException _) {
      // Nobody has this thread to interrupt it; it means no more than that time is over.
    }
  }

  private void write(List<Line> batch, boolean isLast) {
    try {
      for (Line line : batch) {
        encoder.write(line);
        requests += line instanceof Invocation ? 1 : 0;
      }
      if (isLast) {
        encoder.footer(requests);
      }
      if (isLast || !batch.isEmpty()) {
        flush();
      }
    } catch (IOException e) {
      fail(e);
    } catch (JacksonException e) {
      fail(e.getCause() instanceof IOException cause ? cause : new IOException(e.getMessage(), e));
    }
  }

  private void flush() throws IOException {
    encoder.flush();
    out.flush();
  }

  private void fail(IOException e) {
    lock.lock();
    try {
      failure = e;
      hasRoom.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Writes what is left and the last line. Throws, each time, if anything could not be written. */
  @Override
  public void close() throws IOException {
    lock.lock();
    try {
      isClosing = true;
      hasWork.signal();
      hasRoom.signalAll();
    } finally {
      lock.unlock();
    }
    awaitWriter();
    try (file) {
      if (failure != null) {
        throw new IOException("the history could not be written", failure);
      }
      if (file.isOpen()) {
        file.force(false);
      }
    }
  }

  private void awaitWriter() {
    boolean wasInterrupted = false;
    while (writer.isAlive()) {
      try {
        writer.join();
      } catch (InterruptedException _) {
        wasInterrupted = true;
      }
    }
    if (wasInterrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
