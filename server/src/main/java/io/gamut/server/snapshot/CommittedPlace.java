package io.gamut.server.snapshot;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.gamut.storage.volume.DurableFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Which directory of a node's data holds its committed state.
 *
 * <p>The first one is called {@code committed}. Each snapshot from elsewhere comes in a directory
 * of its own beside it, with a number that no other has, and is there to stay: what is renamed is
 * only a small file that names the directory in use. So the state changes from one to the other at
 * one moment, and a crash leaves either, complete: what the file names was synced before.
 *
 * <p>All directories but that one are left over from something that was not finished, and are
 * deleted at the start: state that was replaced, snapshots that did not come whole, and copies that
 * were made to be sent.
 *
 * <p>Thread rules: {@link #next} and {@link #copy} on the replica's thread; {@link #inUse} and
 * {@link #use}, which wait for the disk, on one thread at a time.
 */
public final class CommittedPlace {
  private static final String FIRST = "committed";
  private static final String FILE = "committed.current";
  private static final String DRAFT = FILE + ".new";
  private static final String FORMAT = "1";
  private static final Pattern DIRECTORY = Pattern.compile("committed(?:-(\\d{1,18}))?");
  private static final Pattern COPY = Pattern.compile("outgoing-\\d+");

  private final Path data;
  private long lastNumber;

  private CommittedPlace(Path data) throws IOException {
    this.data = data;
    String inUse = read();
    Matcher name = DIRECTORY.matcher(inUse);
    lastNumber = name.matches() && name.group(1) != null ? Long.parseLong(name.group(1)) : 0;
    deleteAllBut(inUse);
  }

  /**
   * Finds the directory in use, and deletes what was left over.
   *
   * @param data the node's, which nobody else uses meanwhile
   * @throws IOException also if the directory that should be in use is not there
   */
  public static CommittedPlace open(Path data) throws IOException {
    return new CommittedPlace(data);
  }

  private void deleteAllBut(String inUse) throws IOException {
    List<Path> found;
    try (Stream<Path> files = Files.list(data)) {
      found = files.toList();
    }
    for (Path each : found) {
      String name = each.getFileName().toString();
      boolean isOurs = DIRECTORY.matcher(name).matches() || COPY.matcher(name).matches();
      if (isOurs && !name.equals(inUse)) {
        Directories.delete(each);
      }
    }
    Files.deleteIfExists(data.resolve(DRAFT));
  }

  private String read() throws IOException {
    Path file = data.resolve(FILE);
    String text;
    try {
      text = Files.readString(file, UTF_8);
    } catch (NoSuchFileException _) {
      return FIRST;
    }
    String[] words = text.strip().split(" ", -1);
    if (words.length != 2 || !words[0].equals(FORMAT) || !DIRECTORY.matcher(words[1]).matches()) {
      throw new IOException("cannot read %s: it says '%s'".formatted(file, text.strip()));
    }
    if (!Files.isDirectory(data.resolve(words[1]))) {
      throw new IOException(
          "%s names the directory %s, which is not there: put it back, or start with an empty %s"
              .formatted(file, words[1], data));
    }
    return words[1];
  }

  /** The directory in use, by what the disk says. */
  public Path inUse() throws IOException {
    return data.resolve(read());
  }

  /** A directory for another state; it is not there yet. */
  Path next() {
    return data.resolve(FIRST + "-" + ++lastNumber);
  }

  /** A directory for a copy of the state in use; it is not there yet. */
  Path copy(long number) {
    return data.resolve("outgoing-" + number);
  }

  /**
   * Puts a directory to use. All that is in it is synced; when this returns, that it is in use is
   * durable too. If this throws, {@link #inUse} says whether anything has changed.
   */
  void use(Path directory) throws IOException {
    DurableFile.syncDirectory(data);
    DurableFile.write(data, FILE, (FORMAT + " " + directory.getFileName() + "\n").getBytes(UTF_8));
  }
}
