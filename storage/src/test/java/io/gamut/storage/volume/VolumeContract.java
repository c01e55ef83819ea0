package io.gamut.storage.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import org.junit.jupiter.api.Test;

/** What every volume must do while nothing goes wrong; crashes are simulated elsewhere. */
abstract class VolumeContract {
  abstract Volume volume();

  @Test
  void aNewFileHasItsLengthAndNothingButZeros() throws IOException {
    try (VolumeFile file = volume().create("a", 3_000_000)) {
      assertThat(file.length()).isEqualTo(3_000_000);
      assertThat(file.name()).isEqualTo("a");
      assertThat(read(file, 0, 3_000_000)).containsOnly(0);
    }
  }

  @Test
  void readsBackWhatWasWrittenAtAPosition() throws IOException {
    try (VolumeFile file = volume().create("a", 2048)) {
      ByteBuffer source = bytes("hello");
      file.write(510, source);
      assertThat(source.hasRemaining()).isFalse();
      assertThat(read(file, 510, 5)).isEqualTo("hello".getBytes(StandardCharsets.UTF_8));
      assertThat(read(file, 509, 1)).containsExactly(0);
      assertThat(file.length()).isEqualTo(2048);
    }
  }

  @Test
  void gathersSeveralBuffersIntoOneWrite() throws IOException {
    try (VolumeFile file = volume().create("a", 100)) {
      file.write(10, bytes("one"), bytes(""), bytes("two"));
      assertThat(read(file, 10, 6)).isEqualTo("onetwo".getBytes(StandardCharsets.UTF_8));
    }
  }

  @Test
  void aWritePastTheEndExtendsTheFile() throws IOException {
    try (VolumeFile file = volume().create("a", 10)) {
      file.write(20, bytes("x"));
      assertThat(file.length()).isEqualTo(21);
      assertThat(read(file, 10, 10)).containsOnly(0);
    }
  }

  @Test
  void aReadStopsAtTheEnd() throws IOException {
    try (VolumeFile file = volume().create("a", 10)) {
      assertThat(file.read(8, ByteBuffer.allocate(5))).isEqualTo(2);
      assertThat(file.read(10, ByteBuffer.allocate(5))).isZero();
      assertThat(file.read(1000, ByteBuffer.allocate(5))).isZero();
    }
  }

  @Test
  void truncateCutsTheEndOff() throws IOException {
    try (VolumeFile file = volume().create("a", 1000)) {
      file.write(0, bytes("keep"));
      file.truncate(4);
      assertThat(file.length()).isEqualTo(4);
      file.write(6, bytes("x"));
      assertThat(read(file, 4, 2)).containsOnly(0);
    }
  }

  @Test
  void anotherOpeningSeesTheSameBytes() throws IOException {
    try (VolumeFile file = volume().create("a", 10)) {
      file.write(0, bytes("abc"));
      file.sync();
    }
    volume().syncDirectory();
    try (VolumeFile file = volume().open("a")) {
      assertThat(read(file, 0, 3)).isEqualTo("abc".getBytes(StandardCharsets.UTF_8));
    }
  }

  @Test
  void listsNamesSorted() throws IOException {
    assertThat(volume().list()).isEmpty();
    for (String name : new String[] {"b", "a", "c"}) {
      volume().create(name, 0).close();
    }
    assertThat(volume().list()).containsExactly("a", "b", "c");
    volume().delete("b");
    volume().rename("c", "0");
    assertThat(volume().list()).containsExactly("0", "a");
  }

  @Test
  void aRenamedFileKeepsItsBytesAndStaysOpen() throws IOException {
    try (VolumeFile file = volume().create("a.new", 10)) {
      file.write(0, bytes("abc"));
      volume().rename("a.new", "a");
      file.write(3, bytes("d"));
    }
    try (VolumeFile file = volume().open("a")) {
      assertThat(read(file, 0, 4)).isEqualTo("abcd".getBytes(StandardCharsets.UTF_8));
    }
  }

  @Test
  void saysWhichNameIsMissingOrTaken() throws IOException {
    volume().create("a", 0).close();
    volume().create("b", 0).close();
    assertThatThrownBy(() -> volume().create("a", 0))
        .isInstanceOf(FileAlreadyExistsException.class);
    assertThatThrownBy(() -> volume().rename("a", "b"))
        .isInstanceOf(FileAlreadyExistsException.class);
    assertThatThrownBy(() -> volume().open("x"))
        .isInstanceOf(NoSuchFileException.class)
        .hasMessageContaining("x");
    assertThatThrownBy(() -> volume().delete("x")).isInstanceOf(NoSuchFileException.class);
    assertThatThrownBy(() -> volume().rename("x", "y")).isInstanceOf(NoSuchFileException.class);
  }

  @Test
  void aClosedFileRefusesEverything() throws IOException {
    VolumeFile file = volume().create("a", 10);
    file.close();
    file.close();
    assertThatThrownBy(() -> file.write(0, bytes("x"))).isInstanceOf(IOException.class);
    assertThatThrownBy(file::sync).isInstanceOf(IOException.class);
  }

  static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
  }

  static byte[] read(VolumeFile file, long position, int length) throws IOException {
    ByteBuffer target = ByteBuffer.allocate(length);
    assertThat(file.read(position, target)).isEqualTo(length);
    return target.array();
  }
}
