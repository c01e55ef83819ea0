package io.gamut.cli.data;

import io.gamut.client.GamutClient;
import io.gamut.client.Outcome;
import io.gamut.client.Session;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;

/** The surroundings of a command that is a process of its own. */
final class OneCommand implements Surroundings {
  private final Supplier<PrintWriter> messages;

  OneCommand(Supplier<PrintWriter> messages) {
    this.messages = messages;
  }

  /** Connects, works, and disconnects. */
  @Override
  public int with(ClientOptions options, Work work) throws Exception {
    Session own = options.newSession();
    try (GamutClient client = options.connect()) {
      return work.run(client.at(options.level()).in(own), own);
    }
  }

  @Override
  public byte[] bytes(String word) {
    return word.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public InputStream in() {
    return System.in;
  }

  @Override
  public OutputStream out() {
    return System.out;
  }

  @Override
  public boolean endsLines() {
    return Printer.isTerminal();
  }

  @Override
  public void say(String command, String words) {
    PrintWriter err = messages.get();
    err.println("gamut " + command + ": " + words);
    err.flush();
  }

  @Override
  public void onOutcome(Outcome<?> outcome) {
    // The exit status says it.
  }
}
