package io.gamut.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The simulator bites: each planted fault is found, by the invariant that it breaks. */
final class MutantsTest {
  private static final int SEEDS_MAX = 80_000;
  private static final String SIMULATOR = "io.gamut.simulator.Simulator";

  /** A fault, and a word of the invariant that should report it. */
  record Planted(Mutant mutant, String reportedAs) {
    @Override
    public String toString() {
      return mutant.name();
    }
  }

  static Stream<Planted> faults() {
    return Stream.of(
        new Planted(
            new Mutant(
                "acknowledged before durable",
                "Replica.java",
                "    reception.acceptOwn(update.dot());\n",
                "    reception.acceptOwn(update.dot());\n"
                    + "    effects.reply(write.request(),"
                    + " new Reply.Written(update.version(), update.dot(), false));\n"),
            "acknowledged before it is durable"),
        new Planted(
            new Mutant(
                "sent before durable",
                "Replica.java",
                "    reception.acceptOwn(update.dot());\n",
                "    reception.acceptOwn(update.dot());\n    spreading.add(update, now);\n"),
            "sent before it is durable"),
        new Planted(
            new Mutant(
                "a skipped dependency check",
                "Delivery.java",
                "if (!visible.covers(ledger.reachable(head.dependencies()))\n"
                    + "          || head.index() > ledger.applied()) {",
                "if (head.dot().sequence() < 0) {"),
            "no effect before its cause"),
        new Planted(
            new Mutant(
                "received taken for visible",
                "Replica.java",
                "isSettled() && gate.isOpen(key, requirement, delivery.visible())",
                "isSettled() && gate.isOpen(key, requirement, reception.received())"),
            "a session sees"),
        new Planted(
            new Mutant(
                "a gap in a vector",
                "Reception.java",
                "accepted.get(dot.origin()) + 1 == dot.sequence()",
                "accepted.get(dot.origin()) < dot.sequence()"),
            "out of turn"),
        new Planted(
            new Mutant(
                "an origin reused after a rolled-back disk",
                "OwnOrigin.java",
                "    this.sequence = sequence;\n",
                "    this.sequence = sequence;\n    this.trusted = true;\n"),
            ""),
        new Planted(
            new Mutant(
                "an earlier life believed", "Peers.java", "return Life.OVER;", "return Life.SAME;"),
            "a dot names one update"),
        new Planted(
            new Mutant(
                "a retry stamped anew",
                "Stamping.java",
                "    if (write.stamp() != null) {\n",
                "    if (write.stamp() != null && write.deadlineNanos() == 0) {\n"),
            "a write is stamped once"),
        new Planted(
            new Mutant(
                "a gap that others wait for",
                "Delivery.java",
                "long gapEnd = head == null ? last : head.dot().sequence() - 1;",
                "long gapEnd = head == null ? last : 0;"),
            "after heal and silence"),
        new Planted(
            new Mutant(
                "gaps shown before what closes them",
                "Delivery.java",
                "VersionVector within = catchUp.told(received);",
                "VersionVector within = received;"),
            ""),
        new Planted(
            new Mutant(
                "dropped though only some show what has overtaken it",
                "MemoryUpdateStore.java",
                "new Overtaking(update.dot(), before.dot())",
                "new Overtaking(before.dot(), before.dot())"),
            ""),
        new Planted(
            new Mutant(
                "a barrier forgotten at a restart",
                "Replay.java",
                "case BarrierRaised(VersionVector shownByAll) -> catchUp.raiseBarrier(shownByAll);",
                "case BarrierRaised _ -> {}"),
            ""),
        new Planted(
            new Mutant(
                "waiting for ever for what is lost",
                "CatchUp.java",
                "    return isUnderWay() && !isEnding &&",
                "    return isUnderWay() && isEnding &&"),
            "after heal and silence"),
        new Planted(
            new Mutant(
                "what is provisional handed on",
                "CatchUp.java",
                "return isUnderWay() ? solid : received;",
                "return received;"),
            ""),
        new Planted(
            new Mutant(
                "a stamp that does not pass the session's",
                "Stamping.java",
                "    clock.observe(write.sessionLatest());\n",
                ""),
            "a session's write wins"),
        new Planted(
            new Mutant(
                "an update lost when recovering",
                "Replay.java",
                "      store.append(update);\n      reception.onDurable(update.dot());\n      if",
                "      reception.onDurable(update.dot());\n      if"),
            ""),
        new Planted(
            new Mutant(
                "a received update that nobody asks for again",
                "AntiEntropy.java",
                "    if (target != null) {\n",
                "    if (target != null && target.value() < 0) {\n"),
            ""));
  }

  @ParameterizedTest
  @MethodSource("faults")
  void aPlantedFaultIsFound(Planted planted, @TempDir Path directory) throws Exception {
    String found = planted.mutant().hunt(SIMULATOR, SEEDS_MAX, directory);
    assertThat(found).as("not found in %d seeds", SEEDS_MAX).isNotNull();
    assertThat(found).contains(planted.reportedAs());
  }
}
