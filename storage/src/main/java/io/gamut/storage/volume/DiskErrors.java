package io.gamut.storage.volume;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;

/** Turns what the operating system says into what an operator can act on. */
final class DiskErrors {
  /** Less free space than this, and a failed write is laid at the door of a full disk. */
  private static final long FULL_BELOW_BYTES = 64 * 1024;

  private DiskErrors() {}

  /** The same failure with what was tried, the path and what to do; a full disk as its own type. */
  static IOException explained(String tried, Path path, IOException cause) {
    String what = tried + " " + path + ": ";
    return switch (cause) {
      case NoSuchFileException _ -> missing(what, path, cause);
      case FileAlreadyExistsException _ -> taken(what, path, cause);
      case AccessDeniedException _ ->
          new IOException(what + "permission denied. Give this user the right to it.", cause);
      case ClosedByInterruptException _ ->
          new IOException(
              what + "its thread was interrupted, which closes the file. Restart the node.", cause);
      default -> isFull(path, cause) ? full(what, path, cause) : other(what, cause);
    };
  }

  private static IOException missing(String what, Path path, IOException cause) {
    NoSuchFileException e =
        new NoSuchFileException(path.toString(), null, what + "there is no such file");
    e.initCause(cause);
    return e;
  }

  private static IOException taken(String what, Path path, IOException cause) {
    FileAlreadyExistsException e =
        new FileAlreadyExistsException(path.toString(), null, what + "the name is taken");
    e.initCause(cause);
    return e;
  }

  private static IOException full(String what, Path path, IOException cause) {
    return new VolumeFullException(
        what + "the disk is full. Free some space on it, or enlarge it; " + free(path), cause);
  }

  private static IOException other(String what, IOException cause) {
    return new IOException(
        what
            + cause.getMessage()
            + ". Look at the kernel's log and at the health of the disk before a restart.",
        cause);
  }

  /** Java has no type for ENOSPC and EDQUOT: their texts, in C's locale, or else the free space. */
  private static boolean isFull(Path path, IOException cause) {
    String text = String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT);
    return text.contains("no space left")
        || text.contains("quota exceeded")
        || usableBytes(path) < FULL_BELOW_BYTES;
  }

  private static String free(Path path) {
    return usableBytes(path) + " bytes are free there.";
  }

  private static long usableBytes(Path path) {
    try {
      Path existing = path;
      while (!Files.exists(existing) && existing.getParent() != null) {
        existing = existing.getParent();
      }
      return Files.getFileStore(existing).getUsableSpace();
    } catch (IOException e) {
      return Long.MAX_VALUE;
    }
  }
}
