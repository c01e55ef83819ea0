package io.gamut.cli.lab;

import io.gamut.cli.script.ScriptException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The clients of the lab. They share one namespace of ids with the servers. */
final class Clients {
  private final Map<Integer, LabClient> clients = new HashMap<>();

  boolean has(int id) {
    return clients.containsKey(id);
  }

  LabClient client(int id) throws ScriptException {
    LabClient client = clients.get(id);
    if (client == null) {
      throw new ScriptException("there is no client " + id);
    }
    return client;
  }

  List<Integer> ids() {
    return clients.keySet().stream().sorted().toList();
  }

  /** Those with a server that runs, by id. */
  List<Integer> connected() {
    return clients.entrySet().stream()
        .filter(each -> each.getValue().server() != null)
        .map(Map.Entry::getKey)
        .sorted()
        .toList();
  }

  LabClient clientOrNew(int id) {
    return clients.computeIfAbsent(id, LabClient::new);
  }
}
