package io.gamut.cli;

import static java.util.Objects.requireNonNull;

import io.gamut.core.Consistency;
import io.gamut.overlay.Endpoint;
import io.gamut.server.gateway.GatewayConfig;
import io.gamut.server.gateway.GatewayNode;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
    name = "gateway",
    description = {
      "Run a gateway: a process without data that takes clients' connections, and has the servers"
          + " of a cluster answer them.",
      "It finds the leader and the nearest servers by itself, and hides it from its clients when"
          + " servers fail. Several can run; any of them can be killed.",
      "When it serves it prints one line: ready gateway=ID resp=HOST:PORT overlay=HOST:PORT, and"
          + " http=HOST:PORT and memcached=HOST:PORT behind that if it was asked for them. It logs"
          + " to standard error. On SIGTERM it answers what it has taken, and ends."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  gamut gateway --join 127.0.0.1:7479 --resp 127.0.0.1:6379",
      "  gamut gateway --join one:7479,two:7479 --resp 0.0.0.0:6379 --http 0.0.0.0:8080"
    })
final class GatewayCommand implements Callable<Integer> {
  @Mixin private final ServingOptions serving = new ServingOptions();
  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--join",
      required = true,
      split = ",",
      paramLabel = "HOST:PORT",
      description =
          "Where servers of the cluster listen for others (their --listen): one that answers is"
              + " enough, and tells of the others.")
  private List<Endpoint> join = List.of();

  @Option(
      names = "--listen",
      paramLabel = "HOST:PORT",
      defaultValue = "127.0.0.1:0",
      description = "Where servers reach it; port 0 for any free one. Default: ${DEFAULT-VALUE}.")
  private Endpoint listen = new Endpoint("127.0.0.1", 0);

  @Option(
      names = "--default-level",
      paramLabel = "LEVEL",
      defaultValue = "linearizable",
      description =
          "The level of connections that ask for none: eventual, session, causal, sequential,"
              + " bounded or linearizable. Default: ${DEFAULT-VALUE}.")
  private Consistency defaultLevel = Consistency.LINEARIZABLE;

  @Override
  public Integer call() throws IOException, InterruptedException {
    GatewayConfig config = checked();
    serving.watchParent();
    GatewayNode gateway = GatewayNode.start(config);
    OrderlyEnd end = OrderlyEnd.onSignal(gateway::close);
    ServingOptions.sayReady(
        "gateway=" + gateway.id(),
        gateway.respAddress(),
        gateway.overlayAddress(),
        gateway.httpAddress(),
        gateway.memcachedAddress());
    gateway.terminated().join();
    end.await();
    return 0;
  }

  private GatewayConfig checked() {
    try {
      return new GatewayConfig(
          join,
          listen,
          serving.clients(),
          defaultLevel,
          serving.lab,
          serving.waitMillis,
          serving.threads,
          serving.access.config());
    } catch (IllegalArgumentException e) {
      throw new ParameterException(requireNonNull(spec).commandLine(), e.getMessage(), e);
    }
  }
}
