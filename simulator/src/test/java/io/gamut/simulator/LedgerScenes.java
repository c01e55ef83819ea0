package io.gamut.simulator;

import static io.gamut.simulator.LedgerByHand.cluster;
import static io.gamut.simulator.LedgerByHand.exchange;
import static io.gamut.simulator.LedgerByHand.heartbeat;
import static io.gamut.simulator.LedgerByHand.participant;
import static org.assertj.core.api.Assertions.assertThat;

import io.gamut.ledger.LedgerInput;
import io.gamut.ledger.MemberChange;
import io.gamut.ledger.Outcome;
import io.gamut.ledger.log.AppliedPoint;
import io.gamut.ledger.log.Configuration;
import io.gamut.ledger.log.Entry;
import io.gamut.ledger.message.LedgerMessage;
import java.util.List;

/**
 * Schedules of the ledger done by hand, each of which a careless core fails. {@link
 * LedgerByHandTest} plays them with the real core, {@link LedgerMutantsTest} with one from which
 * the guard was taken out.
 */
enum LedgerScenes {
  /** Of a library: a read that arrives while a round is open joins it. */
  A_READ_IS_NOT_CONFIRMED_BY_WHAT_WAS_SENT_BEFORE_IT {
    @Override
    void play() {
      LedgerByHand[] all = cluster(3);
      LedgerByHand old = all[0];
      long first = old.read();
      old.deliver(all[1]);
      all[1].flush();
      List<LedgerMessage> stalled = all[1].take(old.id);
      elect(all[2], all[1]);
      long written = all[2].propose("new");
      exchange(all[1], all[2]);
      assertThat(all[2].isCommitted(written)).isTrue();

      long second = old.read();
      stalled.forEach(message -> old.receive(all[1].id, message));
      old.flush();
      assertThat(old.readableAt(first)).as("asked for before the write").isNotNull();
      assertThat(old.readableAt(second)).as("a stale read").isNull();
    }
  },

  /** Of a library: success replies of an older term are counted. */
  AN_ANSWER_OF_AN_OLDER_TERM_COUNTS_FOR_NOTHING {
    @Override
    void play() {
      LedgerByHand[] all = cluster(5);
      LedgerByHand a = all[0];
      LedgerByHand b = all[1];
      LedgerByHand c = all[2];
      LedgerByHand d = all[3];
      LedgerByHand e = all[4];
      a.propose("one");
      a.propose("two");
      a.propose("three");
      a.deliver(b);
      b.sync();
      List<LedgerMessage> stalled = b.take(a.id);
      a.take(d.id);
      elect(c, d, e);
      heartbeat(a, b, c, d, e);
      b.take(a.id);
      a.doubt();
      elect(a, b, d, e);
      long written = a.propose("four");
      a.deliver(d);
      d.sync();
      d.deliver(a);
      stalled.forEach(message -> a.receive(b.id, message));
      a.sync();
      assertThat(a.isCommitted(written)).as("only two of five have it").isFalse();
    }
  },

  /** Of a library: a follower that hears its leader again stays a pre-candidate. */
  WHO_HEARS_THE_LEADER_AGAIN_STANDS_NO_MORE_BUT_CAN_LATER {
    @Override
    void play() {
      LedgerByHand[] all = cluster(3);
      long term = all[0].core.term();
      all[2].doubt();
      all[1].stand();
      all[1].deliver(all[2]);
      all[0].pass(40);
      all[0].deliver(all[1]);
      all[2].deliver(all[1]);
      all[1].sync();
      assertThat(all[1].core.term()).as("the leader is there").isEqualTo(term);
      assertThat(all[1].core.leader()).isEqualTo(all[0].id);
      all[0].deliver(all[2]);
      elect(all[1], all[2]);
    }
  },

  /** Of a library: with an even number of voters half of them are enough. */
  HALF_OF_THE_VOTERS_IS_NO_MAJORITY {
    @Override
    void play() {
      LedgerByHand[] all = cluster(4);
      long written = all[0].propose("one");
      all[0].sync();
      all[0].deliver(all[1]);
      all[1].sync();
      all[1].deliver(all[0]);
      assertThat(all[0].isCommitted(written)).as("two of four have it").isFalse();
      all[0].deliver(all[2]);
      all[2].sync();
      all[2].deliver(all[0]);
      assertThat(all[0].isCommitted(written)).as("three of four have it").isTrue();
    }
  },

  /** Of a library: two candidates block each other, one with the log and one with the term. */
  A_HIGHER_TERM_IN_A_REFUSED_PRE_VOTE_IS_TAKEN_OVER {
    @Override
    void play() {
      LedgerByHand[] all = cluster(3);
      all[0].propose("one");
      all[0].sync();
      all[0].deliver(all[2]);
      all[2].sync();
      long ahead = all[1].core.term() + 4;
      all[1].receive(all[2].id, new LedgerMessage.VoteReply(ahead, false, false));
      all[1].sync();
      for (int attempt = 0; attempt < 3 && !all[2].core.isLeader(); attempt++) {
        all[2].stand();
        exchange(all[1], all[2]);
      }
      assertThat(all[2].core.isLeader()).isTrue();
      assertThat(all[2].core.term()).isGreaterThan(ahead);
    }
  },

  A_CANDIDATES_OWN_VOTE_COUNTS_ONCE_IT_IS_DURABLE {
    @Override
    void play() {
      LedgerByHand alone = new LedgerByHand(1, 1);
      alone.stand();
      assertThat(alone.core.isLeader()).isFalse();
      alone.sync();
      assertThat(alone.core.isLeader()).isTrue();
    }
  },

  A_CANDIDATE_WAITS_FOR_A_SLOW_DISK {
    @Override
    void play() {
      LedgerByHand alone = new LedgerByHand(1, 1);
      for (int i = 0; i < 3; i++) {
        alone.stand();
      }
      assertThat(alone.core.term()).isEqualTo(1);
      alone.sync();
      assertThat(alone.core.isLeader()).isTrue();
    }
  },

  A_VOTE_IS_SENT_ONCE_IT_IS_DURABLE {
    @Override
    void play() {
      LedgerByHand voter = new LedgerByHand(2, 3);
      voter.restart();
      voter.take(participant(1));
      voter.receive(participant(1), new LedgerMessage.VoteRequest(7, 0, 0, false, false));
      assertThat(voter.take(participant(1))).isEmpty();
      voter.sync();
      assertThat(voter.take(participant(1)))
          .containsExactly(new LedgerMessage.VoteReply(7, true, false));
      voter.restart();
      voter.receive(participant(3), new LedgerMessage.VoteRequest(7, 0, 0, false, false));
      voter.sync();
      assertThat(voter.take(participant(3))).as("one vote a term").noneMatch(LedgerScenes::grants);
    }
  },

  /** Raft, figure 8. */
  AN_ENTRY_OF_AN_OLDER_TERM_IS_NOT_COMMITTED_BY_COUNTING {
    @Override
    void play() {
      LedgerByHand[] all = cluster(5);
      LedgerByHand a = all[0];
      a.propose("old");
      a.sync();
      a.deliver(all[1]);
      all[1].sync();
      for (LedgerByHand other : all) {
        a.take(other.id);
        all[1].take(other.id);
      }
      // One that has not seen it leads for a moment, and keeps what it writes to itself.
      LedgerByHand e = all[4];
      all[2].doubt();
      all[3].doubt();
      e.stand();
      vote(e, all[2], all[3]);
      assertThat(e.core.isLeader()).isTrue();
      e.sync();
      // The first leads again and spreads the old entry, but nothing of its own term.
      a.receive(all[2].id, new LedgerMessage.VoteReply(e.core.term(), false, false));
      a.sync();
      all[1].doubt();
      a.stand();
      vote(a, all[1], all[2]);
      assertThat(a.core.isLeader()).isTrue();
      long old = a.core.lastIndex() - 1;
      LedgerMessage.Appended has = new LedgerMessage.Appended(a.core.term(), old, 0);
      a.receive(all[1].id, has);
      a.receive(all[2].id, has);
      assertThat(a.hasApplied("old")).as("the fifth could still replace it").isFalse();
    }
  },

  /** Ongaro's mail on raft-dev of July 2015. */
  MEMBERS_CHANGE_ONLY_AFTER_AN_ENTRY_OF_THE_LEADERS_OWN_TERM_IS_COMMITTED {
    @Override
    void play() {
      LedgerByHand[] all = cluster(4);
      all[1].doubt();
      all[2].doubt();
      all[3].stand();
      vote(all[3], all[1], all[2]);
      assertThat(all[3].core.isLeader()).isTrue();
      long changed = all[3].change(new MemberChange.Remove(all[0].id));
      assertThat(all[3].core.configuration()).isEqualTo(LedgerByHand.voters(4));
      assertThat(all[3].outcome(changed)).as("refused").isNotNull();
    }
  },

  ONE_CHANGE_OF_MEMBERS_AT_A_TIME {
    @Override
    void play() {
      LedgerByHand[] all = cluster(5);
      all[0].change(new MemberChange.Remove(all[4].id));
      all[0].change(new MemberChange.Remove(all[3].id));
      assertThat(all[0].core.configuration()).isEqualTo(LedgerByHand.voters(4));
    }
  },

  A_SNAPSHOT_LEAVES_THE_ENTRIES_BEHIND_IT {
    @Override
    void play() {
      LedgerByHand[] all = cluster(3);
      all[0].propose("one");
      all[0].propose("two");
      all[0].sync();
      all[0].deliver(all[1]);
      all[1].sync();
      long last = all[1].core.lastIndex();
      Configuration configuration = all[1].core.configuration();
      all[1].install(new AppliedPoint(last - 1, all[1].core.term(), configuration));
      all[1].deliver(all[0]);
      assertThat(all[0].core.commitIndex()).as("it was acknowledged").isEqualTo(last);
      assertThat(all[1].core.lastIndex()).as("the last entry").isEqualTo(last);
    }
  },

  A_NEW_LEADER_READS_ONLY_AFTER_AN_ENTRY_OF_ITS_OWN_TERM_IS_COMMITTED {
    @Override
    void play() {
      LedgerByHand[] all = cluster(3);
      long written = all[0].propose("one");
      all[0].sync();
      all[0].deliver(all[1]);
      all[1].sync();
      all[1].deliver(all[0]);
      assertThat(all[0].isCommitted(written)).isTrue();
      all[2].doubt();
      all[1].stand();
      vote(all[1], all[2]);
      assertThat(all[1].core.isLeader()).isTrue();
      long read = all[1].read();
      all[1].pass(40);
      all[1].deliver(all[2]);
      all[2].flush();
      all[2].deliver(all[1]);
      Long at = all[1].readableAt(read);
      assertThat(at == null || at >= 2).as("what was acknowledged is in it").isTrue();
    }
  },

  /** Found by a mutant: the leader took it for an answer to what it had sent in its new term. */
  A_REFUSAL_OF_AN_OLDER_LEADER_SAYS_NOTHING_TO_WHAT_IT_IS_NOW {
    @Override
    void play() {
      LedgerByHand[] all = cluster(3);
      LedgerByHand a = all[0];
      for (int i = 0; i < 5; i++) {
        a.propose("lost " + i);
      }
      List<LedgerMessage> stalled = a.take(all[1].id);
      elect(all[2], all[1]);
      heartbeat(all);
      elect(a, all[1]);
      all[1].receive(a.id, stalled.getLast());
      all[1].deliver(a);
      long written = a.propose("kept");
      exchange(a, all[1]);
      assertThat(a.isCommitted(written)).isTrue();
    }
  },

  A_SNAPSHOT_OF_A_LATER_TERM_IS_NOT_ACKNOWLEDGED_TO_AN_OLDER_LEADER {
    @Override
    void play() {
      LedgerByHand[] all = cluster(3);
      long later = all[0].core.term() + 1;
      Configuration configuration = all[0].core.configuration();
      all[1].install(new AppliedPoint(20, later, configuration));
      all[1].sync();
      assertThat(all[1].core.term()).isEqualTo(later);
      all[1].deliver(all[0]);
      heartbeat(all);
      all[1].restart();
      assertThat(all[1].core.term()).isEqualTo(later);
    }
  },

  /** Its last entry may be old, and yet have been committed by a later leader only. */
  A_LEADER_BEARS_THAT_SOMEBODY_HAS_MORE_THAN_IT_HAS_WRITTEN {
    @Override
    void play() {
      LedgerByHand[] all = cluster(3);
      LedgerByHand a = all[0];
      all[1].install(new AppliedPoint(20, a.core.term(), a.core.configuration()));
      exchange(all);
      heartbeat(all);
      long written = a.propose("one");
      exchange(a, all[2]);
      assertThat(a.isCommitted(written)).isTrue();
    }
  },

  /** Requests are numbered anew in each life. */
  A_READ_IS_NOT_ANSWERED_BY_AN_ANSWER_TO_AN_EARLIER_LIFE {
    @Override
    void play() {
      LedgerByHand[] all = cluster(3);
      all[1].read();
      all[1].deliver(all[0]);
      all[0].flush();
      all[0].deliver(all[2]);
      all[2].deliver(all[0]);
      List<LedgerMessage> stalled = all[0].take(all[1].id);
      assertThat(stalled).anyMatch(LedgerMessage.ReadReply.class::isInstance);
      all[1].restart();
      stalled.forEach(message -> all[1].receive(all[0].id, message));
      assertThat(all[1].readableAt(1)).as("nobody has asked yet").isNull();
    }
  },

  /** A leader that is being removed may be the only one that can commit its removal. */
  A_LEADER_COMMITS_ITS_OWN_REMOVAL_AND_STEPS_DOWN {
    @Override
    void play() {
      LedgerByHand[] all = cluster(3);
      long removed = all[0].change(new MemberChange.Remove(all[0].id));
      exchange(all);
      assertThat(all[0].isCommitted(removed)).isTrue();
      assertThat(all[0].core.isLeader()).isFalse();
      elect(all[1], all[2]);
      for (int i = 0; i < 3; i++) {
        all[0].stand();
      }
      assertThat(all[0].core.term()).as("asks for no votes").isLessThan(all[1].core.term());
    }
  },

  A_LEADER_THAT_IS_NOT_HEARD_STEPS_DOWN_AND_SAYS_SO {
    @Override
    void play() {
      LedgerByHand[] all = cluster(3);
      long written = all[0].propose("one");
      for (int i = 0; i < 10; i++) {
        all[0].pass(40);
      }
      assertThat(all[0].core.isLeader()).isFalse();
      assertThat(all[0].outcome(written)).isEqualTo(new Outcome.Unknown());
    }
  },

  COMMITTED_ENTRIES_ARE_TAKEN_ONLY_BEHIND_WHAT_IS_COMMITTED {
    @Override
    void play() {
      LedgerByHand[] all = cluster(3);
      all[0].propose("one");
      all[0].deliver(all[1]);
      long last = all[1].core.lastIndex();
      long committed = all[1].core.commitIndex();
      assertThat(committed).isLessThan(last);
      Entry next = new Entry(last + 1, all[1].core.term(), Entry.NoOp.NO_OP);
      all[1].receive(all[2].id, new LedgerMessage.Committed(next.term(), last, List.of(next)));
      assertThat(all[1].core.commitIndex()).isEqualTo(committed);
    }
  },

  /** Found by seed 2172536: nobody could be elected any more. */
  A_SERVER_THAT_MAY_BE_REMOVED_STANDS_ALSO_AFTER_A_RESTART {
    @Override
    void play() {
      LedgerByHand[] one = cluster(1);
      LedgerByHand other = new LedgerByHand(2, 1, AppliedPoint.ORIGIN);
      LedgerByHand[] both = {one[0], other};
      one[0].change(new MemberChange.AddLearner(other.id));
      heartbeat(both);
      one[0].change(new MemberChange.Promote(other.id));
      heartbeat(both);
      one[0].step(new LedgerInput.HandOver(other.id));
      exchange(both);
      heartbeat(both);
      assertThat(other.core.isLeader()).isTrue();
      other.change(new MemberChange.Remove(other.id));
      other.sync();
      for (LedgerByHand server : both) {
        server.restart();
      }
      for (int i = 0; i < 4 && !other.core.isLeader() && !one[0].core.isLeader(); i++) {
        one[0].stand();
        exchange(both);
        other.stand();
        exchange(both);
      }
      assertThat(other.core.isLeader() || one[0].core.isLeader()).isTrue();
    }
  },

  A_LEARNER_FORGETS_A_LEADER_THAT_IS_SILENT {
    @Override
    void play() {
      LedgerByHand[] all = cluster(3);
      LedgerByHand learner = new LedgerByHand(4, 1, AppliedPoint.ORIGIN);
      all[0].change(new MemberChange.AddLearner(learner.id));
      LedgerByHand[] four = {all[0], all[1], all[2], learner};
      heartbeat(four);
      assertThat(learner.core.leader()).isEqualTo(all[0].id);
      learner.stand();
      assertThat(learner.core.leader()).isNull();
    }
  };

  abstract void play();

  /** Makes one the leader by the votes of others that do not hear theirs any more. */
  private static void elect(LedgerByHand candidate, LedgerByHand... voters) {
    for (LedgerByHand voter : voters) {
      candidate.take(voter.id);
      voter.doubt();
    }
    LedgerByHand[] all = new LedgerByHand[voters.length + 1];
    System.arraycopy(voters, 0, all, 0, voters.length);
    all[voters.length] = candidate;
    candidate.stand();
    exchange(all);
    assertThat(candidate.core.isLeader()).as("%s leads", candidate.id).isTrue();
  }

  /** A pre-vote, then a vote, and nothing else. */
  private static void vote(LedgerByHand candidate, LedgerByHand... voters) {
    for (int i = 0; i < 2; i++) {
      for (LedgerByHand voter : voters) {
        candidate.deliver(voter);
        voter.sync();
        voter.deliver(candidate);
      }
      candidate.sync();
    }
  }

  private static boolean grants(LedgerMessage message) {
    return message instanceof LedgerMessage.VoteReply reply && reply.isGranted();
  }
}
