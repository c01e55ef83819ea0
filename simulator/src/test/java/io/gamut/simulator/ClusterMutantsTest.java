package io.gamut.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import io.gamut.simulator.cluster.ClusterScenes;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The simulation of clusters bites: each planted fault is found by seeds or shown by a scene. */
final class ClusterMutantsTest {
  private static final int SEEDS_MAX = 6_000;
  private static final String SIMULATOR = "io.gamut.simulator.cluster.ClusterSimulator";

  private static Mutant fault(String name, String file, String original, String planted) {
    return new Mutant(name, file, original, planted);
  }

  static Stream<Mutant> faults() {
    return Stream.of(
            ofTheLedger(),
            ofReplicas(),
            ofLossesAndCollecting(),
            ofClocks(),
            ofOldDisks(),
            ofExpiry(),
            ofGateways())
        .flatMap(faults -> faults);
  }

  private static Stream<Mutant> ofTheLedger() {
    return Stream.of(
        fault(
            "a strong write that loses",
            "committed/Execution.java",
            "return stamp.isAfter(version) ? stamp",
            "return stamp.timestamp() > 0 ? stamp"),
        fault(
            "a gap in a proposer's batches taken",
            "committed/Proposers.java",
            "return number == known.last + 1;",
            "return number > known.last;"),
        fault(
            "a batch applied again",
            "committed/Proposers.java",
            "return number == known.last + 1;",
            "return number <= known.last + 1;"),
        fault(
            "the absorbed vector lost in a snapshot",
            "strong/StrongReplica.java",
            "        machine.onInstalled();\n",
            ""),
        fault(
            "the applied position not committed with what was applied",
            "committed/StateMachine.java",
            "store.commit(state.applied().index(), state.encode());",
            "byte[] before = store.state();\n"
                + "    store.commit(state.applied().index(),"
                + " before == null ? state.encode() : before);"),
        fault(
            "an answer at the position before the operation's",
            "strong/Proposing.java",
            "    long index = applied.index();\n",
            "    long index = applied.index() - 1;\n"));
  }

  private static Stream<Mutant> ofReplicas() {
    return Stream.of(
        fault(
            "a read that takes any state for the latest",
            "strong/StrongReads.java",
            "case Freshness.Latest.LATEST -> false;",
            "case Freshness.Latest.LATEST -> isEverFresh;"),
        fault(
            "a strong write that does not wait for its session's weak ones",
            "strong/OperationGate.java",
            "execute.requirement().isSatisfiedBy(machine.absorbed(), applied, null)",
            "execute.requirement().index() >= 0"),
        fault(
            "a strong read that does not wait for what its session wrote",
            "strong/StrongReads.java",
            "isSatisfiedBy(machine.absorbed(), applied, version)",
            "isSatisfiedBy(requirement.vector(), applied,"
                + " requirement.seen() != null ? requirement.seen().version() : version)"),
        fault(
            "the journal let go where its entries are still needed",
            "JournaledEntryLog.java",
            "return marks.positionFor(baseIndex() + 1);",
            "return position;"),
        fault(
            "own updates shown before the ledger they depend on",
            "Replay.java",
            "if (delivery.mayShow(update)) {",
            "if (update.dot().sequence() > 0) {"),
        fault(
            "what was committed forgotten at a restart",
            "Replay.java",
            "committed = Math.max(committed, update.index());\n    catchUp",
            "catchUp"),
        fault(
            "overtaken updates dropped before they are absorbed",
            "LedgerProgress.java",
            "return absorbed == null ? updates : updates.meet(absorbed);",
            "return updates;"),
        fault(
            "shown without the ledger that is depended on",
            "Delivery.java",
            "|| head.index() > ledger.applied()) {",
            "|| head.index() < 0) {"),
        fault(
            "two that leave hand over to each other",
            "strong/Participation.java",
            "!voter.equals(self) && isStaying(voter, now)",
            "!voter.equals(self)"),
        fault(
            "a clock set back that ends a membership",
            "Membership.java",
            "return own == null ? stamp : Math.max(stamp, own.stamp() + 1);",
            "return stamp;"));
  }

  private static Stream<Mutant> ofLossesAndCollecting() {
    return Stream.of(
        fault(
            "a promise that says nothing of what was stamped before it",
            "Promising.java",
            "new Promise(stamping.promise(now), reception.accepted());",
            "new Promise(stamping.promise(now), io.gamut.core.VersionVector.EMPTY);"),
        fault(
            "a removal that hits a server's next disk",
            "group/Forgetting.java",
            "row.incarnation() == Member.ANY_DISK || machine.isGone(disk);",
            "true;"),
        fault(
            "lost disks forgotten in a snapshot",
            "committed/CommittedState.java",
            "    gone = GoneDisks.read(in);",
            "    GoneDisks.read(in);"),
        fault(
            "the floor forgotten in a snapshot",
            "committed/CommittedState.java",
            "    floor = in.readLong();",
            "    in.readLong();"),
        fault(
            "older tentative updates shown where all keys were deleted",
            "MemoryCommittedStore.java",
            "if (row == null && base().equals(Version.NONE)) {",
            "if (row == null) {"));
  }

  private static Stream<Mutant> ofClocks() {
    return Stream.of(
        fault(
            "a clock believed that nobody has confirmed",
            "strong/OwnClock.java",
            "isTrusted = trust.test(now);",
            "isTrusted = trust.test(now) || now.nanos() != 0;"),
        fault(
            "a boot that takes the clock with it",
            "Stamping.java",
            "long above = Math.max(earlier, clock.latest()) + 1;",
            "long above = Math.max(earlier, clock.stamp(now.wallMillis())) + 1;"),
        fault(
            "a leader with a bad clock that keeps the lead",
            "strong/StrongReplica.java",
            " || clock.takeHandsOver(now)",
            ""),
        fault(
            "weak writes taken by a bad clock",
            "Admission.java",
            "if (clockGuard.isOff(membership.others())) {",
            "if (clockGuard.isOff(membership.others()) && write.request() < 0) {"),
        fault(
            "a proposer judged by its boot alone",
            "committed/Proposers.java",
            "Math.max(proposer.boot(), stamp)",
            "proposer.boot()"));
  }

  private static Stream<Mutant> ofGateways() {
    return Stream.of(
        fault(
            "a gateway that stamps a repeated write anew",
            "gateway/Errands.java",
            "question instanceof Question.Write write && write.stamp() == null) {",
            "question instanceof Question.Write write) {"),
        fault(
            "a gateway that offers what has causes that are not absorbed",
            "gateway/Operations.java",
            "servers.absorbed().covers(requirement.vector())",
            "requirement.vector() != null"),
        fault(
            "a gateway that calls failed what may have been done",
            "strong/Proposing.java",
            "now.nanos() - operation.deadlineNanos >= 0, unknown(), replies);",
            "now.nanos() - operation.deadlineNanos >= 0, refusal, replies);"),
        fault(
            "a leader that takes the next bid for one that was applied",
            "strong/Bids.java",
            "if (bid.number() > machine.lastOf(bid.proposer())) {",
            "if (bid.number() > machine.lastOf(bid.proposer()) + 1) {"),
        fault(
            "hails that move the clocks of servers",
            "group/GroupReplica.java",
            "        weak.time(now),\n",
            "        weak.stamps(1, 0, now),\n"),
        fault(
            "a gateway that stamps while its clock is off",
            "gateway/Servers.java",
            "return 2 * off > known;",
            "return off > known;"));
  }

  private static Stream<Mutant> ofExpiry() {
    return Stream.of(
        fault(
            "an expired value shown by a strong read",
            "strong/StrongReads.java",
            "Content content = isOver ? ",
            "Content content = isOver && row.version().timestamp() < 0 ? "),
        fault(
            "ledger time that goes back, and brings back what had expired",
            "committed/CommittedState.java",
            "millis = Math.max(millis, reached);",
            "millis = reached;"));
  }

  private static Stream<Mutant> ofOldDisks() {
    return Stream.of(
        fault(
            "acknowledgements forgotten with an old disk, and nobody asks",
            "Recollection.java",
            "              || testimony.match() > memory.lastIndex\n",
            ""),
        fault(
            "a proposer that goes on as a life that is over",
            "strong/Proposing.java",
            "if (boot != proposer.boot()) {",
            "if (boot < 0) {"));
  }

  /** A fault, and the scene that shows it. */
  record Shown(Mutant mutant, ClusterScenes scene) {
    @Override
    public String toString() {
      return mutant.name();
    }
  }

  static Stream<Shown> faultsForScenes() {
    return Stream.of(faultsOfOrder(), faultsOfLosses()).flatMap(faults -> faults);
  }

  private static Stream<Shown> faultsOfLosses() {
    return Stream.of(
        new Shown(
            fault(
                "closed without asking every survivor",
                "committed/GoneDisks.java",
                "        && close.asked().containsAll(configuration.everyone())\n",
                ""),
            ClusterScenes.AN_ORIGIN_IS_CLOSED_ONCE_EVERY_SURVIVOR_WAS_ASKED),
        new Shown(
            fault(
                "an update beyond the end absorbed",
                "committed/StateMachine.java",
                "!isNext || ends.isBeyond(update.dot()) ||",
                "!isNext ||"),
            ClusterScenes.NOTHING_BEYOND_AN_END_IS_ABSORBED),
        new Shown(
            fault(
                "an origin that nobody holds left open",
                "committed/GoneDisks.java",
                "ends.with(closed).withDisks(List.of(close.gone().incarnation()));",
                "ends.with(closed);"),
            ClusterScenes.AN_ORIGIN_THAT_NOBODY_HOLDS_IS_CLOSED_WITH_ITS_DISK),
        new Shown(
            fault(
                "the floor raised over what a lost disk may have stamped",
                "committed/StateMachine.java",
                "        && areGoneDisksClosed()\n",
                ""),
            ClusterScenes.THE_FLOOR_WAITS_FOR_THE_CLOSING_OF_LOST_DISKS));
  }

  private static Stream<Shown> faultsOfOrder() {
    return Stream.of(
        new Shown(
            fault(
                "absorbed whatever its sequence",
                "committed/StateMachine.java",
                "update.dot().sequence() == state.absorbed().get(update.dot().origin()) + 1;",
                "update.dot().sequence() > 0;"),
            ClusterScenes.UPDATES_ARE_ABSORBED_IN_THE_ORDER_OF_THEIR_ORIGIN),
        new Shown(
            fault(
                "dependencies ignored at absorption",
                "committed/StateMachine.java",
                "|| !areAbsorbed(update.dependencies())) {",
                ") {"),
            ClusterScenes.UPDATES_ARE_ABSORBED_AFTER_THEIR_CAUSES),
        new Shown(
            fault(
                "a batch that was refused once taken for refused, though it came twice",
                "strong/Proposing.java",
                "boolean isDone = results.get(i) != OperationResult.Withdrawn.WITHDRAWN;",
                "boolean isDone = !batch.isRefused;"),
            ClusterScenes.A_BATCH_THAT_WAS_REFUSED_MAY_HAVE_COME_TWICE),
        new Shown(
            fault(
                "replies lost in a snapshot",
                "MemoryCommittedStore.java",
                "    committed = snapshot.committed.copy();\n",
                "    committed = snapshot.committed.copy();\n    committed.replies.clear();\n"),
            ClusterScenes.A_SNAPSHOT_CARRIES_REPLIES_AND_WHAT_IS_ABSORBED),
        new Shown(
            fault(
                "the age of the state counted from the answer",
                "strong/StrongReads.java",
                "confirmed.add(new Fresh(round.begunNanos, index));",
                "confirmed.add(new Fresh(round.begunNanos + 100_000_000, index));"),
            ClusterScenes.A_STATE_IS_AS_OLD_AS_THE_QUESTION_THAT_CONFIRMED_IT),
        new Shown(
            fault(
                "a bounded read that has waited answered from an old state",
                "strong/StrongReads.java",
                "if (each.index == UNCONFIRMED && !isFreshEnough",
                "if (each.index < UNCONFIRMED && !isFreshEnough"),
            ClusterScenes.A_BOUNDED_READ_THAT_HAS_WAITED_IS_CONFIRMED_ANEW));
  }

  @ParameterizedTest
  @MethodSource("faultsForScenes")
  void aPlantedFaultIsShownByAScene(Shown shown, @TempDir Path directory) throws Exception {
    assertThat(shown.mutant().play(shown.scene(), directory))
        .as("what %s says of it", shown.scene())
        .isNotNull();
  }

  @ParameterizedTest
  @MethodSource("faults")
  void aPlantedFaultIsFound(Mutant mutant, @TempDir Path directory) throws Exception {
    String found = mutant.hunt(SIMULATOR, SEEDS_MAX, directory);
    assertThat(found).as("not found in %d seeds", SEEDS_MAX).isNotNull();
  }
}
