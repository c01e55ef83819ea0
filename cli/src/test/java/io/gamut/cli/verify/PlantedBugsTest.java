package io.gamut.cli.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.gamut.cli.verify.PlantedBug.Judged;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * {@code gamut verify} bites: bugs that are planted into real servers are caught, and named by the
 * promise that they break. One in every build, all of them among the slow tests; {@code
 * -Dgamut.bug=WORDS} chooses those whose titles contain the words.
 */
final class PlantedBugsTest {
  private static final String CHOSEN = System.getProperty("gamut.bug", "");

  @TempDir private Path directory = Path.of("");

  static Stream<PlantedBug> bugs() {
    return PlantedBugs.all().filter(bug -> bug.title().contains(CHOSEN));
  }

  @Test
  void aBugIsCaught() throws IOException, InterruptedException {
    requireCaught(PlantedBugs.QUICK);
  }

  /** Fails as soon as the code has changed where a bug is to be, not months later. */
  @Test
  void allBugsFitTheCode() throws IOException {
    for (PlantedBug bug : PlantedBugs.all().toList()) {
      assertThat(bug.mutated()).isNotEmpty();
    }
  }

  @Tag("slow")
  @ParameterizedTest
  @MethodSource("bugs")
  void everyBugIsCaught(PlantedBug bug) throws IOException, InterruptedException {
    requireCaught(bug);
  }

  private void requireCaught(PlantedBug bug) throws IOException, InterruptedException {
    Judged judged = bug.judge(directory);
    assertThat(judged.status()).as(judged.words()).isEqualTo(Judgement.EXIT_VIOLATED);
    assertThat(judged.broken()).as(judged.words()).containsAnyElementsOf(bug.promises());
    System.out.printf("%s: %s, %d s%n", bug, judged.broken(), judged.seconds());
  }
}
