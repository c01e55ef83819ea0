package io.gamut.replication.message;

import io.gamut.core.NodeId;
import io.gamut.core.Origin;
import io.gamut.core.VersionVector;
import java.util.List;

/** What a replica asks its journal to keep, so that it can be rebuilt after a crash. */
public sealed interface JournalRecord {
  /** The updates that are kept with it. */
  default List<Update> updates() {
    return List.of();
  }

  /** Updates in the order in which they were accepted, own and received. */
  record Updates(List<Update> updates) implements JournalRecord {}

  /**
   * Updates of one origin up to {@code through}. Sequences that are not among them were superseded
   * elsewhere and will never come; what superseded them lies within {@code barrier}.
   */
  record GappedUpdates(Origin origin, long through, List<Update> updates, VersionVector barrier)
      implements JournalRecord {}

  /** All members show this, so what it has superseded may be dropped. */
  record BarrierRaised(VersionVector shownByAll) implements JournalRecord {}

  /** Catching up over gaps is given up, and what came in the course of it is forgotten. */
  record CatchUpAbandoned() implements JournalRecord {}

  /** A server's life of this boot was heard: its earlier ones must not count any more. */
  record LifeHeard(NodeId node, long boot) implements JournalRecord {}

  /** From now on this replica numbers its own writes under {@code origin}. */
  record NewOrigin(Origin origin) implements JournalRecord {}

  /** Stamps up to this one may have been given: a restart begins above it. */
  record ClockBound(long timestamp) implements JournalRecord {}

  /**
   * Nothing more is taken that was written on a lost disk, until its origins were closed so often.
   */
  record Fenced(long incarnation, long round) implements JournalRecord {}

  /**
   * This disk is a member of the ledger, which was committed up to here: a restart goes at least so
   * far by itself, and so takes writes also where it reaches nobody.
   */
  record Admitted(long index) implements JournalRecord {}

  /**
   * This disk has asked to be let go, or was put out: no configuration of the ledger before this
   * index says whether it is a member. The last record counts.
   */
  record Dismissed(long index) implements JournalRecord {}

  /** The member table as it now stands. */
  record MembersChanged(MemberTable table) implements JournalRecord {}
}
