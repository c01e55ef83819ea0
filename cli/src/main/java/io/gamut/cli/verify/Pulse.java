package io.gamut.cli.verify;

import java.io.Console;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** Says once a second on a terminal what long work is at. */
final class Pulse {
  private static final int WIDTH = 78;

  private final PrintWriter err;
  private final boolean isShown;

  /** Work that may read and write. */
  @FunctionalInterface
  interface Work<T> {
    T run() throws IOException, InterruptedException;
  }

  Pulse(PrintWriter err) {
    this.err = err;
    isShown = isTerminal();
  }

  @SuppressWarnings("SystemConsoleNull") // it is null where standard input is not a terminal
  private static boolean isTerminal() {
    Console console = System.console();
    return console != null && console.isTerminal();
  }

  /** Does the work, and meanwhile says what {@code words} gives. */
  <T> T during(Supplier<String> words, Work<T> work) throws IOException, InterruptedException {
    long begun = System.nanoTime();
    boolean wasShown = false;
    try (ExecutorService thread =
        Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().factory())) {
      Future<T> result = thread.submit(work::run);
      while (true) {
        try {
          return result.get(1, TimeUnit.SECONDS);
        } catch (TimeoutException _) {
          long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begun);
          wasShown |= isShown;
          show("%s, %d s".formatted(words.get(), seconds));
        }
      }
    } catch (ExecutionException e) {
      throw unwrapped(e);
    } finally {
      if (wasShown) {
        show("");
        err.print('\r');
        err.flush();
      }
    }
  }

  /** Says something that stays; from any thread. */
  synchronized void say(String words) {
    show("");
    err.println((isShown ? "\r" : "") + "gamut verify: " + words);
    err.flush();
  }

  private synchronized void show(String words) {
    if (isShown) {
      err.print("\r" + words + " ".repeat(Math.max(0, WIDTH - words.length())));
      err.flush();
    }
  }

  private static IOException unwrapped(ExecutionException e) {
    return switch (e.getCause()) {
      case IOException cause -> cause;
      case RuntimeException cause -> throw cause;
      case Error cause -> throw cause;
      case null, default -> throw new IllegalStateException(e);
    };
  }
}
