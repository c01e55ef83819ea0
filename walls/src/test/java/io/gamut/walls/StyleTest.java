package io.gamut.walls;

import static org.assertj.core.api.Assertions.assertThat;

import io.gamut.walls.Repository.Source;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the compiler, the formatter and the rules over classes cannot see. */
final class StyleTest {
  private static final int LINES_MAX = 500;

  private static final Pattern EMPTY_NAME =
      Pattern.compile("\\b(?:class|interface|record|enum) \\w*(?:Impl|Utils?|Manager|Helper)\\b");
  private static final Pattern SLEEP = Pattern.compile("Thread\\.sleep|TimeUnit\\.\\w+\\.sleep");
  private static final Pattern OUTPUT =
      Pattern.compile("System\\.(?:out|err)\\b|\\.printStackTrace\\(");

  // Written so that these lines do not match themselves.
  private static final Pattern LEFT_OVER =
      Pattern.compile("\\b(?:TO" + "DO|FIX" + "ME|XX" + "X)\\b");
  private static final Pattern MACHINE_PATH =
      Pattern.compile("(?<![\\w.*/-])/(?:ho" + "me|ro" + "ot|Us" + "ers|wo" + "rk|tm" + "p)/");
  private static final Pattern URL = Pattern.compile("https?://([\\w.-]+)");

  /** Hosts that every checkout may name: schemas, licences, and the machine itself. */
  private static final Set<String> HOSTS =
      Set.of("maven.apache.org", "www.apache.org", "www.w3.org", "localhost", "127.0.0.1");

  /** The command line, and the benchmarks' processes, which speak to it. */
  private static boolean mayPrint(Source source) {
    return source.name().startsWith("cli/") || source.name().startsWith("bench/");
  }

  private static List<String> lines(Predicate<Source> where, Pattern pattern) {
    return Repository.texts().stream()
        .filter(where)
        .flatMap(source -> source.linesWith(pattern).stream())
        .toList();
  }

  @Test
  void everyPackageIsNullMarked() {
    Set<String> packages = new TreeSet<>();
    Set<String> marked = new HashSet<>();
    for (Source source : Repository.java()) {
      String folder = source.name().substring(0, source.name().lastIndexOf('/'));
      packages.add(folder);
      if (source.name().endsWith("/package-info.java") && source.text().contains("@NullMarked")) {
        marked.add(folder);
      }
    }
    // Tests share the package of what they test, and so its mark.
    packages.removeIf(
        folder -> marked.contains(folder) || marked.contains(folder.replace("/test/", "/main/")));
    assertThat(packages)
        .as("packages without a package-info.java that says what they are and is @NullMarked")
        .isEmpty();
  }

  @Test
  void namesSayWhatAThingIs() {
    assertThat(lines(Source::isJava, EMPTY_NAME))
        .as("Impl, Utils, Manager, Helper say nothing: name what it is, if need be by its paper")
        .isEmpty();
  }

  @Test
  void testsWaitForConditions() {
    assertThat(lines(source -> source.isJava() && source.isTest(), SLEEP))
        .as("sleeping is slow and flaky: wait for a condition, with a limit")
        .isEmpty();
  }

  @Test
  void onlyWhatIsAProcessPrints() {
    assertThat(lines(source -> source.isJava() && !source.isTest() && !mayPrint(source), OUTPUT))
        .as("standard output belongs to processes: log, or give the text to the caller")
        .isEmpty();
  }

  @Test
  void nothingIsLeftOver() {
    assertThat(lines(_ -> true, LEFT_OVER)).as("do it, or leave it out").isEmpty();
  }

  @Test
  void noFileIsVeryLong() {
    List<String> long_ = new ArrayList<>();
    for (Source source : Repository.java()) {
      long lines = source.text().lines().count();
      if (lines > LINES_MAX) {
        long_.add(source.name() + ": " + lines);
      }
    }
    assertThat(long_).as("a class of that size has a second name: find it").isEmpty();
  }

  @Test
  void nothingDependsOnWhereItWasWritten() {
    assertThat(lines(_ -> true, MACHINE_PATH)).as("paths of somebody's machine").isEmpty();
  }

  @Test
  void nothingNamesAHostThatABuildWouldNeed() {
    Set<String> strange = new TreeSet<>();
    for (Source source : Repository.texts()) {
      Matcher url = URL.matcher(source.text());
      while (url.find()) {
        if (!HOSTS.contains(url.group(1)) && !url.group(1).endsWith(".example")) {
          strange.add(source.name() + ": " + url.group(1));
        }
      }
    }
    assertThat(strange)
        .as("hosts: registries are the business of each machine's settings; cite papers by name")
        .isEmpty();
  }

  @Test
  void theRootDependsOnNothing() throws IOException {
    String pom = Files.readString(Repository.root().resolve("pom.xml"));
    String unmanaged =
        pom.replaceAll("(?s)<dependencyManagement>.*?</dependencyManagement>", "")
            .replaceAll("(?s)<build>.*?</build>", "");
    assertThat(unmanaged)
        .as("what stands in the root is forced on every module: declare it where it is used")
        .doesNotContain("<dependencies>");
  }

  /**
   * A module that is not on this module's class path is not looked at by the rules over classes.
   */
  @Test
  void theWallsSurroundEveryModule() throws IOException {
    String root = Files.readString(Repository.root().resolve("pom.xml"));
    String walls = Files.readString(Repository.root().resolve("walls/pom.xml"));
    List<String> outside = new ArrayList<>();
    String last = "";
    Matcher module = Pattern.compile("<module>(\\w+)</module>").matcher(root);
    while (module.find()) {
      last = module.group(1);
      if (!last.equals("walls") && !walls.contains("<artifactId>gamut-" + last + "</artifactId>")) {
        outside.add(last);
      }
    }
    assertThat(outside).as("modules that walls/pom.xml does not depend on").isEmpty();
    assertThat(last).as("the last module, since it looks at all others").isEqualTo("walls");
  }

  @Test
  void thereIsSomethingToLookAt() {
    assertThat(Repository.java()).hasSizeGreaterThan(100);
    assertThat(Stream.of("pom.xml", "walls/pom.xml").map(Repository.root()::resolve))
        .allMatch(Files::exists);
  }
}
