package io.gamut.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.gamut.storage.journal.JournalCorruptException;
import io.gamut.storage.rocks.StoreCorruptException;
import io.gamut.storage.volume.DurableFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What was found to be wrong with a disk: bytes that were synced are not what was written.
 *
 * <p>It is noted in a file, since the next start might not come across it: the journal is read
 * whole then, but of a store only what is asked for. A disk that was seen to be damaged is not
 * trusted again because it reads well the next time.
 *
 * @param what was found, and where
 */
record Damage(String what) {
  private static final String FILE = "damaged";

  /** The damage that a failure speaks of, itself or by one of its causes. */
  static Optional<Damage> in(Throwable failure) {
    for (Throwable each = failure; each != null; each = each.getCause()) {
      if (each instanceof JournalCorruptException || each instanceof StoreCorruptException) {
        return Optional.of(new Damage(String.valueOf(each.getMessage())));
      }
    }
    return Optional.empty();
  }

  /** What was noted in a directory and has not been forgotten. */
  static Optional<Damage> noted(Path data) throws IOException {
    try {
      return Optional.of(new Damage(Files.readString(file(data), UTF_8).strip()));
    } catch (NoSuchFileException _) {
      return Optional.empty();
    }
  }

  /** The file that holds the note. */
  static Path file(Path data) {
    return data.resolve(FILE);
  }

  /** Notes it, durably; what was found first stays. */
  void note(Path data) throws IOException {
    if (!Files.exists(file(data))) {
      DurableFile.write(data, FILE, (what + "\n").getBytes(UTF_8));
    }
  }

  /** The disk with the damage is no longer in use. */
  static void forget(Path data) throws IOException {
    DurableFile.delete(data, FILE);
  }
}
