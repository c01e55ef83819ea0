package io.gamut.replication.committed;

import io.gamut.core.Operation;
import io.gamut.core.Version;
import io.gamut.core.VersionVector;
import io.gamut.replication.message.Update;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What an entry of the ledger tells the state machine. */
public sealed interface Command {
  /**
   * Strong operations of one proposer, applied together if {@code number} is its next and {@code
   * dependencies} are absorbed; else nothing happens, and they may be offered again.
   *
   * @param number counts this proposer's batches from 1
   * @param answered the replies to batches up to here need not be kept any more
   * @param stamp of the first operation; each other one's is one later. Ledger time is moved
   *     forward to it
   * @param operations null for one that was withdrawn: it uses up its place and nothing else
   */
  record Operations(
      Proposer proposer,
      long number,
      long answered,
      VersionVector dependencies,
      Version stamp,
      List<@Nullable Operation> operations)
      implements Command {}

  /** Weak updates, each absorbed if it is the next of its origin and its dependencies are. */
  record Absorb(List<Update> updates) implements Command {}
}
