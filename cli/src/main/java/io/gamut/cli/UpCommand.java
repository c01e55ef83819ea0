package io.gamut.cli;

import static java.util.Objects.requireNonNull;

import io.gamut.cli.launch.Fleet;
import io.gamut.cli.launch.Launchers;
import io.gamut.cli.launch.Ports;
import io.gamut.cli.launch.RunningNode;
import io.gamut.core.NodeId;
import io.gamut.overlay.Endpoint;
import io.gamut.server.ClientEndpoints;
import io.gamut.server.NodeConfig;
import io.gamut.server.gateway.GatewayConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
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
      "  gamut up --resp-port 6379 --http-port 0 --durability interval",
      "  gamut up --separate --gateways 2"
    })
final class UpCommand implements Callable<Integer> {
  private static final String HOST = "127.0.0.1";
  private static final int SERVERS_MAX = 64;
  private static final int OVERLAY_PORTS_ABOVE = 100;
  private static final int GATEWAY_PORTS_ABOVE = 200;
  private static final int GATEWAYS_MAX = 64;
  private static final int PORT_MAX = 0xFFFF - GATEWAY_PORTS_ABOVE - GATEWAYS_MAX;

  @Mixin private final ServerOptions server = new ServerOptions();
  @Mixin private final AccessOptions access = new AccessOptions();
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
      names = "--gateways",
      paramLabel = "N",
      defaultValue = "0",
      description =
          "How many gateways before the servers. Clients reach the first one on the ports 200 above"
              + " those of server 0; the others have the ports behind it. Default:"
              + " ${DEFAULT-VALUE}.")
  private int gateways;

  @Option(
      names = "--lab",
      description =
          "Let clients break and mend links (GAMUT LINK), slow or fill disks and put clocks off"
              + " (GAMUT FAULT). Never in production.")
  private boolean lab;

  @Override
  public Integer call() throws IOException, InterruptedException {
    requireInRange();
    var _ = access.config().load();
    requireFreePorts();
    Fleet fleet =
        new Fleet(separate ? Launchers.processes() : Launchers.embedded(), UpCommand::say);
    OrderlyEnd end = OrderlyEnd.onSignal(fleet::stop);
    try {
      fleet.start(IntStream.range(0, servers).mapToObj(this::node).toList());
      fleet.startGateways(
          separate ? Launchers.gatewayProcesses() : Launchers.embeddedGateways(),
          IntStream.range(0, gateways).mapToObj(this::gateway).toList());
    } catch (IOException e) {
      end.disarm();
      fleet.stop();
      throw e;
    }
    sayWhere(fleet);
    System.out.println("ready " + addresses(fleet.nodes()));
    System.out.flush();
    end.await();
    return 0;
  }

  private static String addresses(List<RunningNode> nodes) {
    return nodes.stream()
        .map(node -> node.respAddress().toString())
        .collect(Collectors.joining(" "));
  }

  private void sayWhere(Fleet fleet) {
    if (httpPort > 0) {
      say("HTTP at " + addresses(httpPort, servers));
    }
    if (memcachedPort > 0) {
      say("memcached at " + addresses(memcachedPort, servers));
    }
    if (gateways > 0) {
      say(
          "gateways at "
              + addresses(fleet.gateways())
              + alsoAt(", HTTP at ", httpPort)
              + alsoAt(", memcached at ", memcachedPort));
    }
  }

  private String alsoAt(String what, int port) {
    return port == 0 ? "" : what + addresses(port + GATEWAY_PORTS_ABOVE, gateways);
  }

  private static String addresses(int port, int count) {
    return IntStream.range(0, count)
        .mapToObj(above -> at(port, above).toString())
        .collect(Collectors.joining(" "));
  }

  private void requireInRange() {
    List<String> faults = new ArrayList<>();
    requireWithin("--servers", servers, 1, SERVERS_MAX, faults);
    requireWithin("--gateways", gateways, 0, GATEWAYS_MAX, faults);
    requireWithin("--resp-port", respPort, 1, PORT_MAX, faults);
    requireWithin("--http-port", httpPort, 0, PORT_MAX, faults);
    requireWithin("--memcached-port", memcachedPort, 0, PORT_MAX, faults);
    try {
      var _ = access.config();
    } catch (IllegalArgumentException e) {
      faults.add(e.getMessage());
    }
    if (!faults.isEmpty()) {
      throw new ParameterException(
          requireNonNull(spec).commandLine(), String.join(System.lineSeparator(), faults));
    }
  }

  private static void requireWithin(
      String option, int value, int least, int most, List<String> faults) {
    if (value < least || value > most) {
      faults.add(option + " is " + least + " to " + most + ", not " + value);
    }
  }

  private void requireFreePorts() throws IOException {
    List<Integer> taken =
        Stream.of(
                IntStream.range(0, servers).mapToObj(this::overlay),
                IntStream.range(0, servers).boxed().flatMap(id -> places(clients(id))),
                IntStream.range(0, gateways)
                    .boxed()
                    .flatMap(id -> places(clients(GATEWAY_PORTS_ABOVE + id))))
            .flatMap(each -> each)
            .filter(place -> !Ports.isFree(place))
            .map(Endpoint::port)
            .sorted()
            .toList();
    if (!taken.isEmpty()) {
      String ports = taken.stream().map(String::valueOf).collect(Collectors.joining(", "));
      throw new IOException(
          (taken.size() == 1 ? "port " + ports + " is" : "ports " + ports + " are")
              + " in use on "
              + HOST
              + "; choose others with --resp-port, --http-port and --memcached-port");
    }
  }

  private static Stream<Endpoint> places(ClientEndpoints clients) {
    return Stream.of(Optional.of(clients.resp()), clients.http(), clients.memcached())
        .flatMap(Optional::stream);
  }

  /** Where clients reach a server, or a gateway, so many ports above those of server 0. */
  private ClientEndpoints clients(int above) {
    return new ClientEndpoints(
        at(respPort, above),
        httpPort == 0 ? Optional.empty() : Optional.of(at(httpPort, above)),
        memcachedPort == 0 ? Optional.empty() : Optional.of(at(memcachedPort, above)));
  }

  private static Endpoint at(int port, int above) {
    return new Endpoint(HOST, port + above);
  }

  private Endpoint overlay(int id) {
    return at(respPort, OVERLAY_PORTS_ABOVE + id);
  }

  private NodeConfig node(int id) {
    NodeConfig.Builder node =
        server
            .applyTo(NodeConfig.of(new NodeId(id), data.resolve("node-" + id)).toBuilder())
            .listen(overlay(id))
            .clients(clients(id))
            .lab(lab)
            .access(access.config());
    return id == 0 ? node.build() : node.join(overlay(0)).build();
  }

  private GatewayConfig gateway(int id) {
    return new GatewayConfig(
        IntStream.range(0, servers).mapToObj(this::overlay).toList(),
        at(0, 0),
        clients(GATEWAY_PORTS_ABOVE + id),
        server.defaultLevel,
        lab,
        NodeConfig.WAIT_MILLIS_DEFAULT,
        NodeConfig.defaultThreads(),
        access.config());
  }

  private static void say(String message) {
    System.err.println("gamut up: " + message);
  }
}
