package io.gamut.cli.launch;

import io.gamut.overlay.Endpoint;
import io.gamut.server.ClientEndpoints;
import io.gamut.server.NodeConfig;
import io.gamut.server.access.AccessConfig;
import io.gamut.server.gateway.GatewayConfig;
import java.util.List;
import java.util.stream.Collectors;

/** The command that runs a server, or a gateway, as a process. */
final class NodeCommandLine {
  static final String MAIN = "io.gamut.cli.Gamut";

  private NodeCommandLine() {}

  static List<String> of(NodeConfig config, ProcessStyle style) {
    List<String> command = JavaCommand.of(style);
    command.addAll(List.of(MAIN, "node"));
    option(command, "--id", config.id());
    option(command, "--listen", config.listen());
    clients(command, config.clients());
    config.join().ifPresent(contact -> option(command, "--join", contact));
    option(command, "--data", config.data());
    option(command, "--durability", config.durability());
    option(command, "--default-level", config.defaultLevel());
    option(command, "--wait", config.waitMillis());
    option(command, "--threads", config.threads());
    option(command, "--disk-reserve", config.diskReserveBytes() >> 20);
    access(command, config.access());
    lab(command, config.lab());
    if (style.warmUpMillis() > 0) {
      option(command, "--warm-up", style.warmUpMillis());
    }
    command.add("--die-with-parent");
    return command;
  }

  static List<String> of(GatewayConfig config, ProcessStyle style) {
    List<String> command = JavaCommand.of(style);
    command.addAll(List.of(MAIN, "gateway"));
    String contacts =
        config.join().stream().map(Endpoint::toString).collect(Collectors.joining(","));
    option(command, "--join", contacts);
    option(command, "--listen", config.listen());
    clients(command, config.clients());
    option(command, "--default-level", config.defaultLevel());
    option(command, "--wait", config.waitMillis());
    option(command, "--threads", config.threads());
    access(command, config.access());
    lab(command, config.lab());
    command.add("--die-with-parent");
    return command;
  }

  private static void clients(List<String> command, ClientEndpoints clients) {
    option(command, "--resp", clients.resp());
    clients.http().ifPresent(http -> option(command, "--http", http));
    clients.memcached().ifPresent(address -> option(command, "--memcached", address));
  }

  private static void access(List<String> command, AccessConfig access) {
    option(command, "--max-clients", access.limits().connectionsMax());
    option(command, "--idle-timeout", access.limits().idleSeconds());
    access.users().ifPresent(file -> option(command, "--users", file));
    access
        .tls()
        .ifPresent(tls -> {
          option(command, "--tls-cert", tls.certificate());
          option(command, "--tls-key", tls.key());
          tls.clientCa().ifPresent(file -> option(command, "--tls-client-ca", file));
        });
  }

  private static void lab(List<String> command, boolean isLab) {
    if (isLab) {
      command.add("--lab");
    }
  }

  private static void option(List<String> command, String name, Object value) {
    command.add(name);
    command.add(value.toString());
  }
}
