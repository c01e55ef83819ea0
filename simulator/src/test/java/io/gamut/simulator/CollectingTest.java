package io.gamut.simulator;

import static io.gamut.core.Content.Tombstone.TOMBSTONE;
import static org.assertj.core.api.Assertions.assertThat;

import io.gamut.core.Change;
import io.gamut.core.Content;
import io.gamut.core.Dot;
import io.gamut.core.Ends;
import io.gamut.core.NodeId;
import io.gamut.core.Operation;
import io.gamut.core.OperationResult;
import io.gamut.core.OperationResult.Cleared;
import io.gamut.core.OperationResult.Failed;
import io.gamut.core.OperationResult.Problem;
import io.gamut.core.Origin;
import io.gamut.core.Requirement;
import io.gamut.core.Version;
import io.gamut.core.VersionVector;
import io.gamut.ledger.log.Configuration;
import io.gamut.ledger.log.Entry;
import io.gamut.ledger.log.Participant;
import io.gamut.replication.committed.Command.Absorb;
import io.gamut.replication.committed.Command.Close;
import io.gamut.replication.committed.Command.Condemn;
import io.gamut.replication.committed.Command.Operations;
import io.gamut.replication.committed.Command.RaiseFloor;
import io.gamut.replication.committed.Row;
import io.gamut.replication.committed.StateMachine;
import io.gamut.replication.message.Update;
import io.gamut.storage.committed.MemoryCommittedStore;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * What of docs/consistency.md concerns lost origins and collected tombstones, on the state machine
 * itself: the rules of sections 6 and 7.
 */
final class CollectingTest extends StateMachineByHand {
  // Range tombstones, and the floor

  @Test
  void aRangeTombstoneOvertakesAllThatIsCommitted() {
    apply(new Absorb(List.of(update(ORIGIN, 1, 9_000, VersionVector.EMPTY))));
    OperationResult done =
        execute(batch(PROPOSER, 1, 4_000, put("a"), Operation.Clear.CLEAR)).getLast();
    assertThat(done).isEqualTo(new Cleared(machine.cleared()));
    assertThat(machine.cleared().timestamp()).isGreaterThan(at(9_000));
    assertThat(store.find(KEY)).isNull();
    assertThat(machine.row(KEY)).isEqualTo(new Row(machine.cleared(), TOMBSTONE));
    apply(new Absorb(List.of(update(ORIGIN, 2, 9_000, VersionVector.EMPTY))));
    assertThat(machine.absorbed().get(ORIGIN)).isEqualTo(2);
    assertThat(store.find(KEY)).isNull();
    Version next = version(execute(batch(PROPOSER, 2, 4_100, put("b"))).getFirst());
    assertThat(next.isAfter(machine.cleared())).isTrue();
    assertThat(machine.discarded()).isZero();
  }

  private static Operation delete() {
    return Operation.of(new Change.Put(KEY, TOMBSTONE));
  }

  private static RaiseFloor raise(long millis, Participant... promisers) {
    return new RaiseFloor(at(millis), List.of(promisers), VersionVector.EMPTY);
  }

  private void configure(Participant... voters) {
    Configuration configuration = Configuration.NOBODY;
    for (Participant voter : voters) {
      configuration = configuration.withVoter(voter);
    }
    Entry.Reconfigured body = new Entry.Reconfigured(configuration);
    machine.apply(new Entry(machine.applied().index() + 1, 1, body), (_, _, _) -> {});
  }

  @Test
  void aCollectedTombstoneStaysOvertaking() {
    configure(FIRST, SECOND);
    execute(batch(PROPOSER, 1, 4_000, put("a"), delete()));
    assertThat(machine.isCollectable()).isTrue();
    apply(raise(5_000, FIRST, SECOND));
    assertThat(machine.isCollectable()).isFalse();
    assertThat(machine.row(KEY)).isEqualTo(new Row(Version.lastAt(at(5_000)), TOMBSTONE));
    assertThat(store.lookup(OTHER)).isNotNull();
    apply(new Absorb(List.of(update(ORIGIN, 1, 4_000, VersionVector.EMPTY))));
    assertThat(machine.absorbed().get(ORIGIN)).isEqualTo(1);
    assertThat(store.find(KEY)).isNull();
    assertThat(machine.discarded()).isEqualTo(1);
    Version next = version(execute(batch(PROPOSER, 2, 4_100, put("b"))).getFirst());
    assertThat(next.timestamp()).isGreaterThan(at(5_000));
    apply(new Absorb(List.of(update(ORIGIN, 2, 6_000, VersionVector.EMPTY))));
    assertThat(row().version()).isEqualTo(new Version(at(6_000), ORIGIN));
    assertThat(machine.discarded()).isEqualTo(1);
  }

  @Test
  void theFloorWaitsForPromisesAndForWhatWasPromised() {
    configure(FIRST, SECOND);
    execute(batch(PROPOSER, 1, 4_000, delete()));
    apply(raise(5_000, FIRST));
    assertThat(machine.floor()).isZero();
    VersionVector promised = VersionVector.of(new Dot(ORIGIN, 1));
    RaiseFloor raise = new RaiseFloor(at(5_000), List.of(FIRST, SECOND), promised);
    apply(raise);
    assertThat(machine.floor()).isZero();
    apply(new Absorb(List.of(update(ORIGIN, 1, 4_500, VersionVector.EMPTY))));
    apply(raise);
    assertThat(machine.floor()).isEqualTo(at(5_000));
    assertThat(row().content()).isInstanceOf(Content.Value.class);
    long hash = machine.hash();
    apply(raise(4_000, FIRST, SECOND));
    assertThat(machine.hash()).isEqualTo(hash);
  }

  @Test
  void whatHasExpiredByLedgerTimeIsCollectedAsATombstoneIs() {
    configure(FIRST);
    Content.Value mortal = new Content.Value(new byte[] {'1'}, 0, 6_000);
    execute(batch(PROPOSER, 1, 4_000, Operation.of(new Change.Put(KEY, mortal))));
    apply(raise(5_000, FIRST));
    assertThat(row().content()).isEqualTo(mortal);
    execute(batch(PROPOSER, 2, 6_000));
    assertThat(store.find(KEY)).isNull();
    assertThat(machine.row(KEY)).isEqualTo(new Row(Version.lastAt(at(5_000)), TOMBSTONE));
  }

  // Lost disks

  private static Close close(long round, long end, Participant... asked) {
    return new Close(LOST, round, new Ends(Map.of(ORIGIN, end)), List.of(asked));
  }

  @Test
  void anOriginIsClosedOnceEveryMemberWasAsked() {
    configure(FIRST, SECOND, LOST);
    apply(close(1, 2, FIRST, SECOND, LOST));
    assertThat(machine.ends()).isEqualTo(Ends.NONE);
    apply(new Condemn(LOST, true));
    assertThat(machine.toClose()).isNull();
    apply(close(1, 2, FIRST, SECOND, LOST));
    assertThat(machine.ends()).isEqualTo(Ends.NONE);
    configure(FIRST, SECOND);
    assertThat(machine.toClose()).isEqualTo(LOST);
    apply(close(1, 2, FIRST));
    assertThat(machine.ends()).isEqualTo(Ends.NONE);
    apply(close(1, 2, FIRST, SECOND));
    assertThat(machine.ends().byOrigin()).containsEntry(ORIGIN, 2L);
    assertThat(machine.toClose()).isNull();
    for (int sequence = 1; sequence <= 3; sequence++) {
      apply(new Absorb(List.of(update(ORIGIN, sequence, 4_000, VersionVector.EMPTY))));
    }
    assertThat(machine.absorbed().get(ORIGIN)).isEqualTo(2);
  }

  @Test
  void aServerMayBeForgottenAfterItsDiskWasReplaced() {
    configure(FIRST, LOST);
    apply(new Condemn(LOST, false));
    configure(FIRST);
    apply(close(1, 1, FIRST));
    assertThat(machine.isForgotten(LOST)).isFalse();
    apply(new Condemn(LOST, true));
    assertThat(machine.isForgotten(LOST)).isTrue();
    assertThat(machine.toClose()).as("closed as before").isNull();
    apply(new Condemn(LOST, false));
    assertThat(machine.isForgotten(LOST)).isTrue();
  }

  @Test
  void whatIsBeyondTheEndIsVoid() {
    configure(FIRST);
    apply(new Condemn(LOST, false));
    apply(close(1, 1, FIRST));
    VersionVector cause = VersionVector.of(new Dot(ORIGIN, 3));
    apply(new Absorb(List.of(update(ELSEWHERE, 1, 4_000, cause))));
    assertThat(machine.absorbed().get(ELSEWHERE)).isZero();
    apply(new Absorb(List.of(update(ORIGIN, 1, 4_000, VersionVector.EMPTY))));
    apply(new Absorb(List.of(update(ELSEWHERE, 1, 4_000, cause))));
    assertThat(machine.absorbed().get(ELSEWHERE)).isEqualTo(1);
    Operations dependent =
        new Operations(PROPOSER, 1, 0, cause, new Version(at(9_000), STAMPER), List.of(put("x")));
    assertThat(execute(dependent)).containsExactly(new Failed(Problem.LOST));
    assertThat(machine.lastOf(PROPOSER)).isEqualTo(1);
  }

  @Test
  void anOriginIsClosedLowerWhenAnotherDiskIsLost() {
    Participant other = new Participant(new NodeId(3), 33);
    configure(FIRST, SECOND);
    apply(new Condemn(LOST, true));
    apply(close(1, 5, FIRST, SECOND));
    apply(new Condemn(other, true));
    assertThat(machine.toClose()).isEqualTo(other);
    apply(new Close(other, 1, Ends.NONE, List.of(FIRST, SECOND)));
    assertThat(machine.toClose()).isEqualTo(LOST);
    apply(raise(9_000, FIRST, SECOND));
    assertThat(machine.floor()).isZero();
    apply(close(2, 3, FIRST, SECOND));
    assertThat(machine.ends().byOrigin()).containsEntry(ORIGIN, 3L);
    assertThat(machine.toClose()).isNull();
    apply(close(1, 1, FIRST, SECOND));
    assertThat(machine.ends().byOrigin()).containsEntry(ORIGIN, 3L);
  }

  @Test
  void anOriginThatNobodyHoldsEndsAtNothing() {
    Origin unheard = new Origin(ORIGIN.high(), 70);
    configure(FIRST);
    apply(new Condemn(LOST, true));
    Update late = update(unheard, 1, 4_000, VersionVector.EMPTY);
    VersionVector cause = VersionVector.of(late.dot());
    assertThat(new Requirement(cause, 0, null).isLost(machine.ends(), null)).isFalse();
    apply(close(1, 2, FIRST));
    assertThat(new Requirement(cause, 0, null).isLost(machine.ends(), null)).isTrue();
    assertThat(new StateMachine(store.snapshot()).ends()).isEqualTo(machine.ends());
    apply(new Absorb(List.of(late)));
    assertThat(machine.absorbed().get(unheard)).isZero();
    apply(new Absorb(List.of(update(ELSEWHERE, 1, 4_000, cause))));
    assertThat(machine.absorbed().get(ELSEWHERE)).isEqualTo(1);
  }

  @Test
  void theFloorWaitsUntilADiskThatIsGoneIsClosed() {
    configure(FIRST, LOST);
    execute(batch(PROPOSER, 1, 4_000, delete()));
    apply(new Condemn(LOST, true));
    configure(FIRST);
    apply(raise(5_000, FIRST));
    assertThat(machine.floor()).as("before anybody was asked what it holds").isZero();
    apply(close(1, 1, FIRST));
    apply(raise(5_000, FIRST));
    assertThat(machine.floor()).as("before that is absorbed").isZero();
    apply(new Absorb(List.of(update(ORIGIN, 1, 4_500, VersionVector.EMPTY))));
    apply(raise(5_000, FIRST));
    assertThat(machine.floor()).isEqualTo(at(5_000));
    assertThat(row().version().timestamp()).isEqualTo(at(4_500));
  }

  // The whole

  @Test
  void aSnapshotCarriesWhatIsClosedAndCollected() {
    configure(FIRST);
    apply(new Condemn(LOST, true));
    apply(close(1, 2, FIRST));
    execute(batch(PROPOSER, 1, 5_000, delete(), Operation.Clear.CLEAR, delete()));
    for (int sequence = 1; sequence <= 2; sequence++) {
      apply(new Absorb(List.of(update(ORIGIN, sequence, 4_000, VersionVector.EMPTY))));
    }
    apply(raise(6_000, FIRST));
    MemoryCommittedStore copy = store.snapshot();
    StateMachine there = new StateMachine(copy);
    assertThat(there.ends()).isEqualTo(machine.ends());
    assertThat(there.gone()).containsExactly(LOST);
    assertThat(there.isForgotten(LOST.node())).isTrue();
    assertThat(there.floor()).isEqualTo(at(6_000));
    assertThat(there.cleared()).isEqualTo(machine.cleared());
    assertThat(there.row(KEY)).isEqualTo(machine.row(KEY));
    assertThat(copy.lookup(KEY)).isEqualTo(store.lookup(KEY));
  }
}
