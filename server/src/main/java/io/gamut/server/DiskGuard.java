package io.gamut.server;

import io.gamut.storage.volume.DiskFaults;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks four times a second how much space there is on the disk, so that a server stops taking
 * writes while it can still say so, and goes on by itself once there is space again.
 *
 * <p>A journal or a store that meets a disk without space in the middle of something ends the
 * server; what was acknowledged is safe then too, but nobody is answered.
 */
final class DiskGuard implements AutoCloseable {
  private static final Logger LOGGER = LoggerFactory.getLogger(DiskGuard.class);
  private static final long PERIOD_MILLIS = 250;
  private static final long MEGABYTE = 1L << 20;

  /** Below this part of the reserve what others send is not taken either. */
  private static final int LAST_PART = 2;

  /** Writes are taken again with this many percent of the reserve: else it would go to and fro. */
  private static final int AGAIN_PERCENT = 110;

  private final Path data;
  private final long reserveBytes;
  private final FreeSpace free;
  private final Consumer<Space> listener;
  private final ScheduledExecutorService thread;
  private Space space = Space.AMPLE;

  /** What may be written. */
  enum Space {
    /** Everything. */
    AMPLE,
    /** What other servers send: they would have to send it later anyway. */
    SHORT,
    /** Nothing. */
    GONE
  }

  /** Says how many bytes can be written. */
  @FunctionalInterface
  interface FreeSpace {
    long bytes() throws IOException;
  }

  /**
   * Begins to look.
   *
   * @param reserveBytes below which clients' writes are refused; 0 to take them to the end
   * @param faults what is to be wrong with the disk
   * @param listener hears of each change, and of shortage as long as it lasts; on a thread of its
   *     own
   */
  static DiskGuard start(Path data, long reserveBytes, DiskFaults faults, Consumer<Space> listener)
      throws IOException {
    // Found once: finding it reads the table of all mounts.
    FileStore store = Files.getFileStore(data);
    FreeSpace free = () -> faults.isFull() ? 0 : store.getUsableSpace();
    DiskGuard guard = new DiskGuard(data, reserveBytes, free, listener);
    if (reserveBytes > 0) {
      var _ =
          guard.thread.scheduleWithFixedDelay(guard::look, 0, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
    }
    return guard;
  }

  DiskGuard(Path data, long reserveBytes, FreeSpace free, Consumer<Space> listener) {
    this.data = data;
    this.reserveBytes = reserveBytes;
    this.free = free;
    this.listener = listener;
    thread =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("gamut-disk-guard").factory());
  }

  void look() {
    long bytes;
    try {
      bytes = free.bytes();
    } catch (IOException e) {
      LOGGER.warn("Cannot tell how much space there is in {}: {}", data, e.getMessage());
      return;
    }
    Space now = judge(bytes);
    if (now != space) {
      tell(now, bytes);
    }
    if (now != space || now != Space.AMPLE) {
      space = now;
      listener.accept(now);
    }
  }

  /** Looks at once; done when the listener has heard. */
  CompletableFuture<Void> lookNow() {
    return CompletableFuture.runAsync(this::look, thread);
  }

  private Space judge(long bytes) {
    if (bytes < reserveBytes / LAST_PART) {
      return Space.GONE;
    }
    long enough = space == Space.AMPLE ? reserveBytes : reserveBytes / 100 * AGAIN_PERCENT;
    return bytes < enough ? Space.SHORT : Space.AMPLE;
  }

  private void tell(Space now, long bytes) {
    switch (now) {
      case AMPLE -> LOGGER.info("There is space in {} again, and writes are taken", data);
      case SHORT ->
          LOGGER.error(
              "Only {} MB are free in {}, less than the reserve of {} MB: no writes are taken from"
                  + " clients until there is more",
              bytes / MEGABYTE,
              data,
              reserveBytes / MEGABYTE);
      case GONE ->
          LOGGER.error(
              "Only {} MB are free in {}: nothing is taken, from other servers either, until there"
                  + " is more",
              bytes / MEGABYTE,
              data);
    }
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
