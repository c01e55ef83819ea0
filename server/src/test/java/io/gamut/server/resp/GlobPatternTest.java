package io.gamut.server.resp;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Patterns, as Redis reads them. */
final class GlobPatternTest {
  private static final String[][] MATCHING = {
    {"*", "anything"},
    {"h?llo", "hello"},
    {"h*llo", "heeeello"},
    {"h[ae]llo", "hallo"},
    {"h[^e]llo", "hallo"},
    {"h[a-b]llo", "hbllo"},
    {"h[b-a]llo", "hallo"},
    {"a\\*b", "a*b"},
    {"[\\]]x", "]x"},
    {"*a*b*", "xaxbx"},
    {"[a", "a"},
    {"", ""},
    {"**", ""},
  };
  private static final String[][] OTHERS = {
    {"h?llo", "hllo"},
    {"h[ae]llo", "hillo"},
    {"h[^e]llo", "hello"},
    {"h[a-b]llo", "hcllo"},
    {"a\\*b", "axb"},
    {"*a*b*", "xbxa"},
    {"a*", "b"},
    {"abc", "abcd"},
    {"abcd", "abc"},
    {"", "a"},
    {"?", ""},
  };

  @Test
  void itMatchesWhatItSays() {
    for (String[] pair : MATCHING) {
      assertThat(matches(pair[0], pair[1])).as("%s of %s", pair[0], pair[1]).isTrue();
    }
    for (String[] pair : OTHERS) {
      assertThat(matches(pair[0], pair[1])).as("%s of %s", pair[0], pair[1]).isFalse();
    }
  }

  /** Taken back at each star, this would go on for longer than anybody waits. */
  @Test
  void manyStarsDoNotHoldAServerUp() {
    assertThat(matches("*a".repeat(2_000) + "b", "a".repeat(8_000))).isFalse();
  }

  private static boolean matches(String pattern, String text) {
    return new GlobPattern(bytes(pattern)).matches(bytes(text));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }
}
