package io.gamut.cli;

import io.gamut.cli.launch.Ports;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code gamut up} with three servers, on other ports than those that it takes by default. */
public final class UpProcess {
  private static final int ATTEMPTS_MAX = 5;
  private static final long END_SECONDS_MAX = 60;
  private static final List<Integer> FIRST = List.of(7379, 7211, 7080);
  private static final Pattern PORT = Pattern.compile("\\b(?:7379|738[01]|721[1-3]|708[0-2])\\b");

  private final Process process;
  private final Map<Integer, Integer> ports;

  private UpProcess(Process process, Map<Integer, Integer> ports) {
    this.process = process;
    this.ports = ports;
  }

  /**
   * Starts it, and returns when it is ready.
   *
   * @param more options
   */
  public static UpProcess start(Path directory, String... more) throws IOException {
    for (int attempt = 1; ; attempt++) {
      Map<Integer, Integer> ports = Map.of(7379, port(), 7211, port(), 7080, port());
      List<String> command = new ArrayList<>(List.of(more));
      command.addAll(
          0,
          List.of(
              Path.of(System.getProperty("java.home"), "bin", "java").toString(),
              "-XX:+UseSerialGC",
              "--enable-native-access=ALL-UNNAMED",
              "-cp",
              System.getProperty("java.class.path"),
              "io.gamut.cli.Gamut",
              "up",
              "--data=" + directory.resolve("data-" + attempt),
              "--resp-port=" + ports.get(7379),
              "--memcached-port=" + ports.get(7211),
              "--http-port=" + ports.get(7080)));
      Process process =
          new ProcessBuilder(command)
              .redirectError(directory.resolve("up-" + attempt).toFile())
              .start();
      try {
        awaitReady(process.inputReader(StandardCharsets.UTF_8));
        return new UpProcess(process, ports);
      } catch (IOException e) {
        // Some other process may have taken one of the ports meanwhile.
        process.destroyForcibly();
        if (attempt == ATTEMPTS_MAX) {
          throw e;
        }
      }
    }
  }

  private static int port() throws IOException {
    return Ports.freePair("127.0.0.1");
  }

  private static void awaitReady(BufferedReader out) throws IOException {
    String line = out.readLine();
    while (line != null && !line.startsWith("ready ")) {
      line = out.readLine();
    }
    if (line == null) {
      throw new IOException("gamut up ended before it was ready");
    }
  }

  /** The port that is one by default. */
  public int port(int byDefault) {
    int first =
        FIRST.stream()
            .filter(port -> byDefault >= port && byDefault < port + 3)
            .findFirst()
            .orElseThrow();
    return ports.getOrDefault(first, 0) + byDefault - first;
  }

  /** A text with the ports that there are. */
  String substitute(String text) {
    return PORT.matcher(text)
        .replaceAll(port -> Matcher.quoteReplacement("" + port(Integer.parseInt(port.group()))));
  }

  /** Ends it in order. */
  public void stop() throws InterruptedException {
    process.destroy();
    if (!process.waitFor(END_SECONDS_MAX, TimeUnit.SECONDS)) {
      process.destroyForcibly();
    }
  }
}
