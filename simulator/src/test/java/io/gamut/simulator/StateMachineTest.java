package io.gamut.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gamut.core.Change;
import io.gamut.core.Condition;
import io.gamut.core.Content;
import io.gamut.core.Dot;
import io.gamut.core.Operation;
import io.gamut.core.OperationResult;
import io.gamut.core.OperationResult.Changed;
import io.gamut.core.OperationResult.Failed;
import io.gamut.core.OperationResult.Problem;
import io.gamut.core.OperationResult.Unmet;
import io.gamut.core.OperationResult.Withdrawn;
import io.gamut.core.Version;
import io.gamut.core.VersionVector;
import io.gamut.ledger.log.Entry;
import io.gamut.replication.committed.Command.Absorb;
import io.gamut.replication.committed.Command.Operations;
import io.gamut.replication.committed.Proposer;
import io.gamut.replication.committed.Row;
import io.gamut.replication.committed.StateMachine;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The rules of docs/consistency.md, section 2, one by one, on the state machine itself. */
final class StateMachineTest extends StateMachineByHand {
  // Weak updates

  @Test
  void anUpdateIsAbsorbedOnceAndInTheOrderOfItsOrigin() {
    apply(new Absorb(List.of(update(ORIGIN, 2, 5_000, VersionVector.EMPTY))));
    assertThat(machine.absorbed()).isEqualTo(VersionVector.EMPTY);
    apply(new Absorb(List.of(update(ORIGIN, 1, 4_000, VersionVector.EMPTY))));
    apply(new Absorb(List.of(update(ORIGIN, 2, 5_000, VersionVector.EMPTY))));
    assertThat(machine.absorbed().get(ORIGIN)).isEqualTo(2);
    long hash = machine.hash();
    apply(new Absorb(List.of(update(ORIGIN, 1, 4_000, VersionVector.EMPTY))));
    assertThat(machine.hash()).isEqualTo(hash);
    assertThat(row().version()).isEqualTo(new Version(at(5_000), ORIGIN));
  }

  @Test
  void anUpdateIsAbsorbedAfterWhatItDependsOn() {
    VersionVector cause = VersionVector.of(new Dot(ELSEWHERE, 1));
    apply(new Absorb(List.of(update(ORIGIN, 1, 4_000, cause))));
    assertThat(machine.absorbed()).isEqualTo(VersionVector.EMPTY);
    apply(
        new Absorb(
            List.of(
                update(ELSEWHERE, 1, 3_000, VersionVector.EMPTY),
                update(ORIGIN, 1, 4_000, cause))));
    assertThat(machine.absorbed().get(ORIGIN)).isEqualTo(1);
  }

  @Test
  void anOvertakenUpdateIsAbsorbedWithoutEffect() {
    apply(batch(PROPOSER, 1, 9_000, put("strong")));
    apply(new Absorb(List.of(update(ORIGIN, 1, 4_000, VersionVector.EMPTY))));
    assertThat(machine.absorbed().get(ORIGIN)).isEqualTo(1);
    assertThat(row().content()).isEqualTo(value("strong"));
  }

  // Strong operations

  @Test
  void aStrongWriteNeverLosesAgainstWhatIsCommitted() {
    apply(new Absorb(List.of(update(ORIGIN, 1, 9_000, VersionVector.EMPTY))));
    Version version = version(execute(batch(PROPOSER, 1, 4_000, put("late"))).getFirst());
    assertThat(row()).isEqualTo(new Row(version, value("late")));
    assertThat(version).isEqualTo(new Version(at(9_000) + 1, Version.LEDGER));
    Version next = version(execute(batch(PROPOSER, 2, 10_000, put("x"))).getFirst());
    assertThat(next).isEqualTo(new Version(at(10_000), STAMPER));
  }

  @Test
  void aBatchIsAppliedOnlyAsTheNextOfItsProposer() {
    apply(batch(PROPOSER, 2, 4_000, put("gap")));
    assertThat(results).isEmpty();
    apply(batch(PROPOSER, 1, 4_000, put("first")));
    apply(batch(PROPOSER, 1, 4_001, put("again")));
    apply(batch(PROPOSER, 3, 4_002, put("gap")));
    assertThat(results).hasSize(1);
    assertThat(row().content()).isEqualTo(value("first"));
    assertThat(machine.lastOf(PROPOSER)).isEqualTo(1);
    assertThat(machine.reply(PROPOSER, 1)).isEqualTo(results.getFirst());
    assertThat(machine.reply(PROPOSER, 2)).isNull();
  }

  @Test
  void aLaterLifeOfAProposerEndsTheEarlier() {
    Proposer later = new Proposer(PROPOSER.id(), PROPOSER.boot() + 1);
    apply(batch(PROPOSER, 1, 4_000, put("a")));
    apply(batch(later, 1, 4_001, put("b")));
    apply(batch(PROPOSER, 2, 4_002, put("c")));
    assertThat(row().content()).isEqualTo(value("b"));
    assertThat(machine.lastOf(PROPOSER)).isZero();
    assertThat(machine.reply(later, 1)).isNotNull();
  }

  @Test
  void anOldUnknownProposerIsRefused() {
    apply(batch(PROPOSER, 1, 8_000_000, put("now")));
    apply(batch(new Proposer(2, at(1_000)), 1, 1_000, put("from long ago")));
    assertThat(row().content()).isEqualTo(value("now"));
  }

  @Test
  void aProposerThatWasSilentForLongMayBegin() {
    apply(batch(PROPOSER, 1, 8_000_000, put("now")));
    apply(batch(new Proposer(2, at(1_000)), 1, 8_000_001, put("at last")));
    assertThat(row().content()).isEqualTo(value("at last"));
  }

  @Test
  void aBatchWaitsForItsDependencies() {
    VersionVector cause = VersionVector.of(new Dot(ORIGIN, 1));
    Operations batch =
        new Operations(
            PROPOSER, 1, 0, cause, new Version(at(9_000), STAMPER), List.of(put("after")));
    apply(batch);
    assertThat(results).isEmpty();
    apply(new Absorb(List.of(update(ORIGIN, 1, 4_000, VersionVector.EMPTY))));
    apply(batch);
    assertThat(results).hasSize(1);
  }

  @Test
  void keptRepliesGoOnceTheyAreAnswered() {
    for (int number = 1; number <= 3; number++) {
      apply(batch(PROPOSER, number, 4_000, put("v" + number)));
    }
    apply(
        new Operations(
            PROPOSER,
            4,
            2,
            VersionVector.EMPTY,
            new Version(at(4_000), STAMPER),
            List.of(put("v4"))));
    assertThat(machine.reply(PROPOSER, 2)).isNull();
    assertThat(machine.reply(PROPOSER, 3)).isNotNull();
  }

  @Test
  void aWithdrawnOperationUsesUpItsPlaceAndNothingElse() {
    assertThat(execute(batch(PROPOSER, 1, 4_000, null, put("b"))).getFirst())
        .isEqualTo(Withdrawn.WITHDRAWN);
    assertThat(row().content()).isEqualTo(value("b"));
    assertThat(machine.lastOf(PROPOSER)).isEqualTo(1);
  }

  @Test
  void allChangesAreMadeOrNone() {
    Operation transfer =
        new Operation.Minitransaction(
            List.of(new Condition.Absent(OTHER)),
            List.of(new Change.Put(KEY, value("1")), new Change.Increment(OTHER, 5)),
            false);
    List<OperationResult> done =
        execute(batch(PROPOSER, 1, 4_000, put("text"), transfer, transfer));
    assertThat(done.get(1)).isInstanceOf(Changed.class);
    assertThat(done.get(2)).isInstanceOf(Unmet.class);
    Operation impossible =
        new Operation.Minitransaction(
            List.of(),
            List.of(new Change.Put(OTHER, value("x")), new Change.Increment(KEY, 1)),
            false);
    execute(batch(PROPOSER, 2, 4_100, put("no number")));
    assertThat(execute(batch(PROPOSER, 3, 4_200, impossible)).getFirst())
        .isEqualTo(new Failed(Problem.NOT_A_NUMBER));
    assertThat(store.lookup(OTHER))
        .satisfies(pair -> assertThat(pair == null ? null : pair.content()).isEqualTo(value("5")));
  }

  @Test
  void conditionsLookAtVersionsAndValues() {
    Version version = version(execute(batch(PROPOSER, 1, 4_000, put("v"))).getFirst());
    Operation byVersion = guarded(new Condition.VersionIs(KEY, version));
    Operation byValue = guarded(new Condition.ValueIs(KEY, "new".getBytes(StandardCharsets.UTF_8)));
    List<OperationResult> done =
        execute(batch(PROPOSER, 2, 4_100, byVersion, byVersion, byValue, byValue));
    assertThat(done.get(0)).isInstanceOf(Changed.class);
    assertThat(done.get(1)).isInstanceOf(Unmet.class);
    assertThat(done.get(2)).isInstanceOf(Changed.class);
    assertThat(done.get(3)).isInstanceOf(Changed.class);
  }

  private static Operation guarded(Condition condition) {
    return new Operation.Minitransaction(
        List.of(condition), List.of(new Change.Put(KEY, value("new"))), false);
  }

  @Test
  void numbersAndTextsGrow() {
    Operation add = Operation.of(new Change.Increment(KEY, 40));
    Operation append = Operation.of(new Change.Append(KEY, new byte[] {'!'}, false));
    Operation prepend = Operation.of(new Change.Append(KEY, new byte[] {'+'}, true));
    List<OperationResult> done = execute(batch(PROPOSER, 1, 4_000, add, add, append, prepend));
    assertThat(changed(done.get(1)).number()).isEqualTo(80);
    assertThat(changed(done.get(3)).number()).isEqualTo(4);
    assertThat(row().content()).isEqualTo(value("+80!"));
    Operation overflow = Operation.of(new Change.Increment(KEY, Long.MAX_VALUE));
    assertThat(execute(batch(PROPOSER, 2, 4_100, put("9"), overflow)).get(1))
        .isEqualTo(new Failed(Problem.OVERFLOW));
    assertThat(execute(batch(PROPOSER, 3, 4_200, put("007"), add)).get(1))
        .isEqualTo(new Failed(Problem.NOT_A_NUMBER));
  }

  @Test
  void expiryIsJudgedByLedgerTime() {
    Content.Value mortal = new Content.Value(new byte[] {'1'}, 0, 6_000);
    execute(batch(PROPOSER, 1, 5_000, Operation.of(new Change.Put(KEY, mortal))));
    Operation ifAbsent = guarded(new Condition.Absent(KEY));
    assertThat(execute(batch(PROPOSER, 2, 5_999, ifAbsent)).getFirst()).isInstanceOf(Unmet.class);
    assertThat(execute(batch(PROPOSER, 3, 6_000, ifAbsent)).getFirst()).isInstanceOf(Changed.class);
    assertThat(machine.millis()).isEqualTo(6_000);
  }

  // The whole

  @Test
  void whatIsCommittedIsThereAfterARestartAndGoesOn() {
    apply(new Absorb(List.of(update(ORIGIN, 1, 4_000, VersionVector.EMPTY))));
    apply(batch(PROPOSER, 1, 5_000, put("v")));
    long hash = machine.hash();
    machine = new StateMachine(store.afterCrashWithAll());
    assertThat(machine.applied().index()).isEqualTo(2);
    assertThat(machine.absorbed().get(ORIGIN)).isEqualTo(1);
    assertThat(machine.lastOf(PROPOSER)).isEqualTo(1);
    assertThat(machine.hash()).isEqualTo(hash);
    assertThat(machine.latest()).isEqualTo(at(5_000));
  }

  @Test
  void entriesAreAppliedInOrderAndWhatCannotBeReadStopsTheServer() {
    Entry late = new Entry(2, 1, Entry.NoOp.NO_OP);
    assertThatThrownBy(() -> machine.apply(late, (_, _, _) -> {}))
        .isInstanceOf(IllegalStateException.class);
    Entry odd = new Entry(1, 1, new Entry.Command(new byte[] {99}));
    assertThatThrownBy(() -> machine.apply(odd, (_, _, _) -> {}))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("cannot be read");
  }
}
