package io.gamut.storage.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.gamut.storage.volume.DirectoryVolume;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A real process, killed with -9 at random moments: what it had acknowledged is there. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
final class KilledProcessTest {
  private static final int ROUNDS = 10;
  private static final int ENDLESS = 1_000_000;

  @TempDir Path root;

  @Test
  void whatAKilledProcessHadAcknowledgedIsThereInOrderAndByteForByte() throws Exception {
    long seed = System.nanoTime();
    SplittableRandom random = new SplittableRandom(seed);
    for (int round = 0; round < ROUNDS; round++) {
      String what = "seed " + seed + ", round " + round;
      int inFlight = 1 + random.nextInt(32);
      Process process = AppendingProcess.start(List.of(), directory(), inFlight, ENDLESS);
      long acknowledged = killAfter(process, random.nextInt(300));
      assertThat(replayVerified(what))
          .as("%s: %s", what, Files.readString(root.resolve("child.err")))
          .isGreaterThanOrEqualTo(acknowledged);
    }
  }

  private Path directory() throws IOException {
    return Files.createDirectories(root.resolve("volume"));
  }

  /** Kills the process after some lines; returns the last number it printed before it died. */
  private static long killAfter(Process process, int lines) throws Exception {
    long acknowledged = 0;
    try (BufferedReader reader = process.inputReader()) {
      for (int i = 0; i <= lines; i++) {
        acknowledged = Math.max(acknowledged, numberIn(reader.readLine()));
      }
      process.toHandle().destroyForcibly(); // leaves the pipe open, with what is still in it
      String line;
      while ((line = reader.readLine()) != null) {
        acknowledged = Math.max(acknowledged, numberIn(line));
      }
    }
    process.waitFor();
    return acknowledged;
  }

  /** The last line may have been cut short by the kill; a number cut short is only smaller. */
  private static long numberIn(String line) {
    String prefix = "acknowledged ";
    return line != null && line.length() > prefix.length() && line.startsWith(prefix)
        ? Long.parseLong(line, prefix.length(), line.length(), 10)
        : 0;
  }

  /** Checks every record, and returns the number of the last. */
  private long replayVerified(String what) throws IOException {
    long[] last = {0};
    try (DirectoryVolume volume = DirectoryVolume.open(directory())) {
      AppendingProcess.open(
              volume,
              (_, _, body) -> {
                last[0]++;
                assertThat(body)
                    .as("%s: record %s", what, last[0])
                    .isEqualTo(ByteBuffer.wrap(AppendingProcess.body(last[0])));
              })
          .close();
    }
    return last[0];
  }
}
