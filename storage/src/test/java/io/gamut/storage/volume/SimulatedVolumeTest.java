package io.gamut.storage.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** That the simulated disk is as bad as the contract allows, and no worse. */
final class SimulatedVolumeTest extends VolumeContract {
  private static final int SECTOR = Volume.SECTOR_BYTES;
  private final SimulatedVolume volume = SimulatedVolume.seeded(1);

  @Override
  Volume volume() {
    return volume;
  }

  private VolumeFile synced(int sectors) throws IOException {
    VolumeFile file = volume.create("a", (long) sectors * SECTOR);
    file.sync();
    volume.syncDirectory();
    return file;
  }

  @Test
  void aCrashTearsAnUnsyncedWriteInEveryCombinationOfItsSectors() throws IOException {
    synced(3).write(0, bytes("x".repeat(3 * SECTOR)));
    Set<String> seen = new HashSet<>();
    for (int seed = 0; seed < 200; seed++) {
      SimulatedVolume copy = volume.copy();
      copy.crash(CrashChooser.seeded(seed));
      byte[] left = read(copy.open("a"), 0, 3 * SECTOR);
      seen.add(left[0] + "," + left[SECTOR] + "," + left[2 * SECTOR]);
    }
    assertThat(seen).hasSize(8);
  }

  @Test
  void whatWasSyncedSurvivesAndWhatWasNotIsLostOrKeptAsChosen() throws IOException {
    VolumeFile file = synced(1);
    file.write(0, bytes("ab"));
    file.sync();
    file.write(1, bytes("c"));
    file.write(2, bytes("d"));
    Set<String> seen = new HashSet<>();
    for (int seed = 0; seed < 50; seed++) {
      SimulatedVolume copy = volume.copy();
      copy.crash(CrashChooser.seeded(seed));
      seen.add(new String(read(copy.open("a"), 0, 3), StandardCharsets.UTF_8));
    }
    assertThat(seen).containsExactlyInAnyOrder("ab\0", "ac\0", "acd");
  }

  @Test
  void anUnsyncedNameMayBeLostAndASyncedOneNot() throws IOException {
    volume.create("a", 10).sync();
    SimulatedVolume copy = volume.copy();
    copy.crash(CrashChooser.LOSE_ALL);
    assertThat(copy.list()).isEmpty();
    volume.syncDirectory();
    volume.rename("a", "b");
    copy = volume.copy();
    copy.crash(CrashChooser.LOSE_ALL);
    assertThat(copy.list()).containsExactly("a");
    volume.crash(CrashChooser.KEEP_ALL);
    assertThat(volume.list()).containsExactly("b");
  }

  @Test
  void afterAFailedSyncALaterGoodOneProvesNothingUntilTheBytesAreWrittenAgain() throws IOException {
    VolumeFile file = synced(1);
    file.write(0, bytes("x"));
    volume.inject(volume.operations(), SimulatedFault.ERROR);
    assertThatThrownBy(file::sync).isInstanceOf(IOException.class);
    file.sync();
    assertThat(read(file, 0, 1)).containsExactly('x');
    SimulatedVolume copy = volume.copy();
    copy.crash(CrashChooser.LOSE_ALL);
    assertThat(read(copy.open("a"), 0, 1)).containsExactly(0);
    file.write(0, bytes("x"));
    file.sync();
    volume.crash(CrashChooser.LOSE_ALL);
    assertThat(read(volume.open("a"), 0, 1)).containsExactly('x');
  }

  @Test
  void aDeadMachineDoesNothingUntilItIsRestarted() throws IOException {
    VolumeFile file = synced(1);
    volume.inject(volume.operations(), SimulatedFault.CRASH);
    assertThatThrownBy(() -> file.write(0, bytes("x"))).isInstanceOf(SimulatedCrash.class);
    assertThatThrownBy(() -> volume.open("a")).isInstanceOf(SimulatedCrash.class);
    volume.crash();
    assertThatThrownBy(file::sync).isInstanceOf(IOException.class).hasMessageContaining("closed");
    volume.open("a").sync();
  }

  @Test
  void aDiskOfLimitedCapacityRunsFull() throws IOException {
    volume.limitCapacity(1000);
    VolumeFile file = volume.create("a", 900);
    assertThatThrownBy(() -> volume.create("b", 101)).isInstanceOf(VolumeFullException.class);
    file.write(890, bytes("x".repeat(110)));
    assertThatThrownBy(() -> file.write(1000, bytes("x"))).isInstanceOf(VolumeFullException.class);
    assertThat(volume.list()).containsExactly("a");
  }

  @Test
  void aFlippedBitShows() throws IOException {
    VolumeFile file = synced(1);
    volume.flipBit("a", 8 * 5 + 3);
    assertThat(read(file, 5, 1)).containsExactly(8);
  }
}
