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
  private static final String ARCHIVE = "gamut.jsa";

  private NodeCommandLine() {}

  static List<String> of(NodeConfig config) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-XX:+UseSerialGC");
    command.add("-Xmx512m");
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add("--sun-misc-unsafe-memory-access=allow");
    String classPath = System.getProperty("java.class.path");
    archive(classPath).forEach(command::add);
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
    command.add("--die-with-parent");
    return command;
  }

  private static void option(List<String> command, String name, Object value) {
    command.add(name);
    command.add(value.toString());
  }

  /** Classes already parsed, where somebody has put an archive of them beside the jars. */
  private static List<String> archive(String classPath) {
    return Arrays.stream(classPath.split(File.pathSeparator, -1))
        .map(entry -> Path.of(entry).toAbsolutePath().getParent())
        .filter(directory -> directory != null && Files.exists(directory.resolve(ARCHIVE)))
        .findFirst()
        .map(directory -> List.of("-XX:SharedArchiveFile=" + directory.resolve(ARCHIVE)))
        .orElse(List.of());
  }
}
