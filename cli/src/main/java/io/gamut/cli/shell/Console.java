package io.gamut.cli.shell;

import java.io.OutputStream;
import java.util.function.Consumer;

/**
 * Where a shell prints.
 *
 * @param out for results, and nothing else
 * @param messages for everything else, a line at a time
 */
public record Console(OutputStream out, Consumer<String> messages) {
  void say(String message) {
    messages.accept(message);
  }
}
