package io.gamut.cli.data;

import static java.util.Objects.requireNonNull;

import io.gamut.client.Command;
import io.gamut.client.Handle;
import io.gamut.client.Outcome;
import io.gamut.client.Session;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** A command that asks a cluster and prints what it says. */
public abstract class DataCommand implements Callable<Integer> {
  static final int EXIT_NO = 1;
  static final int EXIT_UNKNOWN = 3;

  @Mixin private final ClientOptions options = new ClientOptions();
  @Spec private @Nullable CommandSpec spec;
  private @Nullable Printer printer;
  private Surroundings surroundings =
      new OneCommand(() -> requireNonNull(spec).commandLine().getErr());

  /** Asks, and prints; the exit code. */
  abstract int run(Handle cluster, Printer printer) throws Exception;

  /** Lets it work elsewhere than in a process of its own. */
  public final void workIn(Surroundings others) {
    surroundings = others;
  }

  @Override
  public Integer call() throws Exception {
    return surroundings.with(options, this::run);
  }

  private int run(Handle cluster, Session session) throws Exception {
    try (Printer opened = new Printer(options.form(), surroundings, session)) {
      printer = opened;
      return run(cluster, opened);
    }
  }

  byte[] bytes(String word) {
    return surroundings.bytes(word);
  }

  /** A key as people read it. */
  String shown(String word) {
    return new String(bytes(word), StandardCharsets.UTF_8);
  }

  /** How the session's last request on data was answered, in a line; null where nobody knows. */
  @Nullable String lastAnswer() {
    return surroundings.lastAnswer();
  }

  InputStream in() throws IOException {
    return surroundings.in();
  }

  /** Says on standard error what does not belong to the result, behind what was printed so far. */
  void say(String words) throws IOException {
    if (printer != null) {
      printer.flush();
    }
    surroundings.say(requireNonNull(spec).name(), words);
  }

  /** Does something with an answer. */
  @FunctionalInterface
  interface Answered<T> {
    int with(Outcome.Ok<T> answer) throws Exception;
  }

  /** Asks for one thing; the exit code, which tells a failure from an unknown outcome. */
  <T> int ask(Handle cluster, Command<T> command, Answered<T> answered) throws Exception {
    Outcome<T> outcome = cluster.outcome(command);
    surroundings.onOutcome(outcome);
    return switch (outcome) {
      case Outcome.Ok<T> ok -> answered.with(ok);
      case Outcome.Failed<T>(var fault, String message) -> {
        say(fault + ": " + message);
        yield EXIT_NO;
      }
      case Outcome.Unknown<T>(String reason) -> {
        say("the outcome is unknown: " + reason);
        yield EXIT_UNKNOWN;
      }
    };
  }
}
