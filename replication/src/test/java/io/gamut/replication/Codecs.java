package io.gamut.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gamut.core.InvalidDataException;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.Function;

/** What every encoding must do: give back what went in, and take nothing else. */
public final class Codecs {
  private static final int CHANGES = 40;

  private Codecs() {}

  /** Checks one encoding. */
  public static <T> void check(String what, T value, byte[] bytes, Function<byte[], T> decode) {
    assertThat(decode.apply(bytes)).as(what).isEqualTo(value);
    for (int length = 0; length < bytes.length; length++) {
      byte[] part = Arrays.copyOf(bytes, length);
      assertThatThrownBy(() -> decode.apply(part))
          .as("%s, cut to %s bytes", what, part.length)
          .isInstanceOf(InvalidDataException.class);
    }
    SplittableRandom random = new SplittableRandom(bytes.length);
    for (int i = 0; i < CHANGES && bytes.length > 0; i++) {
      byte[] changed = bytes.clone();
      for (int j = 0; j <= random.nextInt(3); j++) {
        changed[random.nextInt(changed.length)] = (byte) random.nextInt(256);
      }
      decodeAnything(what, changed, decode);
    }
  }

  private static <T> void decodeAnything(String what, byte[] bytes, Function<byte[], T> decode) {
    try {
      var _ = decode.apply(bytes);
    } catch (InvalidDataException _) {
      // As it should be.
    } catch (RuntimeException e) {
      throw new AssertionError(what + " from " + Arrays.toString(bytes), e);
    }
  }

  public static void random(String what, Function<byte[], ?> decode) {
    for (long seed = 0; seed < 3_000; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      byte[] bytes = new byte[random.nextInt(80)];
      random.nextBytes(bytes);
      if (bytes.length > 1) {
        bytes[0] = (byte) random.nextInt(1, 3); // the format
        bytes[1] = (byte) random.nextInt(12);
      }
      decodeAnything(what + " of seed " + seed, bytes, decode);
    }
  }
}
