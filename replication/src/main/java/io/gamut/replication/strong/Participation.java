package io.gamut.replication.strong;

import io.gamut.core.NodeId;
import io.gamut.ledger.MemberChange;
import io.gamut.ledger.log.AppliedPoint;
import io.gamut.ledger.log.Configuration;
import io.gamut.ledger.log.Participant;
import io.gamut.replication.Now;
import io.gamut.replication.strong.StrongMessage.Application;
import io.gamut.replication.strong.StrongMessage.Released;
import io.gamut.replication.strong.StrongMessage.Resignation;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Who takes part in the ledger: servers apply until they do, and resign until they do not; whoever
 * leads changes the members accordingly, one at a time.
 *
 * <p>A server that applies becomes a learner, and a voter as soon as it has caught up, while there
 * are fewer than {@value Configuration#VOTERS_MAX}. One that applies with another disk than it had
 * loses its old place first, and that disk is {@linkplain Removals gone for good}. Nobody becomes a
 * member without having applied.
 */
final class Participation {
  private static final int CLAIMS_MAX = 1_024;
  private static final long CLAIM_NANOS = 100_000_000;
  private static final long CHANGE_NANOS = 20_000_000;

  private final Participant self;
  private final Predicate<Participant> hasLeft;
  private final Predicate<Participant> isGone;
  private final ToLongFunction<NodeId> bootOf;
  private final LinkedHashMap<Participant, Claim> applicants = new LinkedHashMap<>();
  private final LinkedHashMap<Participant, Claim> resigning = new LinkedHashMap<>();
  private boolean isLeaving;
  private boolean isReleased;
  private long releasedAt;
  private boolean isChanging;
  private int handOvers;
  private long nextClaimNanos;
  private long nextChangeNanos;

  /**
   * What a server said that it wants.
   *
   * @param boot of its life then
   */
  private record Claim(long boot, long heardNanos) {}

  /**
   * @param hasLeft whether a server is known to have left the cluster with this disk
   * @param isGone whether a disk is gone for good, as the ledger says
   * @param bootOf the life of a server that was heard last: what it wanted in an earlier one, with
   *     another disk maybe, does not count any more
   */
  Participation(
      Participant self,
      Predicate<Participant> hasLeft,
      Predicate<Participant> isGone,
      ToLongFunction<NodeId> bootOf,
      Now now) {
    this.self = self;
    this.hasLeft = hasLeft;
    this.isGone = isGone;
    this.bootOf = bootOf;
    nextClaimNanos = now.nanos();
    nextChangeNanos = now.nanos();
  }

  // One's own place

  /** From now on this server wants out. */
  void leave(Now now) {
    isLeaving = true;
    nextClaimNanos = now.nanos();
  }

  void stay() {
    isLeaving = false;
    isReleased = false;
  }

  boolean isLeaving() {
    return isLeaving;
  }

  /** Whether this server has left the ledger. */
  boolean isReleased() {
    return isReleased;
  }

  /** The index of the ledger at which it had, as far as it was told; 0 if not. */
  long releasedAt() {
    return releasedAt;
  }

  void onReleased(Released released) {
    if (isLeaving && !isReleased && released.leaver().equals(self)) {
      isReleased = true;
      releasedAt = released.index();
    }
  }

  /** Applies, or resigns, if it is time to say so again. */
  void claim(boolean isMember, long boot, Now now, StrongEffects effects) {
    boolean isWanted = isLeaving ? !isReleased : !isMember;
    if (isWanted && now.nanos() - nextClaimNanos >= 0) {
      nextClaimNanos = now.nanos() + CLAIM_NANOS;
      effects.tellAll(isLeaving ? new Resignation(self) : new Application(self, boot));
    }
  }

  // What others want

  void onApplication(Participant applicant, Now now) {
    resigning.remove(applicant);
    remember(applicants, applicant, now);
  }

  /**
   * Answers at once if that place is free already.
   *
   * @param byLeader what is applied, where this replica leads
   */
  void onResignation(
      NodeId from,
      Participant leaver,
      @Nullable AppliedPoint byLeader,
      Now now,
      StrongEffects effects) {
    if (!leaver.node().equals(from)) {
      return;
    }
    applicants.remove(leaver);
    if (byLeader != null && !byLeader.configuration().contains(leaver)) {
      resigning.remove(leaver);
      effects.tell(from, new Released(leaver, byLeader.index()));
    } else {
      remember(resigning, leaver, now);
    }
  }

  private void remember(Map<Participant, Claim> claims, Participant who, Now now) {
    if (claims.size() < CLAIMS_MAX || claims.containsKey(who)) {
      claims.put(who, new Claim(bootOf.applyAsLong(who.node()), now.nanos()));
    }
  }

  /** Whether a server is about to become a member with another disk than it had. */
  boolean isEntering(NodeId node, Configuration configuration, Now now) {
    forgetOld(applicants, now);
    for (Participant applicant : applicants.keySet()) {
      if (applicant.node().equals(node)
          && !configuration.contains(applicant)
          && !isGone.test(applicant)
          && !hasLeft.test(applicant)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Whom the lead is handed over to: one that stays, since two that leave would hand over to each
   * other for ever. Another each time, since one may be down. Null for nobody.
   */
  @Nullable Participant nextHeir(Configuration configuration, Now now) {
    List<Participant> staying =
        configuration.voters().stream()
            .filter(voter -> !voter.equals(self) && isStaying(voter, now))
            .toList();
    return staying.isEmpty() ? null : staying.get(handOvers++ % staying.size());
  }

  /** Whether a member has not said lately that it wants out, nor is known to have left. */
  private boolean isStaying(Participant member, Now now) {
    forgetOld(resigning, now);
    return !resigning.containsKey(member) && !hasLeft.test(member);
  }

  // Changing the members

  void onChanged(Now now) {
    isChanging = false;
    nextChangeNanos = now.nanos();
  }

  void onRefused(Now now) {
    isChanging = false;
    nextChangeNanos = now.nanos() + CHANGE_NANOS;
  }

  /** The next change that a leader should make; null for none now. */
  @Nullable MemberChange next(Configuration configuration, Now now) {
    if (isChanging || now.nanos() - nextChangeNanos < 0) {
      return null;
    }
    nextChangeNanos = now.nanos() + CHANGE_NANOS;
    MemberChange change = change(configuration, now);
    isChanging = change != null;
    return change;
  }

  private @Nullable MemberChange change(Configuration configuration, Now now) {
    forgetOld(applicants, now);
    forgetOld(resigning, now);
    for (Participant member : configuration.everyone()) {
      boolean isOut = isGone.test(member) || hasLeft.test(member);
      if ((isOut || resigning.containsKey(member)) && !member.equals(self)) {
        return new MemberChange.Remove(member);
      }
    }
    for (Participant applicant : applicants.keySet()) {
      boolean isNew = !configuration.contains(applicant) && !isGone.test(applicant);
      boolean hasPlace = ofNode(applicant.node(), configuration) == null;
      if (isNew && hasPlace && !hasLeft.test(applicant)) {
        return new MemberChange.AddLearner(applicant);
      }
    }
    boolean hasRoom = configuration.voters().size() < Configuration.VOTERS_MAX;
    for (Participant learner : configuration.learners()) {
      if (hasRoom && !resigning.containsKey(learner)) {
        return new MemberChange.Promote(learner);
      }
    }
    return null;
  }

  /**
   * A member whose server says that it has another disk by now, which is not known to be gone; null
   * for none.
   */
  @Nullable Participant replaced(Configuration configuration, Now now) {
    forgetOld(applicants, now);
    for (Participant applicant : applicants.keySet()) {
      Participant earlier = ofNode(applicant.node(), configuration);
      boolean isOther = earlier != null && !earlier.equals(applicant) && !isGone.test(applicant);
      if (isOther && !isGone.test(earlier)) {
        return earlier;
      }
    }
    return null;
  }

  private void forgetOld(Map<Participant, Claim> claims, Now now) {
    claims
        .entrySet()
        .removeIf(each -> {
          Claim claim = each.getValue();
          boolean isOld = now.nanos() - claim.heardNanos > 10 * CLAIM_NANOS;
          return isOld || claim.boot != bootOf.applyAsLong(each.getKey().node());
        });
  }

  private static @Nullable Participant ofNode(NodeId node, Configuration configuration) {
    for (Participant participant : configuration.everyone()) {
      if (participant.node().equals(node)) {
        return participant;
      }
    }
    return null;
  }
}
