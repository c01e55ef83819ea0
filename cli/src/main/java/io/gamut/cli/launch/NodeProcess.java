package io.gamut.cli.launch;

import io.gamut.overlay.Endpoint;
import io.gamut.server.NodeConfig;
import io.gamut.server.gateway.GatewayConfig;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A server or a gateway in a process of its own: {@code gamut node}, {@code gamut gateway}.
 *
 * <p>The child watches its standard input, whose other end is held by this process and by nobody
 * else: when this process ends, even by {@code kill -9}, the child sees the end of its input and
 * ends too.
 */
public final class NodeProcess implements RunningNode {
  private static final long START_SECONDS_MAX = 60;
  private static final long STOP_SECONDS_MAX = 20;
  private static final int LOG_LINES_SHOWN = 5;
  private static final Pattern READY =
      Pattern.compile(
          "ready (?:node|gateway)=\\d+ resp=(?<resp>\\S+) overlay=(?<overlay>\\S+)(?:"
              + " http=(?<http>\\S+))?(?: memcached=\\S+)?");

  private final Process process;
  private final Endpoint resp;
  private final Endpoint overlay;
  private final @Nullable Path log;

  private NodeProcess(Process process, Endpoint resp, Endpoint overlay, @Nullable Path log) {
    this.process = process;
    this.log = log;
    this.resp = resp;
    this.overlay = overlay;
  }

  /**
   * Starts a server's process and waits until it serves.
   *
   * @param log where its log goes; null for this process's standard error
   */
  static NodeProcess start(NodeConfig config, ProcessStyle style, @Nullable Path log)
      throws IOException, InterruptedException {
    return start(NodeCommandLine.of(config, style), "server " + config.id(), log);
  }

  /** The same of a gateway. */
  static NodeProcess start(GatewayConfig config, ProcessStyle style, @Nullable Path log)
      throws IOException, InterruptedException {
    return start(NodeCommandLine.of(config, style), "the gateway", log);
  }

  private static NodeProcess start(List<String> command, String name, @Nullable Path log)
      throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.redirectError(
        log == null
            ? ProcessBuilder.Redirect.INHERIT
            : ProcessBuilder.Redirect.appendTo(log.toFile()));
    Process process = builder.start();
    try {
      Matcher ready = awaitReady(process, name, log);
      return new NodeProcess(
          process,
          Endpoint.parse(ready.group("resp")),
          Endpoint.parse(ready.group("overlay")),
          log);
    } catch (IOException | InterruptedException | RuntimeException e) {
      process.destroyForcibly();
      throw e;
    }
  }

  private static Matcher awaitReady(Process process, String name, @Nullable Path log)
      throws IOException, InterruptedException {
    CompletableFuture<@Nullable String> line = new CompletableFuture<>();
    BufferedReader out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    Thread.ofVirtual()
        .start(() -> {
          try {
            line.complete(readyLine(out));
          } catch (IOException e) {
            line.completeExceptionally(e);
          }
        });
    String what = name + " did not start";
    try {
      String said = line.get(START_SECONDS_MAX, TimeUnit.SECONDS);
      Matcher ready = READY.matcher(said == null ? "" : said);
      if (!ready.matches()) {
        throw new IOException(what + ": " + lastWords(process, log));
      }
      return ready;
    } catch (TimeoutException e) {
      throw new IOException(what + " within " + START_SECONDS_MAX + " s", e);
    } catch (ExecutionException e) {
      throw new IOException(what + ": " + e.getMessage(), e);
    }
  }

  /** Null when the process ended without having been ready; a JVM may say things before. */
  private static @Nullable String readyLine(BufferedReader out) throws IOException {
    String line = out.readLine();
    while (line != null && !READY.matcher(line).matches()) {
      line = out.readLine();
    }
    return line;
  }

  /** How the process ended, or will have ended, and what it logged last. */
  private static String lastWords(Process process, @Nullable Path log) {
    String status = "it ended with status " + process.onExit().join().exitValue();
    if (log == null) {
      return status;
    }
    try {
      List<String> lines = Files.readAllLines(log);
      List<String> last = lines.subList(Math.max(0, lines.size() - LOG_LINES_SHOWN), lines.size());
      return status + (last.isEmpty() ? "" : "; its log ends: " + String.join(" | ", last));
    } catch (IOException e) {
      return status + "; its log cannot be read: " + e.getMessage();
    }
  }

  @Override
  public Endpoint respAddress() {
    return resp;
  }

  @Override
  public Endpoint overlayAddress() {
    return overlay;
  }

  @Override
  public long pid() {
    return process.pid();
  }

  @Override
  public void kill() {
    process.destroyForcibly();
    process.onExit().join();
  }

  @Override
  public void stop() throws InterruptedException {
    process.destroy();
    if (!process.waitFor(STOP_SECONDS_MAX, TimeUnit.SECONDS)) {
      kill();
    }
  }

  @Override
  public void pause() throws IOException {
    Signals.stop(process.pid());
  }

  @Override
  public void resume() throws IOException {
    Signals.goOn(process.pid());
  }

  @Override
  public boolean endedInOrder() {
    return !process.isAlive() && process.exitValue() == 0;
  }

  @Override
  public CompletableFuture<String> ended() {
    return process.onExit().thenApply(ended -> lastWords(ended, log));
  }
}
