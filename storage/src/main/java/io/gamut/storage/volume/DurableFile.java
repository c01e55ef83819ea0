package io.gamut.storage.volume;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** Small files that a crash leaves as they were, or as they were to become: nothing in between. */
public final class DurableFile {
  private DurableFile() {}

  /** Writes a file or replaces it; durable with its name when this returns. */
  public static void write(Path directory, String name, byte[] content) throws IOException {
    Path draft = directory.resolve(name + ".new");
    Files.write(draft, content);
    sync(draft, StandardOpenOption.WRITE);
    Files.move(draft, directory.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    syncDirectory(directory);
  }

  /** Deletes a file, if it is there; durable when this returns. */
  public static void delete(Path directory, String name) throws IOException {
    if (Files.deleteIfExists(directory.resolve(name))) {
      syncDirectory(directory);
    }
  }

  /** Makes durable what a file holds. */
  public static void syncFile(Path file) throws IOException {
    sync(file, StandardOpenOption.WRITE);
  }

  /** Makes durable which files a directory holds. */
  public static void syncDirectory(Path directory) throws IOException {
    sync(directory, StandardOpenOption.READ);
  }

  private static void sync(Path path, StandardOpenOption mode) throws IOException {
    try (FileChannel channel = FileChannel.open(path, mode)) {
      channel.force(true);
    }
  }
}
