package io.gamut.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gamut.core.NodeId;
import io.gamut.server.SettingAside.Steps;
import io.gamut.storage.volume.DirectoryVolume;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A damaged disk is moved aside whole, wherever a crash cuts that off, and nothing is deleted. */
final class SettingAsideTest {
  private static final Damage DAMAGE = new Damage("segment 1 is damaged\nat position 7");
  private static final Instant NOW = Instant.parse("2026-02-03T04:05:06Z");
  private static final String DIRECTORY = "corrupt-20260203T040506Z";
  private static final List<String> PIECES =
      List.of(
          "journal/0000.segment",
          "journal/0001.segment",
          "store/CURRENT",
          "store/native/library.so",
          "committed-3/CURRENT",
          "committed.current",
          "outgoing-1/CURRENT",
          "running");

  @TempDir private Path root = Path.of("");

  private final SecureRandom random = new SecureRandom();

  /** A disk with all that a server may leave, and two files that are not its own. */
  private Path disk(String name) throws IOException {
    Path data = root.resolve(name);
    for (String piece : PIECES) {
      Files.createDirectories(data.resolve(piece).getParent());
      Files.writeString(data.resolve(piece), "what is in " + piece);
    }
    Files.writeString(data.resolve("members"), "who the others are");
    Files.writeString(data.resolve("notes"), "the operator's");
    Identity.bootstrap(new NodeId(2), random).save(data);
    DAMAGE.note(data);
    return data;
  }

  private static Map<String, String> files(Path directory) throws IOException {
    Map<String, String> files = new TreeMap<>();
    try (Stream<Path> found = Files.walk(directory)) {
      for (Path file : found.filter(Files::isRegularFile).toList()) {
        if (!file.getFileName().toString().equals(".lock")) {
          files.put(directory.relativize(file).toString(), Files.readString(file));
        }
      }
    }
    return files;
  }

  private Identity setAside(Path data, Steps steps) throws IOException {
    try (DirectoryVolume journal = DirectoryVolume.open(data.resolve("journal"))) {
      return SettingAside.begin(data, DAMAGE, NOW, steps).finish(journal, random);
    }
  }

  private Optional<Identity> resume(Path data, Steps steps) throws IOException {
    try (DirectoryVolume journal = DirectoryVolume.open(data.resolve("journal"))) {
      Optional<SettingAside> begun = SettingAside.found(data, steps);
      return begun.isEmpty() ? Optional.empty() : Optional.of(begun.get().finish(journal, random));
    }
  }

  /** All is there that was there, the server is another, and nothing is left to do. */
  private static void requireAside(Path data, Map<String, String> before) throws IOException {
    Map<String, String> aside = files(data.resolve(DIRECTORY));
    assertThat(aside.remove("damage.txt")).isEqualTo(DAMAGE.what() + "\n");
    assertThat(aside).containsOnlyKeys(keys("identity.properties"));
    assertThat(before).containsAllEntriesOf(aside);

    Map<String, String> left = files(data);
    left.keySet().removeIf(name -> name.startsWith(DIRECTORY));
    assertThat(left).containsOnlyKeys("identity.properties", "members", "notes");
    Identity old = Identity.load(data.resolve(DIRECTORY)).orElseThrow();
    Identity now = Identity.load(data).orElseThrow();
    assertThat(now.cluster()).isEqualTo(old.cluster());
    assertThat(now.secret()).isEqualTo(old.secret());
    assertThat(now.node()).isEqualTo(old.node());
    assertThat(now.incarnation()).isNotEqualTo(old.incarnation());
    assertThat(now.journal()).isNotEqualTo(old.journal());
    assertThat(old.bootstraps()).isTrue();
    assertThat(now.bootstraps()).isFalse();
  }

  private static List<String> keys(String more) {
    List<String> keys = new ArrayList<>(PIECES);
    keys.add(more);
    return keys;
  }

  @Test
  void everythingIsMovedAndNothingOfOthers() throws IOException {
    Path data = disk("whole");
    Map<String, String> before = files(data);
    setAside(data, Steps.UNWATCHED);
    requireAside(data, before);
    assertThat(resume(data, Steps.UNWATCHED)).isEmpty();
  }

  /** Is killed before a change of the disk. */
  private static final class Crashing implements Steps {
    private int left;

    Crashing(int left) {
      this.left = left;
    }

    @Override
    public void before(String change) throws IOException {
      if (left-- == 0) {
        throw new IOException("killed before it could " + change);
      }
    }
  }

  @Test
  void aCrashBeforeAnyChangeLeavesTheOldDiskOrOneThatTheNextStartFinishes() throws IOException {
    int cut = 0;
    while (isCutOffAt(cut)) {
      cut++;
    }
    assertThat(cut).isGreaterThan(PIECES.size());
  }

  private boolean isCutOffAt(int cut) throws IOException {
    Path data = disk("cut-" + cut);
    Map<String, String> before = files(data);
    try {
      setAside(data, new Crashing(cut));
      return false;
    } catch (IOException e) {
      assertThat(e).hasMessageStartingWith("killed before");
    }
    boolean hasBegun = SettingAside.found(data, Steps.UNWATCHED).isPresent();
    assertThat(hasBegun).as("the mark is there after cut %s", cut).isEqualTo(cut > 0);
    if (!hasBegun) {
      assertThat(files(data)).isEqualTo(before);
      return true;
    }
    for (int again = 0; !isResumed(data, again); again++) {
      // Killed again while it goes on, ever later.
    }
    requireAside(data, before);
    return true;
  }

  private boolean isResumed(Path data, int cut) throws IOException {
    try {
      resume(data, new Crashing(cut));
      return true;
    } catch (IOException e) {
      assertThat(e).hasMessageStartingWith("killed before");
      return false;
    }
  }

  @Test
  void aSecondOneInTheSameSecondGoesElsewhere() throws IOException {
    Path data = disk("twice");
    setAside(data, Steps.UNWATCHED);
    Files.writeString(data.resolve("running"), "again");
    setAside(data, Steps.UNWATCHED);
    assertThat(data.resolve(DIRECTORY + "-2").resolve("running")).hasContent("again");
  }

  @Test
  void aMarkThatCannotBeReadIsNotPassedOver() throws IOException {
    Path data = disk("unreadable");
    Files.write(data.resolve("setting-aside"), "?".getBytes(UTF_8));
    assertThatThrownBy(() -> SettingAside.found(data, Steps.UNWATCHED))
        .hasMessageContaining("cannot read " + data.resolve("setting-aside"));
  }
}
