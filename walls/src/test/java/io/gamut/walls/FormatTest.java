package io.gamut.walls;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.FormatterException;
import io.gamut.walls.Repository.Source;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Sources look as google-java-format leaves them, so that nobody talks about it. With {@code
 * -Dgamut.format=apply} it is done, not checked.
 */
final class FormatTest {
  private static final boolean IS_APPLIED = "apply".equals(System.getProperty("gamut.format"));

  @Test
  void everySourceIsFormatted() throws IOException {
    Formatter formatter = new Formatter();
    List<String> strays = new ArrayList<>();
    for (Source source : Repository.java()) {
      String formatted = formatted(formatter, source);
      if (!formatted.equals(source.text())) {
        if (IS_APPLIED) {
          Files.write(source.path(), formatted.getBytes(UTF_8));
        } else {
          strays.add(source.name());
        }
      }
    }
    assertThat(strays)
        .as("not formatted. Run the same test with -Dgamut.format=apply: see CONTRIBUTING.md")
        .isEmpty();
  }

  private static String formatted(Formatter formatter, Source source) {
    try {
      return formatter.formatSourceAndFixImports(source.text());
    } catch (FormatterException e) {
      throw new IllegalStateException("could not format " + source.name(), e);
    }
  }
}
