package io.gamut.cli.script;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class ScriptReaderTest {
  private static List<String> lines(byte[] script) throws IOException {
    ScriptReader reader = new ScriptReader(new ByteArrayInputStream(script), () -> {});
    List<String> lines = new ArrayList<>();
    @Nullable String line = reader.next();
    while (line != null) {
      lines.add(line);
      assertThat(reader.lineNumber()).isEqualTo(lines.size());
      line = reader.next();
    }
    return lines;
  }

  @Test
  void aLineEndsWithOrWithoutCarriageReturnOrAtTheEnd() throws Exception {
    assertThat(lines(ScriptText.bytes(""))).isEmpty();
    assertThat(lines(ScriptText.bytes("a\r\n\r\n\nb"))).containsExactly("a", "", "", "b");
    assertThat(lines(ScriptText.bytes("a\n"))).containsExactly("a");
  }

  @Test
  void linesOfAnyLengthAndAnyBytesComeThrough() throws Exception {
    SplittableRandom random = new SplittableRandom(7);
    List<String> written = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      byte[] line = new byte[random.nextInt(i == 30 ? 300_000 : 9_000)];
      random.nextBytes(line);
      String text = ScriptText.of(line).replace('\n', 'n').replace('\r', 'r');
      written.add(text + "."); // so that none is empty
    }
    assertThat(lines(ScriptText.bytes(String.join("\n", written)))).isEqualTo(written);
  }

  @Test
  void outputIsFlushedBeforeEachWait() throws Exception {
    List<String> events = new ArrayList<>();
    ScriptReader reader =
        new ScriptReader(
            new ByteArrayInputStream(ScriptText.bytes("a\nb\n")), () -> events.add("flush"));
    assertThat(reader.next()).isEqualTo("a");
    assertThat(reader.next()).isEqualTo("b");
    assertThat(events).hasSize(1);
    assertThat(reader.next()).isNull();
    assertThat(events).hasSize(2);
  }
}
