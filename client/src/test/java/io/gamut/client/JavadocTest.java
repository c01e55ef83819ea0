package io.gamut.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.DocumentationTool;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The documentation can be made, and shows the examples that {@link ExamplesTest} runs. */
@Timeout(120)
final class JavadocTest {
  private static final Path MODULE = Path.of(System.getProperty("gamut.root", ".."), "client");

  private static List<Path> sources() throws IOException {
    try (Stream<Path> files = Files.walk(MODULE.resolve("src/main/java"))) {
      return files.filter(file -> file.toString().endsWith(".java")).toList();
    }
  }

  @Test
  void theDocumentationIsWithoutFaultsAndShowsTheExamples(@TempDir Path out) throws IOException {
    DocumentationTool javadoc = ToolProvider.getSystemDocumentationTool();
    StringWriter said = new StringWriter();
    try (StandardJavaFileManager files = javadoc.getStandardFileManager(null, null, null)) {
      boolean isGood =
          javadoc
              .getTask(
                  said,
                  files,
                  null,
                  null,
                  List.of(
                      "-d",
                      out.toString(),
                      "-classpath",
                      System.getProperty("java.class.path"),
                      "--snippet-path",
                      MODULE.resolve("src/test/java").toString(),
                      "-Xdoclint:all,-missing",
                      "-quiet"),
                  files.getJavaFileObjectsFromPaths(sources()))
              .call();
      assertThat(isGood).as(said.toString()).isTrue();
    }
    assertThat(said.toString()).doesNotContain("warning");
    assertThat(Files.readString(out.resolve("io/gamut/client/Sla.html")))
        .contains("Duration.ofMillis(20)")
        .doesNotContain("@start");
  }

  /** The page for users shows the same examples, word for word. */
  @Test
  void thePageForUsersShowsWhatIsRun() throws IOException {
    String page = Files.readString(MODULE.resolve("../docs/java-client.md"));
    String test =
        Files.readString(MODULE.resolve("src/test/java/io/gamut/client/ExamplesTest.java"));
    for (String region : List.of("first", "outcomes", "sessions", "sla", "building")) {
      String begin = "// @start region=\"" + region + "\"\n";
      int from = test.indexOf(begin) + begin.length();
      String example = test.substring(from, test.indexOf("// @end", from)).stripIndent();
      assertThat(page).as(region).contains(example.stripTrailing());
    }
  }
}
