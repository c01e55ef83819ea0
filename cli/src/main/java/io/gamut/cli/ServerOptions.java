package io.gamut.cli;

import io.gamut.core.Consistency;
import io.gamut.server.NodeConfig;
import io.gamut.storage.journal.Durability;
import picocli.CommandLine.Option;

/** What servers have in common, wherever they run. */
final class ServerOptions {
  @Option(
      names = "--durability",
      paramLabel = "WHEN",
      defaultValue = "fsync",
      description = {
        "When a write is acknowledged: fsync (on the disk), interval (handed to the system, which"
            + " syncs every few milliseconds) or none (handed to the system).",
        "Default: ${DEFAULT-VALUE}."
      })
  Durability durability = Durability.FSYNC;

  @Option(
      names = "--default-level",
      paramLabel = "LEVEL",
      defaultValue = "linearizable",
      description =
          "The level of connections that ask for none: eventual, session, causal, sequential,"
              + " bounded or linearizable. At the last three, requests need a majority of the"
              + " ledger's voters. Default: ${DEFAULT-VALUE}.")
  Consistency defaultLevel = Consistency.LINEARIZABLE;

  @Option(
      names = "--disk-reserve",
      paramLabel = "MB",
      defaultValue = "256",
      description =
          "Megabytes of its disk that a server leaves free: with less it takes no writes from"
              + " clients, with half of it none from other servers either; 0 for no limit."
              + " Default: ${DEFAULT-VALUE}.")
  int diskReserveMegabytes = 256;

  /** Says so of a server. */
  NodeConfig.Builder applyTo(NodeConfig.Builder node) {
    return node.durability(durability)
        .defaultLevel(defaultLevel)
        .diskReserveBytes((long) diskReserveMegabytes << 20);
  }
}
