package io.gamut.cli;

import io.gamut.overlay.Endpoint;
import io.gamut.server.ClientEndpoints;
import io.gamut.server.NodeConfig;
import java.io.IOException;
import java.util.Optional;
import org.jline.utils.Signals;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How a process serves its clients, be it a server or a gateway. */
final class ServingOptions {
  @Mixin final AccessOptions access = new AccessOptions();

  @Option(
      names = "--resp",
      paramLabel = "HOST:PORT",
      defaultValue = "127.0.0.1:7379",
      description = "Where clients reach it; port 0 for any free one. Default: ${DEFAULT-VALUE}.")
  private Endpoint resp = new Endpoint("127.0.0.1", 7379);

  @Option(
      names = "--http",
      paramLabel = "HOST:PORT",
      description =
          "Where HTTP clients reach it; port 0 for any free one. Without it there is no HTTP.")
  private @Nullable Endpoint http;

  @Option(
      names = "--memcached",
      paramLabel = "HOST:PORT",
      description =
          "Where memcached clients reach it; port 0 for any free one. Without it they do not.")
  private @Nullable Endpoint memcached;

  @Option(
      names = "--lab",
      description =
          "Let clients break and mend its links (GAMUT LINK), slow or fill its disk and put its"
              + " clock off (GAMUT FAULT). Never in production.")
  boolean lab;

  @Option(
      names = "--wait",
      paramLabel = "MS",
      defaultValue = "" + NodeConfig.WAIT_MILLIS_DEFAULT,
      description =
          "Milliseconds that a request waits for what its session depends on. Default:"
              + " ${DEFAULT-VALUE}.")
  int waitMillis = NodeConfig.WAIT_MILLIS_DEFAULT;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Network threads. Default: one less than there are processors, 4 at most.")
  int threads = NodeConfig.defaultThreads();

  @Option(names = "--die-with-parent", hidden = true)
  private boolean dieWithParent;

  /** Where clients are to reach it. */
  ClientEndpoints clients() {
    return new ClientEndpoints(resp, Optional.ofNullable(http), Optional.ofNullable(memcached));
  }

  /** If it was started by another process that it is to end with, sees to that. */
  void watchParent() {
    if (dieWithParent) {
      Thread.ofPlatform().daemon().name("parent").start(ServingOptions::awaitParentsEnd);
    }
  }

  /**
   * Reads standard input to its end, which comes when the parent ends, however it ends. A Ctrl-C in
   * the terminal that both share is for the parent to understand: a shell goes on after it.
   */
  private static void awaitParentsEnd() {
    var _ = Signals.register("INT", () -> {});
    try {
      while (System.in.read() >= 0) {
        // What the parent writes does not matter.
      }
    } catch (IOException e) {
      // As good as the end.
    }
    Runtime.getRuntime().halt(Gamut.EXIT_FAILED);
  }

  /** Prints the line that tells that a process serves, and where. */
  static void sayReady(
      String name,
      Endpoint resp,
      Endpoint overlay,
      Optional<Endpoint> http,
      Optional<Endpoint> memcached) {
    System.out.println(
        "ready %s resp=%s overlay=%s%s%s"
            .formatted(
                name,
                resp,
                overlay,
                http.map(address -> " http=" + address).orElse(""),
                memcached.map(address -> " memcached=" + address).orElse("")));
    System.out.flush();
  }
}
