package io.gamut.storage.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the kernel is really asked to do, where strace is there to tell. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
final class SystemCallsTest {
  private static final int RECORDS = 20;

  @TempDir Path root;

  @Test
  void eachAcknowledgementComesAfterAnFdatasyncThatCameAfterItsWrite() throws Exception {
    Path trace = root.resolve("trace");
    List<String> strace =
        List.of("strace", "-f", "-e", "trace=pwrite64,fdatasync,write", "-o", trace.toString());
    assumeTrue(canRun(List.of("strace", "-o", "/dev/null", "true")), "strace does not work here");
    Path directory = Files.createDirectories(root.resolve("volume"));
    Process process = AppendingProcess.start(strace, directory, 1, RECORDS);
    process.inputReader().lines().forEach(_ -> {});
    assertThat(process.waitFor()).as(Files.readString(root.resolve("child.err"))).isZero();
    assertThat(acknowledgedInOrder(Files.readAllLines(trace))).isEqualTo(RECORDS);
  }

  private static boolean canRun(List<String> command) throws InterruptedException {
    try {
      return new ProcessBuilder(command).start().waitFor() == 0;
    } catch (IOException e) {
      return false;
    }
  }

  /** Counts acknowledgements, and checks that a write and then a whole fdatasync precede each. */
  private static int acknowledgedInOrder(List<String> calls) {
    int acknowledged = 0;
    boolean written = false;
    boolean synced = false;
    for (String call : calls) {
      if (call.contains("pwrite64(")) {
        written = true;
        synced = false;
      } else if (call.contains("fdatasync") && call.contains("= 0")) {
        synced = written;
      } else if (call.contains("\"acknowledged ")) {
        assertThat(synced).as("before %s in %s", call, calls).isTrue();
        acknowledged++;
        written = false;
        synced = false;
      }
    }
    return acknowledged;
  }
}
