package io.gamut.cli;

import io.gamut.core.Consistency;
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
      defaultValue = "session",
      description =
          "The level of connections that ask for none: eventual, session, causal, sequential,"
              + " bounded or linearizable. At the last three, requests need a majority of the"
              + " ledger's voters. Default: ${DEFAULT-VALUE}.")
  Consistency defaultLevel = Consistency.SESSION;
}
