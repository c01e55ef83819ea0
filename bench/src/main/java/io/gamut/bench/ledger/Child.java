package io.gamut.bench.ledger;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.gamut.bench.ProcessFacts;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Writer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** A {@link LedgerProcess}, seen from the one that started it. */
final class Child implements AutoCloseable {
  private final Process process;
  private final BufferedReader answers;
  private final Writer orders;
  private final String address;

  /**
   * Starts it and waits until it listens.
   *
   * @param java the command that runs a main class: executable, options, class path
   */
  Child(List<String> java, List<String> arguments) throws IOException {
    List<String> command = new ArrayList<>(java);
    command.add(LedgerProcess.class.getName());
    command.addAll(arguments);
    process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    answers = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
    orders = process.outputWriter(UTF_8);
    address = answer();
  }

  String address() {
    return address;
  }

  /** Sends a line and waits for its answer. */
  String ask(String order) throws IOException {
    order(order);
    return answer();
  }

  /** Sends a line whose answer is to be fetched later. */
  void order(String order) throws IOException {
    orders.write(order + "\n");
    orders.flush();
  }

  String answer() throws IOException {
    String line = answers.readLine();
    if (line == null) {
      throw new IOException("a process of the benchmark has ended; its reason stands above");
    }
    return line;
  }

  boolean hasAnswer() throws IOException {
    return answers.ready();
  }

  /** The processor time that it has used. */
  Duration processorTime() {
    return process.info().totalCpuDuration().orElse(Duration.ZERO);
  }

  /** A figure of {@code /proc}, where there is such a thing: its first number. */
  OptionalLong status(String name) throws IOException {
    return ProcessFacts.status(process.pid(), name);
  }

  /** Ends it as {@code kill -9} does. */
  void kill() {
    process.destroyForcibly();
  }

  @Override
  public void close() {
    kill();
    process.onExit().join();
  }
}
