package io.gamut.storage.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DirectoryVolumeTest extends VolumeContract {
  @TempDir Path root;
  private DirectoryVolume volume;

  @BeforeEach
  void open() throws IOException {
    volume = DirectoryVolume.open(root.resolve("deep/volume"));
  }

  @AfterEach
  void close() throws IOException {
    volume.close();
  }

  @Override
  Volume volume() {
    return volume;
  }

  @Test
  void aSecondOpenerIsToldWhichDirectoryIsTakenAndByWhom() throws IOException {
    assertThatThrownBy(() -> DirectoryVolume.open(root.resolve("deep/volume")))
        .isInstanceOf(VolumeLockedException.class)
        .hasMessageContaining(root.resolve("deep/volume").toString());
    volume.close();
    volume = DirectoryVolume.open(root.resolve("deep/volume"));
  }

  @Test
  void aFullDiskIsAnErrorOfItsOwn() throws IOException {
    Path full = Path.of("/dev/full");
    assumeTrue(Files.isWritable(full));
    Files.createSymbolicLink(root.resolve("deep/volume/full"), full);
    try (VolumeFile file = volume.open("full")) {
      assertThatThrownBy(() -> file.write(0, bytes("x")))
          .isInstanceOf(VolumeFullException.class)
          .hasMessageContaining("could not write 1 bytes at 0")
          .hasMessageContaining("deep/volume/full")
          .hasMessageContaining("Free some space");
    }
  }

  @Test
  void aFileTakesItsSpaceOnTheDiskAtOnce() throws IOException {
    assumeTrue(Files.getFileStore(root).supportsFileAttributeView("unix"));
    volume.create("a", 1 << 20).close();
    volume.syncDirectory();
    assertThat(Files.size(root.resolve("deep/volume/a"))).isEqualTo(1 << 20);
  }

  @Test
  void aNameCannotLeadOutOfTheDirectory() {
    for (String name : new String[] {"../x", "a/b", "", "..", ".lock"}) {
      assertThatThrownBy(() -> volume.create(name, 0))
          .as(name)
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void aDirectoryThatIsAFileIsRefused() throws IOException {
    Files.createFile(root.resolve("plain"));
    assertThatThrownBy(() -> DirectoryVolume.open(root.resolve("plain")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("could not open the directory");
  }
}
