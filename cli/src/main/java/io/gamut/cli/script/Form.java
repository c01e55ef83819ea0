package io.gamut.cli.script;

/**
 * How a command is written.
 *
 * @param usage its arguments as people read them
 * @param least the fewest arguments
 * @param most the most
 */
record Form(String usage, int least, int most, Maker maker) {
  /** Makes a step of the arguments; their number has been checked. */
  @FunctionalInterface
  interface Maker {
    Step make(Words words) throws ScriptException;
  }

  static Form of(String usage, int count, Maker maker) {
    return new Form(usage, count, count, maker);
  }

  Step make(String name, Words words, char separator) throws ScriptException {
    if (words.count() < least || words.count() > most) {
      String how = usage.isEmpty() ? name : name + separator + usage;
      String fault = words.count() < least ? "lacks an argument" : "has an argument too many";
      throw new ScriptException("'" + name + "' " + fault + "; it is written: " + how);
    }
    return maker.make(words);
  }
}
