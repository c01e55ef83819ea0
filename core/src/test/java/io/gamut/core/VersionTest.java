package io.gamut.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class VersionTest {
  @Test
  void theExactTextIsReadAsWhatItWas() {
    for (long seed = 0; seed < 10_000; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      Origin stamper = new Origin(random.nextLong(), random.nextLong());
      Version version = new Version(random.nextLong(), stamper);
      assertThat(Version.parse(version.exact())).as("seed %d", seed).isEqualTo(version);
    }
  }

  @Test
  void whatIsNoVersionIsRefused() {
    String stamper = "@00000000000000010000000000000002";
    assertThat(Version.parse("5.6" + stamper))
        .isEqualTo(new Version((5 << 16) + 6, new Origin(1, 2)));
    for (String text :
        List.of(
            "",
            "5" + stamper,
            "5.65536" + stamper,
            "05.6" + stamper,
            "281474976710656.0" + stamper,
            "-5.6" + stamper,
            "5.6@00000001",
            "5.6" + stamper + "0")) {
      assertThatThrownBy(() -> Version.parse(text))
          .as(text)
          .isInstanceOf(InvalidDataException.class);
    }
  }
}
