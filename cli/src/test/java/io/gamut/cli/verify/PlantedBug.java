package io.gamut.cli.verify;

import io.gamut.cli.Gamut;
import io.gamut.cli.launch.JavaCommand;
import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * A bug that is planted into the servers, to show that {@code gamut verify} catches it.
 *
 * <p>It is a piece of source text replaced by another. The class is compiled anew into a directory
 * that goes in front of the class path of {@code gamut verify}, and so of the servers that it
 * starts: production code needs no switch for bugs.
 *
 * @param title what is wrong
 * @param source the file it is in: a module, and a path in its package
 * @param original stands there exactly once, or the bug must be adapted to what the code is now
 * @param promises what may be named for it; one of them has to be
 * @param run options of {@code gamut verify}, separated by blanks
 */
record PlantedBug(
    String title,
    String source,
    String original,
    String planted,
    Set<String> promises,
    String run) {
  static final long SECONDS_MAX = 120;

  private static final Path ROOT = Path.of(System.getProperty("gamut.root", ".."));
  private static final Pattern VIOLATED =
      Pattern.compile("\"promise\":\"([^\"]+)\",\"verdict\":\"violated\"");

  /**
   * What has become of it.
   *
   * @param broken promises that were said to be broken
   * @param words what {@code gamut verify} said while it ran
   */
  record Judged(int status, Set<String> broken, long seconds, String words) {}

  PlantedBug(
      String title,
      String source,
      String original,
      String planted,
      List<String> promises,
      String run) {
    this(title, source, original, planted, Set.copyOf(promises), run);
  }

  @Override
  public String toString() {
    return title;
  }

  /** Tries a cluster of servers that have it, with all that they leave behind in a directory. */
  Judged judge(Path directory) throws IOException, InterruptedException {
    Path classes = Files.createDirectories(directory.resolve("classes"));
    compile(classes);
    List<String> command = command(classes, directory.resolve("run"));
    Path out = directory.resolve("out");
    Path err = directory.resolve("err");
    long begun = System.nanoTime();
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    try {
      if (!process.waitFor(SECONDS_MAX, TimeUnit.SECONDS)) {
        throw new AssertionError(
            "not judged within " + SECONDS_MAX + " s: " + Files.readString(err));
      }
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
    long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begun);
    String verdicts = Files.readString(out);
    Set<String> broken = new LinkedHashSet<>();
    Matcher violated = VIOLATED.matcher(verdicts);
    while (violated.find()) {
      broken.add(violated.group(1));
    }
    return new Judged(process.exitValue(), broken, seconds, Files.readString(err));
  }

  private List<String> command(Path classes, Path directory) {
    List<String> command = new ArrayList<>(JavaCommand.lasting());
    String classPath = command.removeLast();
    command.add(classes + File.pathSeparator + classPath);
    command.addAll(List.of(Gamut.class.getName(), "verify", "--output", "json"));
    command.addAll(List.of("--directory", directory.toString()));
    command.addAll(List.of(run.split(" ", -1)));
    return command;
  }

  private Path file() {
    int end = source.indexOf('/');
    String module = source.substring(0, end);
    return ROOT.resolve(module).resolve("src/main/java/io/gamut").resolve(source);
  }

  /** The source with the bug in it. */
  String mutated() throws IOException {
    String text = Files.readString(file());
    int at = text.indexOf(original);
    if (at < 0 || text.indexOf(original, at + 1) >= 0) {
      throw new AssertionError(
          "adapt the bug '%s': what it replaces does not stand exactly once in %s:%n%s"
              .formatted(title, source, original));
    }
    return text.replace(original, planted);
  }

  private void compile(Path classes) throws IOException {
    Path mutated = classes.resolveSibling(file().getFileName().toString());
    Files.writeString(mutated, mutated());
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter messages = new StringWriter();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
      List<String> options =
          List.of(
              "-d",
              classes.toString(),
              "-proc:none",
              "-nowarn",
              "-classpath",
              System.getProperty("java.class.path"));
      boolean isCompiled =
          compiler
              .getTask(messages, files, null, options, null, files.getJavaFileObjects(mutated))
              .call();
      if (!isCompiled) {
        throw new AssertionError("the bug '" + title + "' does not compile: " + messages);
      }
    }
  }
}
