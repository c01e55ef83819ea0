package io.gamut.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.gamut.storage.journal.JournalCorruptException;
import io.gamut.storage.rocks.StoreCorruptException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Damage is told from other failures, however deep it lies, and is not forgotten. */
final class DamageTest {
  @TempDir private Path directory = Path.of("");

  @Test
  void itIsFoundUnderWhatWasTried() {
    JournalCorruptException hole = new JournalCorruptException("0.journal", 7, 9, "a hole");
    UncheckedIOException read = new UncheckedIOException("could not read entry 5", hole);
    assertThat(Damage.in(read).orElseThrow().what()).contains("0.journal at position 7: a hole");
    StoreCorruptException block = new StoreCorruptException("a block", null);
    CompletionException flushed = new CompletionException(new UncheckedIOException(block));
    assertThat(Damage.in(flushed)).contains(new Damage("a block"));
  }

  @Test
  void aFullDiskOrABugIsNone() {
    assertThat(Damage.in(new UncheckedIOException(new IOException("no space left")))).isEmpty();
    assertThat(Damage.in(new IllegalStateException("a bug"))).isEmpty();
  }

  @Test
  void whatWasFoundFirstIsNotedUntilItIsForgotten() throws IOException {
    assertThat(Damage.noted(directory)).isEmpty();
    new Damage("first").note(directory);
    new Damage("second").note(directory);
    assertThat(Damage.noted(directory)).contains(new Damage("first"));
    Damage.forget(directory);
    assertThat(Damage.noted(directory)).isEqualTo(Optional.empty());
  }
}
