package io.gamut.cli.launch;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The command that runs a class of Gamut as a process: this Java, this class path. */
public final class JavaCommand {
  /** As for the launcher: more options for the JVM, which go before all others. */
  private static final String MORE_OPTIONS = "GAMUT_JAVA_OPTS";

  /** Classes loaded and linked in an earlier run, which the launcher makes beside the jars. */
  private static final String CACHE = "gamut.aot";

  private JavaCommand() {}

  /** For a process that is to stay; the main class and its arguments follow. */
  public static List<String> lasting() {
    return of(ProcessStyle.LASTING);
  }

  static List<String> of(ProcessStyle style) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-XX:+UseSerialGC");
    command.add("-Xmx512m");
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add("--sun-misc-unsafe-memory-access=allow");
    String classPath = System.getProperty("java.class.path");
    cache(classPath).forEach(command::add);
    command.addAll(style.javaOptions());
    String more = System.getenv(MORE_OPTIONS);
    if (more != null && !more.isBlank()) {
      command.addAll(List.of(more.strip().split("\\s+", -1)));
    }
    command.addAll(List.of("-cp", classPath));
    return command;
  }

  private static List<String> cache(String classPath) {
    return Arrays.stream(classPath.split(File.pathSeparator, -1))
        .map(entry -> Path.of(entry).toAbsolutePath().getParent())
        .filter(directory -> directory != null && Files.exists(directory.resolve(CACHE)))
        .findFirst()
        .map(directory ->
            List.of(
                "-XX:AOTCache=" + directory.resolve(CACHE),
                "-Xlog:disable",
                "-Xlog:all=warning:stderr",
                "-Xlog:aot=off:stderr"))
        .orElse(List.of());
  }
}
