package io.gamut.cli;

import static java.util.Objects.requireNonNull;

import io.gamut.cli.launch.Rehearsal;
import io.gamut.core.NodeId;
import io.gamut.overlay.Endpoint;
import io.gamut.server.Node;
import io.gamut.server.NodeConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
    name = "node",
    description = {
      "Run one server.",
      "When it serves it prints one line: ready node=ID resp=HOST:PORT overlay=HOST:PORT, and"
          + " http=HOST:PORT and memcached=HOST:PORT behind that if it was asked for them. It logs"
          + " to standard error. It ends in order on SIGTERM."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  gamut node --id 0 --data data/0",
      "  gamut node --id 1 --data data/1 --resp 127.0.0.1:7380 --listen 127.0.0.1:7480 \\",
      "             --join 127.0.0.1:7479",
      "",
      "A server with data comes back as itself, with or without --join."
    })
final class NodeCommand implements Callable<Integer> {
  static final int WARM_UP_MILLIS_MAX = 60_000;

  @Mixin private final ServerOptions server = new ServerOptions();
  @Mixin private final ServingOptions serving = new ServingOptions();
  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--id",
      required = true,
      paramLabel = "ID",
      description = "Its name in the cluster: a whole number from 0 to 49151.")
  private int id;

  @Option(
      names = "--data",
      required = true,
      paramLabel = "DIR",
      description = "The directory that holds all that it must remember.")
  private @Nullable Path data;

  @Option(
      names = "--listen",
      paramLabel = "HOST:PORT",
      defaultValue = "127.0.0.1:7479",
      description =
          "Where other servers reach it; port 0 for any free one. Default: ${DEFAULT-VALUE}.")
  private Endpoint listen = new Endpoint("127.0.0.1", 7479);

  @Option(
      names = "--join",
      paramLabel = "HOST:PORT",
      description =
          "Where a server of the cluster listens; without it, a server without data begins a"
              + " cluster of its own.")
  private @Nullable Endpoint join;

  @Option(
      names = "--warm-up",
      paramLabel = "MS",
      defaultValue = "0",
      description =
          "Milliseconds spent, before it serves, on requests to throwaway servers in the same"
              + " process: the first real requests then find their code compiled. Default:"
              + " ${DEFAULT-VALUE}.")
  private int warmUpMillis;

  @Override
  public Integer call() throws IOException, InterruptedException {
    NodeConfig checked = checked();
    serving.watchParent();
    warmUp(checked);
    Node node = Node.start(checked);
    OrderlyEnd end = OrderlyEnd.onSignal(node::close);
    ServingOptions.sayReady(
        "node=" + node.id(),
        node.respAddress(),
        node.overlayAddress(),
        node.httpAddress(),
        node.memcachedAddress());
    Throwable failure = node.terminated().join();
    if (failure == null && node.hasLeft()) {
      end.disarm();
      return 0;
    }
    if (failure == null) {
      end.await();
      return 0;
    }
    end.disarm();
    throw new IOException("server " + id + " has stopped: " + failure.getMessage(), failure);
  }

  private void warmUp(NodeConfig config) throws InterruptedException {
    if (warmUpMillis == 0) {
      return;
    }
    Path scratch = config.data().resolve("warm-up");
    Directories.delete(scratch);
    try {
      Rehearsal.run(scratch, config.durability(), Duration.ofMillis(warmUpMillis));
    } catch (IOException e) {
      System.err.println("gamut node: goes on without having warmed up: " + e.getMessage());
    } finally {
      Directories.delete(scratch);
    }
  }

  private NodeConfig checked() {
    try {
      if (warmUpMillis < 0 || warmUpMillis > WARM_UP_MILLIS_MAX) {
        throw new IllegalArgumentException(
            "--warm-up is 0 to " + WARM_UP_MILLIS_MAX + " ms, not " + warmUpMillis);
      }
      NodeConfig.Builder node =
          server
              .applyTo(NodeConfig.of(new NodeId(id), requireNonNull(data)).toBuilder())
              .listen(listen)
              .clients(serving.clients())
              .lab(serving.lab)
              .waitMillis(serving.waitMillis)
              .threads(serving.threads)
              .access(serving.access.config());
      return join == null ? node.build() : node.join(join).build();
    } catch (IllegalArgumentException e) {
      throw new ParameterException(requireNonNull(spec).commandLine(), e.getMessage(), e);
    }
  }
}
