package io.gamut.simulator;

import static io.gamut.simulator.ByHand.LOST;
import static io.gamut.simulator.ByHand.NOTHING;
import static io.gamut.simulator.ByHand.advert;
import static io.gamut.simulator.ByHand.catchingUp;
import static io.gamut.simulator.ByHand.deliver;
import static io.gamut.simulator.ByHand.envelope;
import static io.gamut.simulator.ByHand.server;
import static io.gamut.simulator.ByHand.spread;
import static io.gamut.simulator.ByHand.telling;
import static io.gamut.simulator.ByHand.update;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.gamut.core.BinaryReader;
import io.gamut.core.Dot;
import io.gamut.replication.ReplicaState;
import io.gamut.replication.message.JournalRecord;
import io.gamut.replication.message.PeerMessage.Spread;
import io.gamut.replication.message.Update;
import io.gamut.storage.update.RocksStoreOptions;
import io.gamut.storage.update.RocksUpdateStore;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a crash may leave of the real store beside the journal, in schedules done by hand. */
final class StoreAheadByHandTest {
  /** As RocksDB does by itself when its memory is full. */
  private static void flush(RocksUpdateStore store) throws Exception {
    Method write = RocksUpdateStore.class.getDeclaredMethod("write");
    write.setAccessible(true);
    write.invoke(store);
    Field tables = RocksUpdateStore.class.getDeclaredField("tables");
    tables.setAccessible(true);
    Method flush = tables.get(store).getClass().getDeclaredMethod("flush");
    flush.setAccessible(true);
    flush.invoke(tables.get(store));
  }

  @Test
  void anAbandonmentIsRepeatedOverAStoreThatIsAhead(@TempDir Path root) throws Exception {
    HandDriven from = server(1, 1, 0, 1, 2);
    RocksUpdateStore rocks = RocksUpdateStore.open(root, RocksStoreOptions.DEFAULTS);
    HandDriven newcomer = new HandDriven(2, List.of(), 2, 0, rocks, null);
    newcomer.start(HandDriven.members(1, 2));
    newcomer.sync();
    catchingUp(from, newcomer);
    ReplicaState checkpoint = newcomer.replica.state();
    rocks.checkpoint(checkpoint.encode());
    int handled = newcomer.journal.size();
    // The member's disk is lost: given up.
    HandDriven emptied = new HandDriven(1, List.of(), 7, 1_000).start(HandDriven.members(1, 2));
    newcomer.receive(emptied, telling(emptied, NOTHING));
    newcomer.pass(100);
    newcomer.sync();
    assertThat(newcomer.replica.received().get(LOST)).isZero();
    // A client writes k3; then the origin itself turns up with all its updates.
    newcomer.written("k3", NOTHING);
    long stamp = newcomer.versionOf("k3").timestamp() + 1;
    List<Update> all =
        List.of(update(LOST, 1, "k1", 1), update(LOST, 2, "k2", 2), update(LOST, 3, "k3", stamp));
    deliver(emptied, newcomer, envelope(emptied, new Spread(all)));
    assertThat(newcomer.shows(new Dot(LOST, 3))).isTrue();
    flush(rocks); // RocksDB's memory is full, or a checkpoint has begun and not ended
    rocks.close();

    List<JournalRecord> behind =
        List.copyOf(newcomer.journal.subList(handled, newcomer.journal.size()));
    try (RocksUpdateStore again = RocksUpdateStore.open(root, RocksStoreOptions.DEFAULTS)) {
      assertThatCode(() -> new HandDriven(2, behind, 3, 0, again, checkpoint))
          .doesNotThrowAnyException();
    }
  }

  private static ReplicaState stateOf(RocksUpdateStore store) {
    byte[] bytes = Objects.requireNonNull(store.checkpointed());
    return ReplicaState.decode(new BinaryReader(bytes));
  }

  @Test
  void belowFsyncTheBarrierIsBesideWhatWasDropped(@TempDir Path root) throws Exception {
    HandDriven other = server(1, 1, 0, 1, 2);
    RocksUpdateStore rocks = RocksUpdateStore.open(root, RocksStoreOptions.DEFAULTS);
    HandDriven server = new HandDriven(2, List.of(), 2, 0, rocks, null);
    rocks.keepBeside(() -> server.replica.state().encode());
    server.start(HandDriven.members(1, 2));
    server.sync();
    Dot dropped = server.written("k", NOTHING);
    Dot winner = server.written("k", NOTHING);
    deliver(server, other, spread(server));
    deliver(other, server, advert(other));
    rocks.scan(null, 1); // any reason to write
    for (int i = 0; i < 4; i++) {
      server.pass(200);
      server.sync();
    }
    assertThat(server.named(dropped)).isEmpty();
    flush(rocks); // by itself, when RocksDB's memory is full; then the power fails
    rocks.close();
    try (RocksUpdateStore again = RocksUpdateStore.open(root, RocksStoreOptions.DEFAULTS)) {
      ReplicaState left = stateOf(again);
      assertThat(again.find(dropped)).isNull();
      assertThat(left.received().covers(dropped)).isTrue();
      assertThat(left.barrier().covers(winner)).as("the barrier that closes the gap").isTrue();
    }
  }

  @Test
  void belowFsyncTheStateFitsWhatWasDiscarded(@TempDir Path root) throws Exception {
    HandDriven from = server(1, 1, 0, 1, 2);
    RocksUpdateStore rocks = RocksUpdateStore.open(root, RocksStoreOptions.DEFAULTS);
    HandDriven newcomer = new HandDriven(2, List.of(), 2, 0, rocks, null);
    rocks.keepBeside(() -> newcomer.replica.state().encode());
    newcomer.start(HandDriven.members(1, 2));
    newcomer.sync();
    catchingUp(from, newcomer);
    rocks.scan(null, 1);
    HandDriven emptied = new HandDriven(1, List.of(), 7, 1_000).start(HandDriven.members(1, 2));
    newcomer.receive(emptied, telling(emptied, NOTHING));
    newcomer.pass(100);
    newcomer.sync();
    assertThat(newcomer.replica.received().get(LOST)).isZero();
    flush(rocks);
    rocks.close();
    try (RocksUpdateStore again = RocksUpdateStore.open(root, RocksStoreOptions.DEFAULTS)) {
      ReplicaState left = stateOf(again);
      assertThat(left.received().get(LOST) > 0 && again.find(new Dot(LOST, 3)) == null)
          .as("received, says the state %s, but its row is gone for good", left)
          .isFalse();
    }
  }

  @Test
  void belowFsyncTheStateInTheMiddleOfAbandoningIsNotOneOfACaughtUpServer(@TempDir Path root)
      throws Exception {
    HandDriven from = server(1, 1, 0, 1, 2);
    RocksUpdateStore rocks = RocksUpdateStore.open(root, RocksStoreOptions.DEFAULTS);
    HandDriven newcomer = new HandDriven(2, List.of(), 2, 0, rocks, null);
    List<ReplicaState> states = new ArrayList<>();
    rocks.keepBeside(() -> {
      states.add(newcomer.replica.state());
      return newcomer.replica.state().encode();
    });
    newcomer.start(HandDriven.members(1, 2));
    newcomer.sync();
    catchingUp(from, newcomer);
    rocks.scan(null, 1);
    HandDriven emptied = new HandDriven(1, List.of(), 7, 1_000).start(HandDriven.members(1, 2));
    newcomer.write("own", NOTHING); // becomes durable in the same turn as the abandonment
    newcomer.receive(emptied, telling(emptied, NOTHING));
    newcomer.pass(100);
    newcomer.sync();
    rocks.close();
    assertThat(states)
        .as("provisional updates count as received, and no barrier is awaited")
        .noneMatch(state -> state.received().get(LOST) > 0 && state.awaited().isEmpty());
  }
}
