package io.gamut.server;

import io.gamut.storage.journal.Durability;
import io.gamut.storage.volume.DurableFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A file that stands in the data directory while a node runs on it: found at a start, it tells that
 * the last run did not end in order, and under which durability it ran.
 */
final class RunningMark {
  private static final String FILE = "running";

  private final Path directory;
  private final boolean trustDisk;

  private RunningMark(Path directory, boolean trustDisk) {
    this.directory = directory;
    this.trustDisk = trustDisk;
  }

  /**
   * Notes that a run begins. After a run whose last answers may be lost the mark stays that of the
   * weaker run until one ends in order: this one may be cut off before it has drawn a new origin.
   */
  static RunningMark begin(Path directory, Durability durability) throws IOException {
    Path file = directory.resolve(FILE);
    boolean trustDisk =
        !Files.exists(file) || Files.readString(file).strip().equals(Durability.FSYNC.toString());
    if (trustDisk) {
      Files.writeString(file, durability.toString());
    }
    DurableFile.syncFile(file);
    DurableFile.syncDirectory(directory);
    return new RunningMark(directory, trustDisk);
  }

  /** Whether all that was answered in the last run is surely on the disk. */
  boolean trustDisk() {
    return trustDisk;
  }

  /** Notes that everything is on the disk and the run ends in order. */
  void end() throws IOException {
    DurableFile.delete(directory, FILE);
  }
}
