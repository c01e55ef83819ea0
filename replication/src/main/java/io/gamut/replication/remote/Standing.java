package io.gamut.replication.remote;

import io.gamut.core.Ends;
import io.gamut.core.NodeId;
import io.gamut.core.VersionVector;
import io.gamut.ledger.log.Configuration;
import io.gamut.replication.message.MemberTable;
import org.jspecify.annotations.Nullable;

/**
 * How a server stands at one moment.
 *
 * @param isAdmitted whether it is a member of the ledger, as far as it knows
 * @param isHopeless whether it knows that it reaches no majority
 * @param clock timestamp that its hybrid clock has reached
 * @param ledgerMillis ledger time
 * @param leader as far as is known
 * @param applied the last index that is applied here
 * @param last the last index in the log here
 * @param hash of the committed state: equal at equal applied indexes
 * @param floor timestamp up to which tombstones are collected, 0 for none
 * @param discarded updates of removed servers that came below the floor, and had no effect
 * @param ends of origins whose disk is gone for good
 * @param settled whether its view may be read
 * @param antiEntropyBytes sent to others because they asked for what they lacked
 */
public record Standing(
    boolean isAdmitted,
    boolean isHopeless,
    long clock,
    long ledgerMillis,
    @Nullable NodeId leader,
    long term,
    long applied,
    long last,
    long hash,
    long floor,
    long discarded,
    Configuration configuration,
    Ends ends,
    VersionVector absorbed,
    VersionVector received,
    VersionVector visible,
    VersionVector stable,
    boolean settled,
    MemberTable members,
    long antiEntropyBytes) {
  /** Of a server of which nothing is known. */
  public static final Standing UNKNOWN =
      new Standing(
          false,
          false,
          0,
          0,
          null,
          0,
          0,
          0,
          0,
          0,
          0,
          Configuration.NOBODY,
          Ends.NONE,
          VersionVector.EMPTY,
          VersionVector.EMPTY,
          VersionVector.EMPTY,
          VersionVector.EMPTY,
          false,
          MemberTable.EMPTY,
          0);
}
