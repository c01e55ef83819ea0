package io.gamut.server.resp;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** All commands, by name. */
final class CommandTable {
  private final Map<String, Command> byName = new TreeMap<>();

  CommandTable() {
    for (List<Command> some :
        List.of(
            StringCommands.all(),
            KeyCommands.all(),
            ScanCommands.all(),
            TransactionCommands.all(),
            ConnectionCommands.all(),
            ServerCommands.all(),
            ConfigCommands.all(),
            SlownessCommands.all(),
            ClusterCommands.all(),
            CommandCommands.all(),
            CompareCommands.all(),
            EntryCommands.all(),
            ExplainCommands.all(),
            GamutCommands.all())) {
      some.forEach(command -> byName.put(command.name(), command));
    }
  }

  /**
   * The command that some words name; null for none.
   *
   * @param name in capitals
   */
  @Nullable Command find(String name) {
    return byName.get(name);
  }

  /** The same, of a command that may be named by its second word too. */
  @Nullable Command find(Arguments arguments) {
    String name = arguments.word(0);
    Command part = arguments.size() > 1 ? find(name + "|" + arguments.word(1)) : null;
    return part == null ? find(name) : part;
  }

  /** Ascending by name. */
  Collection<Command> all() {
    return byName.values();
  }
}
