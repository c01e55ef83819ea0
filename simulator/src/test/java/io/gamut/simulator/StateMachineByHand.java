package io.gamut.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import io.gamut.core.Change;
import io.gamut.core.Content;
import io.gamut.core.Dot;
import io.gamut.core.HybridClock;
import io.gamut.core.Key;
import io.gamut.core.NodeId;
import io.gamut.core.Operation;
import io.gamut.core.OperationResult;
import io.gamut.core.OperationResult.ChangeResult;
import io.gamut.core.OperationResult.Changed;
import io.gamut.core.Origin;
import io.gamut.core.Version;
import io.gamut.core.VersionVector;
import io.gamut.ledger.log.Entry;
import io.gamut.ledger.log.Participant;
import io.gamut.replication.committed.Command;
import io.gamut.replication.committed.Command.Operations;
import io.gamut.replication.committed.CommandCodec;
import io.gamut.replication.committed.Proposer;
import io.gamut.replication.committed.Row;
import io.gamut.replication.committed.StateMachine;
import io.gamut.replication.message.Update;
import io.gamut.storage.committed.MemoryCommittedStore;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A state machine that a test applies commands to. */
abstract class StateMachineByHand {

  static final Key KEY = Key.of("k");
  static final Key OTHER = Key.of("other");
  static final Origin ORIGIN = new Origin(7, 7);
  static final Origin ELSEWHERE = new Origin(8, 8);
  static final Origin STAMPER = new Origin(9, 9);
  static final Participant FIRST = new Participant(new NodeId(1), 11);
  static final Participant SECOND = new Participant(new NodeId(2), 22);
  static final Participant LOST = new Participant(new NodeId(7), ORIGIN.high());
  static final Proposer PROPOSER = new Proposer(1, HybridClock.fromMillis(1_000));

  final MemoryCommittedStore store = new MemoryCommittedStore();
  StateMachine machine = new StateMachine(store);
  final List<List<OperationResult>> results = new ArrayList<>();

  void apply(Command command) {
    Entry.Command body = new Entry.Command(CommandCodec.encode(command));
    Entry entry = new Entry(machine.applied().index() + 1, 1, body);
    machine.apply(entry, (_, _, done) -> results.add(done));
    machine.commit();
  }

  static Content.Value value(String text) {
    return Content.Value.of(text.getBytes(StandardCharsets.UTF_8));
  }

  static long at(long millis) {
    return HybridClock.fromMillis(millis);
  }

  static Update update(Origin origin, long sequence, long millis, VersionVector after) {
    return new Update(
        new Dot(origin, sequence),
        new Version(at(millis), origin),
        after,
        KEY,
        value(origin.brief() + sequence));
  }

  static Operations batch(
      Proposer proposer, long number, long millis, @Nullable Operation... operations) {
    return new Operations(
        proposer,
        number,
        0,
        VersionVector.EMPTY,
        new Version(at(millis), STAMPER),
        Arrays.asList(operations));
  }

  static Operation put(String text) {
    return Operation.of(new Change.Put(KEY, value(text)));
  }

  List<OperationResult> execute(Operations batch) {
    results.clear();
    apply(batch);
    assertThat(results).hasSize(1);
    return results.getFirst();
  }

  static ChangeResult changed(OperationResult result) {
    assertThat(result).isInstanceOf(Changed.class);
    return ((Changed) result).changes().getFirst();
  }

  /** What the first change of an operation has left its key with. */
  static Version version(OperationResult result) {
    return Objects.requireNonNull(changed(result).version());
  }

  Row row() {
    Row row = store.find(KEY);
    assertThat(row).isNotNull();
    return row;
  }
}
