package io.gamut.cli.launch;

import io.gamut.server.NodeConfig;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The command that runs a server as a process: this Java, this class path. */
final class NodeCommandLine {
  static final String MAIN = "io.gamut.cli.Gamut";

  /** As for the launcher: more options for the JVM, which go before all others. */
  private static final String MORE_OPTIONS = "GAMUT_JAVA_OPTS";

  /** Classes loaded and linked in an earlier run, which the launcher makes beside the jars. */
  private static final String CACHE = "gamut.aot";

  private NodeCommandLine() {}

  static List<String> of(NodeConfig config, ProcessStyle style) {
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
    command.addAll(List.of("-cp", classPath, MAIN, "node"));
    option(command, "--id", config.id());
    option(command, "--listen", config.listen());
    option(command, "--resp", config.resp());
    config.join().ifPresent(contact -> option(command, "--join", contact));
    option(command, "--data", config.data());
    option(command, "--durability", config.durability());
    option(command, "--default-level", config.defaultLevel());
    option(command, "--wait", config.waitMillis());
    option(command, "--threads", config.threads());
    if (config.lab()) {
      command.add("--lab");
    }
    if (style.warmUpMillis() > 0) {
      option(command, "--warm-up", style.warmUpMillis());
    }
    command.add("--die-with-parent");
    return command;
  }

  private static void option(List<String> command, String name, Object value) {
    command.add(name);
    command.add(value.toString());
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
