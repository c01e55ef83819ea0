package io.gamut.replication.committed;

import io.gamut.core.Ends;
import io.gamut.core.Operation;
import io.gamut.core.Version;
import io.gamut.core.VersionVector;
import io.gamut.ledger.log.Participant;
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

  /**
   * A member is gone for good, with its disk: from now on it is no member to anybody, and the
   * origins it wrote under are to be closed.
   *
   * @param forgets whether its server is to be forgotten, by an operator's word; else it goes on
   *     with another disk
   */
  record Condemn(Participant gone, boolean forgets) implements Command {}

  /**
   * Ends the origins that a disk wrote under which is gone for good. Takes effect if every member
   * was asked what it holds of them.
   *
   * @param round the next one of this disk: who was asked takes no more until it has taken effect
   * @param ends the highest sequence that anybody holds of each
   * @param asked who was
   */
  record Close(Participant gone, long round, Ends ends, List<Participant> asked)
      implements Command {}

  /**
   * Collects tombstones. Takes effect if each member has promised at least this, all that they
   * promised is absorbed, every disk that is gone is closed, and every closed origin is absorbed up
   * to its end.
   *
   * @param floor a timestamp
   * @param promisers who promised not to stamp up to it
   * @param promised what they had received by then: whatever they stamped up to it is within
   */
  record RaiseFloor(long floor, List<Participant> promisers, VersionVector promised)
      implements Command {}
}
