package io.gamut.ledger;

import static io.gamut.ledger.LedgerCluster.participant;
import static org.assertj.core.api.Assertions.assertThat;

import io.gamut.ledger.LedgerCluster.Server;
import io.gamut.ledger.LedgerInput.HandOver;
import io.gamut.ledger.Outcome.Refused;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What {@link Ledger} promises, of any engine. */
abstract class LedgerContract {
  /** The engine that is held to it. */
  abstract LedgerCluster.Engine engine();

  private LedgerCluster cluster(int voters) {
    return new LedgerCluster(engine(), voters);
  }

  // Agreement and order

  @Test
  void allApplyTheSameInTheOrderInWhichTheLeaderTookIt() {
    for (int voters = 1; voters <= 7; voters++) {
      LedgerCluster cluster = cluster(voters);
      Server leader = cluster.leader();
      List<String> proposed = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        proposed.add("entry " + i);
        leader.propose("entry " + i);
        if (i % 7 == 0) {
          cluster.run(1);
        }
      }
      cluster.run(200);
      for (Server server : cluster.servers()) {
        assertThat(server.texts()).as("%s of %s", server.id, voters).isEqualTo(proposed);
        assertThat(server.applied).isEqualTo(leader.applied);
      }
    }
  }

  @Test
  void whoDoesNotLeadRefusesAndNamesTheLeader() {
    LedgerCluster cluster = cluster(3);
    Server leader = cluster.leader();
    Server follower = cluster.follower(leader);
    long request = follower.propose("elsewhere");
    assertThat(follower.outcomes.get(request))
        .isEqualTo(new Refused(Outcome.Reason.NOT_LEADER, leader.id));
  }

  @Test
  void aNewLeaderTakesOverWhatWasCommitted() {
    LedgerCluster cluster = cluster(3);
    Server first = cluster.leader();
    long kept = first.propose("kept");
    cluster.run(50);
    assertThat(first.isCommitted(kept)).isTrue();
    cluster.isolate(first);
    Server second = cluster.leader();
    second.propose("more");
    cluster.run(50);
    cluster.heal();
    cluster.run(500);
    for (Server server : cluster.servers()) {
      assertThat(server.texts()).containsExactly("kept", "more");
    }
  }

  // Durability

  @Test
  void nothingIsCommittedThatOneDiskAloneHas() {
    LedgerCluster cluster = cluster(3);
    Server leader = cluster.leader();
    cluster.servers().stream().filter(each -> each != leader).forEach(Server::stopDisk);
    long request = leader.propose("alone");
    cluster.run(100);
    assertThat(leader.isCommitted(request)).isFalse();
  }

  @Test
  void aMajorityOfDisksIsEnoughWithoutTheLeaders() {
    LedgerCluster cluster = cluster(3);
    Server leader = cluster.leader();
    leader.stopDisk();
    leader.propose("elsewhere");
    cluster.run(100);
    assertThat(cluster.follower(leader).texts()).containsExactly("elsewhere");
    assertThat(leader.texts()).as("applied where it is not durable").isEmpty();
  }

  @Test
  void whatWasAcknowledgedIsThereWhenAllHaveDied() {
    LedgerCluster cluster = cluster(3);
    Server leader = cluster.leader();
    long request = leader.propose("kept");
    cluster.run(50);
    assertThat(leader.isCommitted(request)).isTrue();
    cluster.servers().forEach(Server::crash);
    cluster.servers().forEach(Server::start);
    cluster.leader();
    cluster.run(200);
    cluster.servers().forEach(server -> assertThat(server.texts()).containsExactly("kept"));
  }

  @Test
  void aProposalOfALeaderThatIsCutOffIsUnknownAndNotLostSilently() {
    LedgerCluster cluster = cluster(3);
    Server first = cluster.leader();
    cluster.isolate(first);
    long request = first.propose("in doubt");
    cluster.leader();
    cluster.run(1_000);
    assertThat(first.outcomes.get(request)).isEqualTo(new Outcome.Unknown());
    assertThat(first.ledger().isLeader()).isFalse();
  }

  // Reads

  @Test
  void aReadAnywhereSeesWhatWasCommittedBefore() {
    LedgerCluster cluster = cluster(3);
    Server leader = cluster.leader();
    leader.propose("one");
    cluster.run(50);
    long committed = leader.ledger().commitIndex();
    for (Server server : cluster.servers()) {
      long read = server.read();
      cluster.run(50);
      assertThat(server.readable.get(read)).as("%s", server.id).isGreaterThanOrEqualTo(committed);
    }
  }

  @Test
  void aLeaderThatIsCutOffAnswersNoRead() {
    LedgerCluster cluster = cluster(3);
    Server first = cluster.leader();
    cluster.isolate(first);
    long read = first.read();
    cluster.leader();
    cluster.run(1_000);
    assertThat(first.readable.getOrDefault(read, -1L)).isNegative();
  }

  // The lead

  @Test
  void theLeadIsHandedOverWithoutWaitingForAnElection() {
    LedgerCluster cluster = cluster(3);
    Server first = cluster.leader();
    Server next = cluster.follower(first);
    long before = first.propose("before");
    first.step(new HandOver(next.id));
    cluster.run(50);
    assertThat(next.ledger().isLeader()).isTrue();
    assertThat(first.isCommitted(before)).isTrue();
    next.propose("after");
    cluster.run(50);
    assertThat(first.texts()).containsExactly("before", "after");
  }

  @Test
  void aHandOverToADeadServerEnds() {
    LedgerCluster cluster = cluster(3);
    Server first = cluster.leader();
    Server dead = cluster.follower(first);
    dead.crash();
    first.step(new HandOver(dead.id));
    cluster.run(1_000);
    Server leader = cluster.leader();
    long request = leader.propose("goes on");
    cluster.run(50);
    assertThat(leader.isCommitted(request)).isTrue();
  }

  @Test
  void withoutAMajorityNobodyLeads() {
    LedgerCluster cluster = cluster(2);
    Server first = cluster.leader();
    cluster.follower(first).crash();
    cluster.run(1_000);
    assertThat(first.ledger().isLeader()).isFalse();
    cluster.servers().stream().filter(each -> each != first).forEach(Server::start);
    long request = cluster.leader().propose("again");
    cluster.run(100);
    assertThat(cluster.leader().isCommitted(request)).isTrue();
  }

  // Members

  @Test
  void aClusterGrowsFromOneAndShrinksToOne() {
    LedgerCluster cluster = cluster(1);
    for (int node = 2; node <= 4; node++) {
      cluster.leader().propose("before " + node);
      Server joined = cluster.join();
      change(cluster, new MemberChange.AddLearner(joined.id));
      assertThat(joined.texts()).contains("before " + node);
      change(cluster, new MemberChange.Promote(joined.id));
    }
    assertThat(cluster.leader().ledger().configuration().voters()).hasSize(4);
    for (int node = 1; node <= 3; node++) {
      change(cluster, new MemberChange.Remove(participant(node)));
    }
    Server last = cluster.leader();
    assertThat(last.id).isEqualTo(participant(4));
    assertThat(last.ledger().configuration().voters()).containsExactly(last.id);
    long request = last.propose("alone");
    cluster.run(50);
    assertThat(last.isCommitted(request)).isTrue();
  }

  private static void change(LedgerCluster cluster, MemberChange change) {
    for (int i = 0; i < 20; i++) {
      Server leader = cluster.leader();
      long request = leader.change(change);
      cluster.run(200);
      if (leader.isCommitted(request)) {
        return;
      }
    }
    throw new AssertionError(change + " is never made");
  }

  @Test
  void aLearnerDoesNotVote() {
    LedgerCluster cluster = cluster(2);
    Server learner = cluster.join();
    change(cluster, new MemberChange.AddLearner(learner.id));
    Server leader = cluster.leader();
    cluster.servers().stream()
        .filter(each -> each != leader && each != learner)
        .forEach(Server::crash);
    long request = leader.propose("one of two");
    cluster.run(1_000);
    assertThat(leader.isCommitted(request)).isFalse();
    assertThat(leader.ledger().isLeader()).isFalse();
  }

  @Test
  void oneChangeAtATime() {
    LedgerCluster cluster = cluster(5);
    Server leader = cluster.leader();
    Server out = cluster.follower(leader);
    long first = leader.change(new MemberChange.Remove(out.id));
    long second = leader.change(new MemberChange.AddLearner(participant(9)));
    assertThat(leader.outcomes.get(second))
        .isEqualTo(new Refused(Outcome.Reason.CHANGE_UNDER_WAY, leader.id));
    cluster.run(50);
    assertThat(leader.isCommitted(first)).isTrue();
  }

  @Test
  void aChangeThatWouldLoseTheMajorityIsRefused() {
    LedgerCluster cluster = cluster(3);
    Server leader = cluster.leader();
    cluster.follower(leader).crash();
    cluster.run(250);
    Server alive = cluster.follower(leader);
    long request = leader.change(new MemberChange.Remove(alive.id));
    assertThat(leader.outcomes.get(request))
        .isEqualTo(new Refused(Outcome.Reason.WITHOUT_MAJORITY, leader.id));
  }

  // Snapshots, and entries from others

  @Test
  void whoIsFarBehindIsSentASnapshot() {
    LedgerCluster cluster = cluster(3);
    Server leader = cluster.leader();
    Server behind = cluster.follower(leader);
    behind.crash();
    for (int i = 0; i < 20; i++) {
      leader.propose("entry " + i);
    }
    cluster.run(100);
    leader.compact();
    leader.propose("behind it");
    cluster.run(100);
    behind.start();
    cluster.run(1_000);
    assertThat(behind.texts()).hasSize(21).isEqualTo(cluster.leader().texts());
    behind.crash();
    behind.start();
    cluster.run(500);
    assertThat(behind.texts()).isEqualTo(cluster.leader().texts());
  }

  @Test
  void committedEntriesAreTakenFromWhoeverHasThem() {
    LedgerCluster cluster = cluster(3);
    Server leader = cluster.leader();
    Server giver = cluster.follower(leader);
    Server stranger = cluster.join();
    leader.propose("one");
    leader.propose("two");
    cluster.run(100);
    cluster.isolate(leader);
    giver.step(new LedgerInput.Supply(stranger.id, 0));
    cluster.run(20);
    assertThat(stranger.texts()).containsExactly("one", "two");
  }
}
