package io.gamut.cli.launch;

import io.gamut.server.NodeConfig;
import java.util.List;

/** The command that runs a server as a process. */
final class NodeCommandLine {
  static final String MAIN = "io.gamut.cli.Gamut";

  private NodeCommandLine() {}

  static List<String> of(NodeConfig config, ProcessStyle style) {
    List<String> command = JavaCommand.of(style);
    command.addAll(List.of(MAIN, "node"));
    option(command, "--id", config.id());
    option(command, "--listen", config.listen());
    option(command, "--resp", config.resp());
    config.http().ifPresent(http -> option(command, "--http", http));
    config.memcached().ifPresent(address -> option(command, "--memcached", address));
    config.join().ifPresent(contact -> option(command, "--join", contact));
    option(command, "--data", config.data());
    option(command, "--durability", config.durability());
    option(command, "--default-level", config.defaultLevel());
    option(command, "--wait", config.waitMillis());
    option(command, "--threads", config.threads());
    option(command, "--disk-reserve", config.diskReserveBytes() >> 20);
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
}
