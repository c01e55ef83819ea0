package io.gamut.cli;

import static java.util.Objects.requireNonNull;

import io.gamut.cli.launch.Fleet;
import io.gamut.cli.launch.Launchers;
import io.gamut.cli.launch.NodeLauncher;
import io.gamut.cli.launch.Ports;
import io.gamut.core.NodeId;
import io.gamut.overlay.Endpoint;
import io.gamut.server.NodeConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
    name = "up",
    description = {
      "Run a cluster on this machine until Ctrl-C.",
      "When all servers serve it prints one line: ready, and their addresses. With data of an"
          + " earlier run each server comes back as itself."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  gamut up",
      "  gamut up --servers 5 --separate --data /var/lib/gamut",
      "  gamut up --resp-port 6379 --http-port 0 --durability interval"
    })
final class UpCommand implements Callable<Integer> {
  private static final String HOST = "127.0.0.1";
  private static final int SERVERS_MAX = 64;
  private static final int OVERLAY_PORTS_ABOVE = 100;
  private static final int PORT_MAX = 0xFFFF - OVERLAY_PORTS_ABOVE - SERVERS_MAX;
  private static final int HTTP_PORT_MAX = 0xFFFF - SERVERS_MAX;
  private static final int MEMCACHED_PORT_MAX = 0xFFFF - SERVERS_MAX;

  @Mixin private final ServerOptions server = new ServerOptions();
  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--servers",
      paramLabel = "N",
      defaultValue = "3",
      description = "How many servers, with the ids 0 to N-1. Default: ${DEFAULT-VALUE}.")
  private int servers = 3;

  @Option(
      names = "--separate",
      description =
          "Run each server in a process of its own, and start it again when it crashes. Without"
              + " this option all run in one process.")
  private boolean separate;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      defaultValue = "data",
      description = "Holds a directory for each server. Default: ${DEFAULT-VALUE}.")
  private Path data = Path.of("data");

  @Option(
      names = "--resp-port",
      paramLabel = "PORT",
      defaultValue = "7379",
      description =
          "Where clients reach server 0; the others have the ports behind it. Servers reach each"
              + " other on the ports 100 above. Default: ${DEFAULT-VALUE}.")
  private int respPort = 7379;

  @Option(
      names = "--http-port",
      paramLabel = "PORT",
      defaultValue = "7080",
      description =
          "Where HTTP clients reach server 0; the others have the ports behind it. 0 for no HTTP."
              + " Default: ${DEFAULT-VALUE}.")
  private int httpPort = 7080;

  @Option(
      names = "--memcached-port",
      paramLabel = "PORT",
      defaultValue = "7211",
      description =
          "Where memcached clients reach server 0; the others have the ports behind it. 0 for"
              + " nowhere. Default: ${DEFAULT-VALUE}.")
  private int memcachedPort = 7211;

  @Option(
      names = "--lab",
      description = "Let clients break and mend links (GAMUT LINK). Never in production.")
  private boolean lab;

  @Override
  public Integer call() throws IOException, InterruptedException {
    requireInRange();
    requireFreePorts();
    NodeLauncher launcher = separate ? Launchers.processes() : Launchers.embedded();
    Fleet fleet = new Fleet(launcher, UpCommand::say);
    OrderlyEnd end = OrderlyEnd.onSignal(fleet::stop);
    try {
      fleet.start(IntStream.range(0, servers).mapToObj(this::node).toList());
    } catch (IOException e) {
      end.disarm();
      fleet.stop();
      throw e;
    }
    if (memcachedPort > 0) {
      say("memcached clients: " + addresses(this::memcached));
    }
    System.out.println(
        fleet.nodes().stream()
            .map(node -> node.respAddress().toString())
            .collect(Collectors.joining(" ", "ready ", "")));
    System.out.flush();
    if (httpPort != 0) {
      say("HTTP at " + http(0) + " and the ports behind it");
    }
    end.await();
    return 0;
  }

  private String addresses(IntFunction<Endpoint> of) {
    return IntStream.range(0, servers)
        .mapToObj(id -> of.apply(id).toString())
        .collect(Collectors.joining(" "));
  }

  private void requireInRange() {
    List<String> faults = new ArrayList<>();
    if (servers < 1 || servers > SERVERS_MAX) {
      faults.add("--servers is 1 to " + SERVERS_MAX + ", not " + servers);
    }
    if (respPort < 1 || respPort > PORT_MAX) {
      faults.add("--resp-port is 1 to " + PORT_MAX + ", not " + respPort);
    }
    if (httpPort < 0 || httpPort > HTTP_PORT_MAX) {
      faults.add("--http-port is 1 to " + HTTP_PORT_MAX + ", or 0, not " + httpPort);
    }
    if (memcachedPort < 0 || memcachedPort > MEMCACHED_PORT_MAX) {
      faults.add("--memcached-port is 0 to " + MEMCACHED_PORT_MAX + ", not " + memcachedPort);
    }
    if (!faults.isEmpty()) {
      throw new ParameterException(
          requireNonNull(spec).commandLine(), String.join(System.lineSeparator(), faults));
    }
  }

  private void requireFreePorts() throws IOException {
    List<Integer> taken = new ArrayList<>();
    for (int id = 0; id < servers; id++) {
      List<Endpoint> wanted = new ArrayList<>(List.of(resp(id), overlay(id)));
      if (httpPort != 0) {
        wanted.add(http(id));
      }
      if (memcachedPort != 0) {
        wanted.add(memcached(id));
      }
      for (Endpoint endpoint : wanted) {
        if (!Ports.isFree(endpoint)) {
          taken.add(endpoint.port());
        }
      }
    }
    if (!taken.isEmpty()) {
      String ports = taken.stream().sorted().map(String::valueOf).collect(Collectors.joining(", "));
      throw new IOException(
          (taken.size() == 1 ? "port " + ports + " is" : "ports " + ports + " are")
              + " in use on "
              + HOST
              + "; choose others with --resp-port, --http-port and --memcached-port");
    }
  }

  private Endpoint http(int id) {
    return new Endpoint(HOST, httpPort + id);
  }

  private Endpoint resp(int id) {
    return new Endpoint(HOST, respPort + id);
  }

  private Endpoint overlay(int id) {
    return new Endpoint(HOST, respPort + OVERLAY_PORTS_ABOVE + id);
  }

  private Endpoint memcached(int id) {
    return new Endpoint(HOST, memcachedPort + id);
  }

  private NodeConfig node(int id) {
    NodeConfig.Builder node =
        server
            .applyTo(NodeConfig.of(new NodeId(id), data.resolve("node-" + id)).toBuilder())
            .listen(overlay(id))
            .resp(resp(id))
            .lab(lab);
    if (httpPort != 0) {
      node.http(http(id));
    }
    if (memcachedPort > 0) {
      node.memcached(memcached(id));
    }
    return id == 0 ? node.build() : node.join(overlay(0)).build();
  }

  private static void say(String message) {
    System.err.println("gamut up: " + message);
  }
}
