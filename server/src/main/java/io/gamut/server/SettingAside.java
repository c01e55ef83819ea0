package io.gamut.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.gamut.storage.volume.DurableFile;
import io.gamut.storage.volume.Volume;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Moves all that a damaged disk holds into a directory beside it, {@code corrupt-} and the time,
 * and makes the server somebody else, with an empty disk. Nothing is deleted.
 *
 * <p><b>After a crash at any point</b> the next start finds the same server as before, or goes on
 * where it was cut off:
 *
 * <ol>
 *   <li>The mark, a file that names the directory, is durable before anything else changes. While
 *       it is there no start opens the journal or a store: it first comes here. So what is left of
 *       a half moved disk is never taken for a whole one.
 *   <li>The old identity is copied into the directory, once, while it still is the server's.
 *   <li>Everything is moved, piece by piece, each at one moment. A piece that is not found any more
 *       was moved before: since the mark is there, nobody has made a new one in its place.
 *   <li>When all that is durable, the new identity takes the place of the old one.
 *   <li>The note of the damage goes, and the mark last.
 * </ol>
 *
 * A crash behind the fourth step lets the next start draw another new identity. Nobody has met the
 * first one: the server has not run as it.
 *
 * <p>The journal's directory stays, and only what is in it is moved: it holds the lock that keeps
 * another process away meanwhile.
 */
final class SettingAside {
  /** A disk that was damaged so often should be replaced. */
  static final int DIRECTORIES_MAX = 3;

  private static final String MARK = "setting-aside";
  private static final String PREFIX = "corrupt-";
  private static final String JOURNAL = "journal";
  private static final String STORY = "damage.txt";
  private static final Pattern MOVED =
      Pattern.compile(
          "store|committed(?:-\\d+)?|committed\\.current(?:\\.new)?|outgoing-\\d+|running");
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

  private final Path data;
  private final Path target;
  private final Damage damage;
  private final Steps steps;

  /** Is told of each change of the disk before it is made; may throw, as a crash would. */
  @FunctionalInterface
  interface Steps {
    Steps UNWATCHED = _ -> {};

    void before(String change) throws IOException;
  }

  private SettingAside(Path data, String name, Damage damage, Steps steps) {
    this.data = data;
    this.target = data.resolve(name);
    this.damage = damage;
    this.steps = steps;
  }

  /**
   * Throws an {@link IOException} that says what to do when too much was set aside here already.
   */
  static void requireRoom(Path data) throws IOException {
    List<Path> before = setAside(data);
    if (before.size() >= DIRECTORIES_MAX) {
      throw new IOException(
          "%s is damaged again, after what was set aside in %s. No more than %d are made: replace the disk, or, if it is sound, move these directories elsewhere"
              .formatted(data, before, DIRECTORIES_MAX));
    }
  }

  private static List<Path> setAside(Path data) throws IOException {
    try (Stream<Path> files = Files.list(data)) {
      return files
          .filter(file -> file.getFileName().toString().startsWith(PREFIX))
          .sorted()
          .toList();
    }
  }

  /** Begins; from now on it is finished, now or by a later start. */
  static SettingAside begin(Path data, Damage damage, Instant now, Steps steps) throws IOException {
    String name = PREFIX + TIME.format(now);
    for (int i = 2; Files.exists(data.resolve(name)); i++) {
      name = PREFIX + TIME.format(now) + "-" + i;
    }
    steps.before("write the mark");
    DurableFile.write(data, MARK, (name + "\n" + damage.what() + "\n").getBytes(UTF_8));
    return new SettingAside(data, name, damage, steps);
  }

  /** One that was begun here and has not been finished. */
  static Optional<SettingAside> found(Path data, Steps steps) throws IOException {
    List<String> lines;
    try {
      lines = Files.readAllLines(data.resolve(MARK), UTF_8);
    } catch (NoSuchFileException _) {
      return Optional.empty();
    }
    if (lines.size() < 2 || !lines.getFirst().startsWith(PREFIX)) {
      throw new IOException(
          "cannot read %s: it does not name a directory. What was being moved into the newest %s* must be moved by hand, and this file be deleted"
              .formatted(data.resolve(MARK), PREFIX));
    }
    Damage damage = new Damage(String.join("\n", lines.subList(1, lines.size())));
    return Optional.of(new SettingAside(data, lines.getFirst(), damage, steps));
  }

  /** Where everything goes. */
  Path directory() {
    return target;
  }

  Damage damage() {
    return damage;
  }

  /**
   * Does what is left to do.
   *
   * @param journal the directory of that name, whose lock this process holds
   * @return who the server is from now on
   */
  Identity finish(Volume journal, SecureRandom random) throws IOException {
    Identity old = keepIdentity();
    for (String segment : journal.list()) {
      move(Path.of(JOURNAL, segment));
    }
    for (Path piece : pieces()) {
      move(data.relativize(piece));
    }
    DurableFile.syncDirectory(target.resolve(JOURNAL));
    DurableFile.syncDirectory(target);
    journal.syncDirectory();
    DurableFile.syncDirectory(data);
    Identity another = Identity.joining(old.node(), old.cluster(), old.secret(), random);
    steps.before("take another identity");
    another.save(data);
    steps.before("forget the damage");
    Damage.forget(data);
    steps.before("delete the mark");
    DurableFile.delete(data, MARK);
    return another;
  }

  private Identity keepIdentity() throws IOException {
    steps.before("make the directory");
    Files.createDirectories(target.resolve(JOURNAL));
    DurableFile.syncDirectory(data);
    Optional<Identity> kept = Identity.load(target);
    if (kept.isPresent()) {
      return kept.get();
    }
    steps.before("say what is damaged");
    DurableFile.write(target, STORY, (damage.what() + "\n").getBytes(UTF_8));
    Identity own =
        Identity.load(data)
            .orElseThrow(() -> new IOException("there is no identity in " + data + " any more"));
    steps.before("keep the identity");
    own.save(target);
    return own;
  }

  private List<Path> pieces() throws IOException {
    try (Stream<Path> files = Files.list(data)) {
      return files
          .filter(file -> MOVED.matcher(file.getFileName().toString()).matches())
          .sorted()
          .toList();
    }
  }

  private void move(Path piece) throws IOException {
    steps.before("move " + piece);
    Files.move(data.resolve(piece), target.resolve(piece), StandardCopyOption.ATOMIC_MOVE);
  }
}
