package io.gamut.replication.strong;

import io.gamut.core.ErrorCode;
import io.gamut.core.NodeId;
import io.gamut.core.Reply;
import io.gamut.ledger.Ledger;
import io.gamut.ledger.log.Participant;
import io.gamut.replication.Now;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whether a majority of the ledger's voters is within reach of this server, as far as it knows:
 * then what needs one can wait for it, and else is refused at once.
 *
 * <p>It is refused while no leader is known and either the network has no path to a majority, or
 * there was none for longer than several elections take. After a start it takes longer: others may
 * be starting too.
 */
final class Quorum {
  private static final long LEADERLESS_NANOS = 1_000_000_000;
  private static final long STARTING_NANOS = 3_000_000_000L;

  private final Participant self;
  private final Ledger ledger;
  private @Nullable Set<NodeId> reachable;
  private long leaderlessNanos;
  private boolean hadLeader;

  Quorum(Participant self, Ledger ledger, Now now) {
    this.self = self;
    this.ledger = ledger;
    leaderlessNanos = now.nanos();
  }

  /** Somebody leads now, or nobody does any more. */
  void onLed(@Nullable Participant leader, Now now) {
    if (leader == null) {
      leaderlessNanos = now.nanos();
    } else {
      hadLeader = true;
    }
  }

  void onReachable(Set<NodeId> nodes) {
    reachable = nodes;
  }

  /** Whether this server knows that it cannot reach a majority. */
  boolean isMissing(Now now) {
    long patience = hadLeader ? LEADERLESS_NANOS : STARTING_NANOS;
    boolean isLong = now.nanos() - leaderlessNanos >= patience;
    return ledger.leader() == null && (isLong || (hadLeader && isCutOff()));
  }

  private boolean isCutOff() {
    Set<NodeId> known = reachable;
    if (known == null || !ledger.configuration().contains(self)) {
      return false;
    }
    long within =
        ledger.configuration().voters().stream()
            .filter(voter -> voter.equals(self) || known.contains(voter.node()))
            .count();
    return within < ledger.configuration().majority();
  }

  /** Why the ledger has not done in time what it was asked for. */
  Reply.Failed refusal() {
    Participant leader = ledger.leader();
    boolean isMember = ledger.configuration().contains(self);
    String reason;
    if (leader != null) {
      reason = "the ledger has not answered in time; its leader is server " + leader.node();
    } else if (isMember) {
      reason = "no majority of the ledger's voters " + ledger.configuration().voters() + " is here";
    } else {
      reason = "this server does not take part in the ledger yet, and reaches no leader of it";
    }
    return new Reply.Failed(ErrorCode.NOQUORUM, reason);
  }
}
