package io.gamut.storage.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Without faults it is as the volume under it. */
final class FaultyVolumeTest extends VolumeContract {
  private static final int SLOW_MILLIS = 50;

  @TempDir Path root;
  private final DiskFaults faults = new DiskFaults();
  private FaultyVolume volume;

  @BeforeEach
  void open() throws IOException {
    volume = new FaultyVolume(DirectoryVolume.open(root.resolve("volume")), faults);
  }

  @AfterEach
  void close() throws IOException {
    volume.close();
  }

  @Override
  Volume volume() {
    return volume;
  }

  /** A step that may fail as disks do. */
  private interface Step {
    void run() throws IOException;
  }

  private static long millisOf(Step step) throws IOException {
    long begun = System.nanoTime();
    step.run();
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
  }

  private static ByteBuffer x() {
    return ByteBuffer.wrap("x".getBytes(StandardCharsets.US_ASCII));
  }

  @Test
  void everySyncTakesAtLeastSoLong() throws IOException {
    try (VolumeFile file = volume.create("a", 10)) {
      faults.setSlowMillis(SLOW_MILLIS);
      assertThat(millisOf(file::sync)).isGreaterThanOrEqualTo(SLOW_MILLIS);
      assertThat(millisOf(volume::syncDirectory)).isGreaterThanOrEqualTo(SLOW_MILLIS);
    }
  }

  @Test
  void aSyncThatOthersDoCountsLater() {
    CompletableFuture<Void> done = CompletableFuture.completedFuture(null);
    assertThat(faults.slowed(done)).isSameAs(done);
    faults.setSlowMillis(SLOW_MILLIS);
    long begun = System.nanoTime();
    faults.slowed(done).join();
    assertThat(System.nanoTime() - begun)
        .isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(SLOW_MILLIS));
    CompletableFuture<Void> failed = CompletableFuture.failedFuture(new IOException("broken"));
    assertThat(faults.slowed(failed)).isCompletedExceptionally();
  }

  @Test
  void oneWriteFindsNoSpaceAndTheNextDoes() throws IOException {
    try (VolumeFile file = volume.create("a", 10)) {
      faults.setFailsNext(true);
      assertThatThrownBy(() -> file.write(0, x()))
          .isInstanceOf(VolumeFullException.class)
          .hasMessageContaining("could not write to a: No space left on device");
      assertThat(faults.failsNext()).isFalse();
      file.write(0, x());
      faults.setFailsNext(true);
      assertThatThrownBy(() -> file.write(0, x(), x())).isInstanceOf(VolumeFullException.class);
      faults.setFailsNext(true);
      assertThatThrownBy(() -> volume.create("b", 10)).isInstanceOf(VolumeFullException.class);
      assertThat(volume.list()).containsExactly("a");
    }
  }

  @Test
  void whatIsEndedIsWrongNoMore() throws IOException {
    faults.setSlowMillis(60_000);
    faults.setFull(true);
    faults.setFailsNext(true);
    faults.end();
    assertThat(faults.slowMillis()).isZero();
    assertThat(faults.isFull()).isFalse();
    try (VolumeFile file = volume.create("a", 10)) {
      assertThat(millisOf(file::sync)).isLessThan(60_000);
    }
  }
}
