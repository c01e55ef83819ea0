package io.gamut.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The ledger's simulation bites: each planted fault is found, by seeds or, where they would take
 * too long, by a scene done by hand.
 */
final class LedgerMutantsTest {
  /** About three times what the slowest of them takes. */
  private static final int SEEDS_MAX = 40_000;

  private static final String SIMULATOR = "io.gamut.simulator.LedgerSimulator";

  /** A fault, and a word of the invariant that should report it. */
  record Planted(Mutant mutant, String reportedAs) {
    @Override
    public String toString() {
      return mutant.name();
    }
  }

  /** A fault, and the scene that shows it. */
  record Shown(Mutant mutant, Enum<?> scene) {
    @Override
    public String toString() {
      return mutant.name();
    }
  }

  private static Planted planted(
      String name, String file, String original, String planted, String reportedAs) {
    return new Planted(new Mutant(name, file, original, planted), reportedAs);
  }

  private static Shown shown(
      String name, String file, String original, String planted, Enum<?> scene) {
    return new Shown(new Mutant(name, file, original, planted), scene);
  }

  static Stream<Planted> faultsForSeeds() {
    return Stream.of(
        planted(
            "acknowledged before durable",
            "OwnLog.java",
            "return Math.min(verified, journal.durableIndex());",
            "return verified;",
            ""),
        planted(
            "half of the voters taken for a majority",
            "Configuration.java",
            "return voters.size() / 2 + 1;",
            "return (voters.size() + 1) / 2;",
            ""),
        planted(
            "a higher term in a refused pre-vote ignored",
            "LedgerMessage.java",
            "reply.isPreVote() && reply.isGranted());",
            "reply.isPreVote());",
            "after heal"),
        planted(
            "a vote for a log that is behind",
            "OwnLog.java",
            "    return otherLastTerm > lastTerm\n",
            "    return lastTerm >= 0\n",
            ""),
        planted(
            "conflicting entries kept",
            "OwnLog.java",
            "(index <= log.lastIndex() && log.term(index) == entry.term())",
            "index <= log.lastIndex()",
            ""),
        planted(
            "a follower that commits beyond what it has verified",
            "OwnLog.java",
            "Math.min(leaderCommit, verified)",
            "Math.min(leaderCommit, log.lastIndex())",
            ""),
        planted(
            "what was verified against another leader acknowledged",
            "OwnLog.java",
            "void forgetVerified() {\n    verified = commit;\n  }",
            "void forgetVerified() {}",
            ""),
        planted(
            "a new leader that reads too early",
            "Leadership.java",
            "    if (isOwnTermCommitted()) {\n      rounds",
            "    if (firstIndex > 0) {\n      rounds",
            "a read sees"),
        planted(
            "what was cut off taken for durable",
            "Journaling.java",
            "    durableIndex = Math.min(durableIndex, from - 1);\n",
            "",
            ""),
        planted(
            "a rejection that is not followed",
            "Leadership.java",
            "      progress.onRejected(reply.previous(), reply.conflictIndex());\n",
            "",
            "after heal"),
        planted(
            "learners counted as voters",
            "Configuration.java",
            "participants.stream().filter(voters::contains)",
            "participants.stream()",
            ""));
  }

  static Stream<Shown> faultsForScenes() {
    return Stream.of(
        shown(
            "committed entries taken though they do not follow",
            "OwnLog.java",
            "if (previous <= commit && last > commit) {",
            "if (previous <= log.lastIndex() && last > commit) {",
            LedgerScenes.COMMITTED_ENTRIES_ARE_TAKEN_ONLY_BEHIND_WHAT_IS_COMMITTED),
        shown(
            "a vote forgotten at a restart",
            "Recovery.java",
            "case TermAndVote latest -> termAndVote = latest;",
            "case TermAndVote latest -> termAndVote = new TermAndVote(latest.term(), null);",
            LedgerScenes.A_VOTE_IS_SENT_ONCE_IT_IS_DURABLE),
        shown(
            "a leader that does not look whether it is heard",
            "Leadership.java",
            "return isRemoved || !followers.hearsMajority",
            "return isRemoved && !followers.hearsMajority",
            LedgerScenes.A_LEADER_THAT_IS_NOT_HEARD_STEPS_DOWN_AND_SAYS_SO),
        shown(
            "reads confirmed by any answer",
            "Progress.java",
            "confirmedRound = Math.max(confirmedRound, round);",
            "confirmedRound = sentRound;",
            LedgerScenes.A_READ_IS_NOT_CONFIRMED_BY_WHAT_WAS_SENT_BEFORE_IT),
        shown(
            "messages sent before the term and vote in them are durable",
            "Journaling.java",
            "    if (isTermDurable()) {\n      effects.send",
            "    if (given >= 0) {\n      effects.send",
            LedgerScenes.A_VOTE_IS_SENT_ONCE_IT_IS_DURABLE),
        shown(
            "a read that joins a round under way",
            "ReadRounds.java",
            "    if (!gathering.isEmpty() && open.size()",
            "    if (!open.isEmpty()) {\n"
                + "      open.getFirst().reads().addAll(gathering);\n"
                + "      gathering.clear();\n"
                + "    }\n"
                + "    if (!gathering.isEmpty() && open.size()",
            LedgerScenes.A_READ_IS_NOT_CONFIRMED_BY_WHAT_WAS_SENT_BEFORE_IT),
        shown(
            "answers of an older term counted",
            "Leadership.java",
            "return ofTerm == term ? followers.find(from) : null;",
            "return followers.find(from);",
            LedgerScenes.AN_ANSWER_OF_AN_OLDER_TERM_COUNTS_FOR_NOTHING),
        shown(
            "a campaign kept when the leader is heard",
            "RaftCore.java",
            "    leadership = null;\n    campaign = null;\n",
            "    leadership = null;\n",
            LedgerScenes.WHO_HEARS_THE_LEADER_AGAIN_STANDS_NO_MORE_BUT_CAN_LATER),
        shown(
            "half of the voters taken for a majority",
            "Configuration.java",
            "return voters.size() / 2 + 1;",
            "return (voters.size() + 1) / 2;",
            LedgerScenes.HALF_OF_THE_VOTERS_IS_NO_MAJORITY),
        shown(
            "a higher term in a refused pre-vote ignored",
            "LedgerMessage.java",
            "reply.isPreVote() && reply.isGranted());",
            "reply.isPreVote());",
            LedgerScenes.A_HIGHER_TERM_IN_A_REFUSED_PRE_VOTE_IS_TAKEN_OVER),
        shown(
            "an own vote counted before it is durable",
            "RaftCore.java",
            "if (!standing.isPreVote() && journal.isTermDurable()) {",
            "if (!standing.isPreVote()) {",
            LedgerScenes.A_CANDIDATES_OWN_VOTE_COUNTS_ONCE_IT_IS_DURABLE),
        shown(
            "an entry of an older term committed by counting it",
            "OwnLog.java",
            "if (index > commit && log.term(index) == term) {",
            "if (index > commit && term > 0) {",
            LedgerScenes.AN_ENTRY_OF_AN_OLDER_TERM_IS_NOT_COMMITTED_BY_COUNTING),
        shown(
            "a candidate that stands again before its vote is durable",
            "RaftCore.java",
            "if (removal.mayStand() && journal.isTermDurable() && recollection.mayVote(nowNanos))"
                + " {",
            "if (removal.mayStand() && recollection.mayVote(nowNanos)) {",
            LedgerScenes.A_CANDIDATE_WAITS_FOR_A_SLOW_DISK),
        shown(
            "a vote that is not persisted",
            "RaftCore.java",
            "      enterTerm(request.term(), isGranted ? from : null, nowNanos, effects);\n",
            "      enterTerm(request.term(), null, nowNanos, effects);\n",
            LedgerScenes.A_VOTE_IS_SENT_ONCE_IT_IS_DURABLE),
        shown(
            "a change of members before an entry of the leader's own term is committed",
            "Leadership.java",
            "if (!isOwnTermCommitted() || !own.isConfigurationCommitted()) {",
            "if (!own.isConfigurationCommitted()) {",
            LedgerScenes.MEMBERS_CHANGE_ONLY_AFTER_AN_ENTRY_OF_THE_LEADERS_OWN_TERM_IS_COMMITTED),
        shown(
            "a second change of members before the first is committed",
            "Leadership.java",
            "if (!isOwnTermCommitted() || !own.isConfigurationCommitted()) {",
            "if (!isOwnTermCommitted()) {",
            LedgerScenes.ONE_CHANGE_OF_MEMBERS_AT_A_TIME),
        shown(
            "a snapshot that drops acknowledged entries behind it",
            "OwnLog.java",
            "if (index <= log.lastIndex() && log.term(index) == snapshot.term()) {",
            "if (index < 0) {",
            LedgerScenes.A_SNAPSHOT_LEAVES_THE_ENTRIES_BEHIND_IT),
        shown(
            "a new leader that reads too early",
            "Leadership.java",
            "    if (isOwnTermCommitted()) {\n      rounds",
            "    if (firstIndex > 0) {\n      rounds",
            LedgerScenes.A_NEW_LEADER_READS_ONLY_AFTER_AN_ENTRY_OF_ITS_OWN_TERM_IS_COMMITTED),
        shown(
            "an older leader refused as if it led today",
            "RaftCore.java",
            "send(from, new Outdated(term), effects);",
            "send(from, new Rejected(term, append.previous(), append.previous(), 0), effects);",
            LedgerScenes.A_REFUSAL_OF_AN_OLDER_LEADER_SAYS_NOTHING_TO_WHAT_IT_IS_NOW),
        shown(
            "only what is known to be committed asked who may stand",
            "Configurations.java",
            "byIndex.tailMap(byIndex.floorKey(committed), true)",
            "byIndex.subMap(byIndex.floorKey(committed), true, committed, true)",
            LedgerScenes.A_SERVER_THAT_MAY_BE_REMOVED_STANDS_ALSO_AFTER_A_RESTART),
        shown(
            "a snapshot whose term is ignored",
            "RaftCore.java",
            "if (snapshot.term() > term) {",
            "if (snapshot.term() < 0) {",
            LedgerScenes.A_SNAPSHOT_OF_A_LATER_TERM_IS_NOT_ACKNOWLEDGED_TO_AN_OLDER_LEADER),
        shown(
            "an acknowledgement of more than was written taken",
            "Leadership.java",
            "if (reply.match() <= own.lastIndex()) {",
            "if (reply.match() >= 0) {",
            LedgerScenes.A_LEADER_BEARS_THAT_SOMEBODY_HAS_MORE_THAN_IT_HAS_WRITTEN),
        shown(
            "answers to an earlier life taken",
            "ReadForwarding.java",
            "if (reply.life() == life) {",
            "if (reply.request() > 0) {",
            LedgerScenes.A_READ_IS_NOT_ANSWERED_BY_AN_ANSWER_TO_AN_EARLIER_LIFE),
        shown(
            "a learner that waits for a dead leader",
            "RaftCore.java",
            "      if (leader != null) {\n        follow(null",
            "      if (leader != null && term < 0) {\n        follow(null",
            LedgerScenes.A_LEARNER_FORGETS_A_LEADER_THAT_IS_SILENT),
        shown(
            "a disk set back that is not noticed",
            "Recollection.java",
            "|| testimony.match() > memory.lastIndex",
            "|| testimony.match() < 0",
            OldDiskScenes.A_DISK_SET_BACK_GIVES_NO_VOTE),
        shown(
            "a vote that others remember given again",
            "Recollection.java",
            "if (heardTerm >= startTerm && heardTerm > 0) {",
            "if (heardTerm == startTerm && heardTerm > 0) {",
            OldDiskScenes.A_VOTE_THAT_WAS_FORGOTTEN_IS_NOT_GIVEN_AGAIN),
        shown(
            "a vote before anybody was asked",
            "Recollection.java",
            "return silent.isEmpty() || isTimeUp;",
            "return true;",
            OldDiskScenes.WHO_STARTS_ASKS_BEFORE_IT_VOTES),
        shown(
            "what is remembered compared with what was known at the start",
            "RaftCore.java",
            "recollection.onTestimony(from, testimony, term, own.lastIndex(), vote);",
            "recollection.onTestimony(from, testimony, term, 1, vote);",
            OldDiskScenes.A_DISK_THAT_KEPT_ITS_WORD_IS_TRUSTED_WHOEVER_ANSWERS_LATE));
  }

  @ParameterizedTest
  @MethodSource("faultsForSeeds")
  void aPlantedFaultIsFoundBySeeds(Planted planted, @TempDir Path directory) throws Exception {
    String found = planted.mutant().hunt(SIMULATOR, SEEDS_MAX, directory);
    assertThat(found).as("not found in %d seeds", SEEDS_MAX).isNotNull();
    assertThat(found).contains(planted.reportedAs());
  }

  @ParameterizedTest
  @MethodSource("faultsForScenes")
  void aPlantedFaultIsShownByAScene(Shown shown, @TempDir Path directory) throws Exception {
    assertThat(shown.mutant().play(shown.scene(), directory))
        .as("what %s says of it", shown.scene())
        .isNotNull();
  }
}
