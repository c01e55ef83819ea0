package io.gamut.cli.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gamut.cli.script.ScriptException;
import io.gamut.cli.script.ScriptText;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class WordTest {
  private static List<String> texts(String line) throws ScriptException {
    return Word.of(line).stream().map(Word::text).toList();
  }

  @Test
  void quotesAreAsRedisCliHasThem() throws Exception {
    assertThat(texts("  put k\tv  ")).containsExactly("put", "k", "v");
    assertThat(texts("a \"b c\" 'd e' \"\" ''")).containsExactly("a", "b c", "d e", "", "");
    assertThat(texts("\"\\n\\r\\t\\b\\a\\\"\\\\\\q\"")).containsExactly("\n\r\t\b\u0007\"\\q");
    assertThat(texts("\"\\x00\\xfF\"")).containsExactly("\u0000\u00ff");
    assertThat(texts("'\\n\\'x\"'")).containsExactly("\\n'x\"");
    assertThat(Word.of("a \"@b\"").getLast().isQuoted()).isTrue();
    assertThat(Word.of("a @b").getLast().isQuoted()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"open", "'open", "a \"b\\\"", "\"\\x1\"", "\"\\xzz\""})
  void whatIsNotClosedOrNotHexadecimalIsAFault(String line) {
    assertThatThrownBy(() -> Word.of(line)).isInstanceOf(ScriptException.class);
  }

  @Test
  void anyBytesCanBeWritten() throws Exception {
    Random random = new Random(7);
    for (int i = 0; i < 2_000; i++) {
      byte[] bytes = new byte[random.nextInt(12)];
      random.nextBytes(bytes);
      for (boolean always : List.of(false, true)) {
        List<String> words = texts("x " + Word.quoted(bytes, always));
        assertThat(words).hasSize(2);
        assertThat(ScriptText.bytes(words.getLast())).isEqualTo(bytes);
      }
    }
  }

  @Test
  void aWordThatIsBeingTypedMeansWhatItHasSoFar() {
    assertThat(LineSyntax.meant("\"a b")).isEqualTo("a b");
    assertThat(LineSyntax.meant("'a b")).isEqualTo("a b");
    assertThat(LineSyntax.meant("ab")).isEqualTo("ab");
    assertThat(LineSyntax.meant("")).isEmpty();
  }
}
