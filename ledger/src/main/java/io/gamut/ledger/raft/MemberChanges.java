package io.gamut.ledger.raft;

import io.gamut.ledger.MemberChange;
import io.gamut.ledger.MemberChange.AddLearner;
import io.gamut.ledger.MemberChange.Promote;
import io.gamut.ledger.MemberChange.Remove;
import io.gamut.ledger.Outcome.Reason;
import io.gamut.ledger.log.Configuration;
import io.gamut.ledger.log.Participant;
import org.jspecify.annotations.Nullable;

/** What a change of members leads to, and whether the members allow it. */
final class MemberChanges {
  private MemberChanges() {}

  static Configuration apply(MemberChange change, Configuration now) {
    return switch (change) {
      case AddLearner(Participant added) -> now.withLearner(added);
      case Promote(Participant learner) -> now.withVoter(learner);
      case Remove(Participant removed) -> now.without(removed);
    };
  }

  /** Why it may not be made, or null. */
  static @Nullable Reason obstacle(
      MemberChange change, Configuration now, Followers followers, long commit) {
    return switch (change) {
      case AddLearner(Participant added) -> {
        boolean isFull = now.learners().size() >= Configuration.LEARNERS_MAX;
        yield now.contains(added) || isFull ? Reason.NO_CHANGE : null;
      }
      case Remove(Participant removed) -> {
        boolean isSomebodyLeft = !now.without(removed).voters().isEmpty();
        yield now.contains(removed) && isSomebodyLeft ? null : Reason.NO_CHANGE;
      }
      case Promote(Participant learner) -> {
        Progress progress = followers.find(learner);
        boolean isFull = now.voters().size() >= Configuration.VOTERS_MAX;
        if (!now.learners().contains(learner) || isFull || progress == null) {
          yield Reason.NO_CHANGE;
        }
        // It has what was committed a moment ago, so it will not hold up a majority for long.
        yield progress.match() >= commit ? null : Reason.BEHIND;
      }
    };
  }
}
