package io.gamut.cli.data;

import static java.util.Objects.requireNonNull;

import io.gamut.client.Command;
import io.gamut.client.Handle;
import io.gamut.client.Outcome;
import io.gamut.client.Session;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** A command that asks a cluster and prints what it says. */
abstract class DataCommand implements Callable<Integer> {
  static final int EXIT_NO = 1;
  static final int EXIT_UNKNOWN = 3;

  @Mixin private final ClientOptions options = new ClientOptions();
  @Spec private @Nullable CommandSpec spec;

  /** Asks, and prints; the exit code. */
  abstract int run(Handle cluster, Printer printer) throws Exception;

  @Override
  public Integer call() throws Exception {
    return options.with((cluster, session) -> run(cluster, session));
  }

  private int run(Handle cluster, Session session) throws Exception {
    try (Printer printer = new Printer(options, session)) {
      return run(cluster, printer);
    }
  }

  static byte[] bytes(String word) {
    return word.getBytes(StandardCharsets.UTF_8);
  }

  /** Says on standard error what does not belong to the result. */
  void say(String words) {
    CommandSpec own = requireNonNull(spec);
    own.commandLine().getErr().println("gamut " + own.name() + ": " + words);
    own.commandLine().getErr().flush();
  }

  /** Does something with an answer. */
  @FunctionalInterface
  interface Answered<T> {
    int with(Outcome.Ok<T> answer) throws Exception;
  }

  /** Asks for one thing; the exit code, which tells a failure from an unknown outcome. */
  <T> int ask(Handle cluster, Command<T> command, Answered<T> answered) throws Exception {
    return switch (cluster.outcome(command)) {
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
