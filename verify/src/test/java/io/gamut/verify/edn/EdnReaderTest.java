package io.gamut.verify.edn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gamut.verify.file.MalformedHistoryException;
import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class EdnReaderTest {
  private static List<String> read(String text) throws IOException {
    EdnReader reader = new EdnReader(new StringReader(text));
    List<String> values = new ArrayList<>();
    for (Edn value = reader.next(); value != null; value = reader.next()) {
      values.add(value.toString());
    }
    return values;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{:a 1, :b [x \"y\" nil]}|{:a 1, :b [x \"y\" nil]}",
        "{:a (1 -2 +3)}|{:a [1 -2 3]}",
        "{:a #{1 2}}|{:a #{1 2}}",
        "{:t #inst \"2020-01-01\"}|{:t \"2020-01-01\"}",
        "#jepsen.history.Op{:a 1}|{:a 1}",
        "{:a #_ {:b 2} 1 #_#_ 2 3}|{:a 1}",
        "{:a \\newline :b \\a :c \\{}|{:a \\newline, :b \\a, :c \\{}",
        "{:a 1.5M :b 1/2 :c ##NaN :d true}|{:a 1.5M, :b 1/2, :c ##NaN, :d true}",
        "{:a 99999999999999999999N}|{:a 99999999999999999999N}",
        "{:a \"\\u00e9\\t\\\"\\\\\"}|{:a \"é\\t\\\"\\\\\"}",
        "{:a/b :c.d/e, :f ,,, x'}|{:a/b :c.d/e, :f x'}",
      })
  void valuesAreWhatIsWritten(String text, String value) throws IOException {
    assertThat(read(text)).containsExactly(value);
  }

  @Test
  void aFileIsARowOfValuesOrOneVectorOfThem() throws IOException {
    List<String> maps = List.of("{:a 1}", "{:b 2}");
    assertThat(read("{:a 1}\n; a comment\n{:b 2}")).isEqualTo(maps);
    assertThat(read(" [{:a 1}\n {:b 2}] ; all")).isEqualTo(maps);
    assertThat(read("({:a 1} {:b 2})\n")).isEqualTo(maps);
    assertThat(read("[]")).isEmpty();
    assertThat(read("")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{:a|line 1: it ends within a value",
        "{:a}|line 1: a map has a key without a value",
        "{:a \"b}|line 1: a string does not end",
        "{:a \"\\q\"}|line 1: \\q is no character",
        "{:a 1]|line 1: ']' closes nothing",
        "}|line 1: '}' closes nothing",
        "[{:a 1}|line 1: the history ends without its closing bracket",
        "[{:a 1}] 2|line 1: something stands behind the end",
      })
  void whatIsWrongIsToldWithItsLine(String text, String told) {
    assertThatThrownBy(() -> read(text))
        .isInstanceOf(MalformedHistoryException.class)
        .hasMessageContaining(told);
  }

  @Test
  void whatIsNestedWithoutEndIsRefused() {
    assertThatThrownBy(() -> read("{:a " + "[".repeat(100_000)))
        .isInstanceOf(MalformedHistoryException.class)
        .hasMessageContaining("nested");
  }

  /** Whatever is cut off is told, or gives fewer values; nothing else is thrown. */
  @Test
  void textThatEndsAnywhereIsNoBug() throws IOException {
    String text = "[{:a #t \"x\\u0041\" :b #{1 #_2 \\c}} ; c\n {:c (nil -3)}]";
    for (int length = 0; length < text.length(); length++) {
      try {
        assertThat(read(text.substring(0, length))).isEmpty();
      } catch (MalformedHistoryException e) {
        assertThat(e).hasMessageStartingWith("line ");
      }
    }
  }
}
