package io.gamut.server.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** After a crash at any moment one complete state is in use, and nothing is left of others. */
final class CommittedPlaceTest {
  @TempDir private Path data;

  private Path filled(Path directory) throws IOException {
    Files.createDirectory(directory);
    Files.writeString(Files.createDirectory(directory.resolve("native")).resolve("lib"), "x");
    return directory;
  }

  private Stream<String> names() throws IOException {
    try (Stream<Path> files = Files.list(data)) {
      return files.map(file -> file.getFileName().toString()).toList().stream();
    }
  }

  @Test
  void aNewNodeBeginsWithTheFirstDirectory() throws IOException {
    CommittedPlace place = CommittedPlace.open(data);
    assertThat(place.inUse()).isEqualTo(data.resolve("committed"));
    assertThat(names()).isEmpty();
  }

  @Test
  void anotherDirectoryIsUsedFromTheMomentThatItIsNamed() throws IOException {
    filled(data.resolve("committed"));
    CommittedPlace place = CommittedPlace.open(data);
    Path next = filled(place.next());
    assertThat(place.inUse()).isEqualTo(data.resolve("committed"));
    place.use(next);
    assertThat(place.inUse()).isEqualTo(next);
    CommittedPlace again = CommittedPlace.open(data);
    assertThat(again.inUse()).isEqualTo(next);
    assertThat(again.next()).isNotEqualTo(next);
    assertThat(names()).containsExactlyInAnyOrder("committed-1", "committed.current");
  }

  @Test
  void theFormerDirectoryCanBeNamedAgain() throws IOException {
    Path first = filled(data.resolve("committed"));
    CommittedPlace place = CommittedPlace.open(data);
    place.use(filled(place.next()));
    place.use(first);
    assertThat(CommittedPlace.open(data).inUse()).isEqualTo(first);
    assertThat(names()).containsExactlyInAnyOrder("committed", "committed.current");
  }

  @Test
  void whatIsLeftOverIsDeletedAndNothingElse() throws IOException {
    CommittedPlace place = CommittedPlace.open(data);
    filled(data.resolve("committed"));
    filled(place.next());
    filled(place.next());
    filled(place.copy(1));
    filled(data.resolve("store"));
    Files.writeString(data.resolve("committed.current.new"), "1 comm");
    CommittedPlace.open(data);
    assertThat(names()).containsExactlyInAnyOrder("committed", "store");
    assertThat(data.resolve("committed").resolve("native").resolve("lib")).exists();
  }

  @Test
  void aNameThatCannotBeReadOrFoundIsAnErrorAndDeletesNothing() throws IOException {
    filled(data.resolve("committed"));
    for (String text : new String[] {"", "1", "2 committed", "1 ../committed", "1 committed-7"}) {
      Files.writeString(data.resolve("committed.current"), text);
      assertThatThrownBy(() -> CommittedPlace.open(data))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("committed.current");
      assertThat(data.resolve("committed")).exists();
    }
  }
}
