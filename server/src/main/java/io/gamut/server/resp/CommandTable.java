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
            ClusterCommands.all(),
            CommandCommands.all(),
            GamutCommands.all())) {
      some.forEach(command -> byName.put(command.name(), command));
    }
  }

  /**
   * @param name in capitals
   */
  @Nullable Command find(String name) {
    return byName.get(name);
  }

  /** Ascending by name. */
  Collection<Command> all() {
    return byName.values();
  }
}
