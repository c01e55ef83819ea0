package io.gamut.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** What was written is read; anything else is refused before it costs memory. */
final class BinaryReaderTest {
  private static final long[] EDGES = {
    0, 1, 127, 128, 16_383, 16_384, Integer.MAX_VALUE, 1L + Integer.MAX_VALUE, Long.MAX_VALUE
  };

  @Test
  void everythingComesBack() {
    for (long seed = 0; seed < 2_000; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      byte[] bytes = new byte[random.nextInt(1_000)];
      random.nextBytes(bytes);
      long number = random.nextLong() >>> random.nextInt(1, 64);
      Origin origin = new Origin(random.nextLong(), random.nextLong());
      BinaryWriter out = new BinaryWriter(1);
      out.writeByte(200);
      out.writeVarint(number);
      out.writeBytes(bytes);
      out.writeLong(~number);
      out.writeOrigin(origin);
      out.writeRaw(bytes);
      BinaryReader in = new BinaryReader(out.toByteArray());
      assertThat(in.readByte()).isEqualTo(200);
      assertThat(in.readVarint()).as("seed %s", seed).isEqualTo(number);
      assertThat(in.readBytes(1_000)).isEqualTo(bytes);
      assertThat(in.readLong()).isEqualTo(~number);
      assertThat(in.readOrigin()).isEqualTo(origin);
      assertThat(in.readRaw(bytes.length)).isEqualTo(bytes);
      in.requireEnd();
    }
  }

  @Test
  void longArraysAreKeptAmongShortOnes() {
    for (long seed = 0; seed < 300; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      ByteArrayOutputStream expected = new ByteArrayOutputStream();
      BinaryWriter out = new BinaryWriter(random.nextInt(1, 300));
      for (int i = random.nextInt(12); i >= 0; i--) {
        BinaryWriter part = random.nextBoolean() ? out : new BinaryWriter();
        for (int j = random.nextInt(4); j >= 0; j--) {
          byte[] bytes = new byte[random.nextInt(random.nextBoolean() ? 300 : 100_000)];
          random.nextBytes(bytes);
          part.writeRaw(bytes);
          part.writeByte(j);
          expected.writeBytes(bytes);
          expected.write(j);
        }
        if (part != out) {
          out.write(part);
        }
        assertThat(out.length()).isEqualTo(expected.size());
      }
      assertThat(out.toByteArray()).as("seed %s", seed).isEqualTo(expected.toByteArray());
      ByteArrayOutputStream pieces = new ByteArrayOutputStream();
      for (ByteBuffer piece : out.toByteBuffers()) {
        pieces.write(piece.array(), piece.arrayOffset() + piece.position(), piece.remaining());
      }
      assertThat(pieces.toByteArray()).as("seed %s", seed).isEqualTo(expected.toByteArray());
    }
  }

  @Test
  void numbersComeBackAtTheEdgesAndFromNoPart() {
    for (long number : EDGES) {
      BinaryWriter out = new BinaryWriter();
      out.writeVarint(number);
      byte[] bytes = out.toByteArray();
      assertThat(new BinaryReader(bytes).readVarint()).isEqualTo(number);
      for (int length = 0; length < bytes.length; length++) {
        BinaryReader part = new BinaryReader(bytes, 0, length);
        assertThatThrownBy(part::readVarint).isInstanceOf(InvalidDataException.class);
      }
    }
  }

  @Test
  void aNegativeNumberIsWrittenButNeverRead() {
    BinaryWriter out = new BinaryWriter();
    out.writeVarint(-1);
    assertThatThrownBy(() -> new BinaryReader(out.toByteArray()).readVarint())
        .isInstanceOf(InvalidDataException.class);
  }

  @Test
  void anIntegerHasThirtyOneBits() {
    BinaryWriter out = new BinaryWriter();
    out.writeVarint(1L + Integer.MAX_VALUE);
    assertThatThrownBy(() -> new BinaryReader(out.toByteArray()).readInt())
        .isInstanceOf(InvalidDataException.class);
  }

  /** Would run out of memory if the length were believed. */
  @Test
  void aLengthIsBelievedOnlyAsFarAsThereAreBytes() {
    for (long length : EDGES) {
      BinaryWriter out = new BinaryWriter();
      out.writeVarint(length);
      byte[] bytes = out.toByteArray();
      if (length == 0) {
        assertThat(new BinaryReader(bytes).readBytes(Integer.MAX_VALUE)).isEmpty();
      } else {
        assertThatThrownBy(() -> new BinaryReader(bytes).readBytes(Integer.MAX_VALUE))
            .isInstanceOf(InvalidDataException.class);
        assertThatThrownBy(() -> new BinaryReader(bytes).readCount(Integer.MAX_VALUE, "things"))
            .isInstanceOf(InvalidDataException.class);
      }
    }
    assertThatThrownBy(() -> new BinaryReader(new byte[9]).readRaw(Integer.MAX_VALUE))
        .isInstanceOf(InvalidDataException.class);
  }

  @Test
  void aCountAboveItsLimitIsRefused() {
    byte[] bytes = new byte[100];
    bytes[0] = 50;
    assertThat(new BinaryReader(bytes).readCount(50, "things")).isEqualTo(50);
    assertThatThrownBy(() -> new BinaryReader(bytes).readCount(49, "things"))
        .isInstanceOf(InvalidDataException.class)
        .hasMessageContaining("49 things");
  }
}
