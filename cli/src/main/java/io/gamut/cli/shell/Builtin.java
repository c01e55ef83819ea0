package io.gamut.cli.shell;

import io.gamut.cli.script.ScriptException;
import java.io.IOException;
import java.util.List;

/**
 * A command of the shell itself.
 *
 * @param arguments as people read them
 * @param least the fewest arguments
 * @param most the most
 */
record Builtin(
    String name,
    String arguments,
    int least,
    int most,
    String description,
    List<String> examples,
    Action action) {
  /** Does it; the number of arguments has been checked. */
  @FunctionalInterface
  interface Action {
    void run(List<String> arguments) throws ScriptException, IOException;
  }

  String usage() {
    return arguments.isEmpty() ? name : name + " " + arguments;
  }

  void run(List<String> given) throws ScriptException, IOException {
    if (given.size() < least || given.size() > most) {
      String fault = given.size() < least ? "lacks an argument" : "has an argument too many";
      throw new ScriptException("'" + name + "' " + fault + "; it is written: " + usage());
    }
    action.run(given);
  }
}
