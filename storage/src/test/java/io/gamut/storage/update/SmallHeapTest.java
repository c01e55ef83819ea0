package io.gamut.storage.update;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A store is for more than memory holds, on the heap and off it. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
final class SmallHeapTest {
  private static final int HEAP_MEGABYTES = 96;

  /** Heap, write buffers and block cache, and as much again for the virtual machine itself. */
  private static final long RESIDENT_KILOBYTES_MAX = 400_000;

  @TempDir Path root;

  @Test
  void twoHundredMegabytesGoThroughAHeapOfLessThanHalf() throws Exception {
    Process process = FillingProcess.start(root.resolve("store"), HEAP_MEGABYTES);
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    Matcher peak = Pattern.compile("VmHWM:\\s*(\\d+) kB").matcher(said);
    if (peak.find()) {
      assertThat(Long.parseLong(peak.group(1))).isLessThan(RESIDENT_KILOBYTES_MAX);
    }
  }
}
