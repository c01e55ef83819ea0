package io.gamut.simulator.cluster;

import io.gamut.core.Content;
import io.gamut.core.Dot;
import io.gamut.core.Key;
import io.gamut.core.Operation;
import io.gamut.core.OperationResult;
import io.gamut.core.Origin;
import io.gamut.core.Version;
import io.gamut.ledger.log.AppliedPoint;
import io.gamut.ledger.log.Configuration;
import io.gamut.ledger.log.Entry;
import io.gamut.replication.committed.Command;
import io.gamut.replication.committed.CommandCodec;
import io.gamut.replication.committed.Proposer;
import io.gamut.replication.committed.Row;
import io.gamut.replication.committed.StateMachine;
import io.gamut.replication.message.Update;
import io.gamut.simulator.Violation;
import io.gamut.storage.committed.MemoryCommittedStore;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The agreed ledger, applied once, when anybody first says that an entry is committed. It remembers
 * what each key held at each index, and checks the state machine's rules by rules of its own.
 */
final class ReferenceLedger {
  private final MemoryCommittedStore store = new MemoryCommittedStore();
  private final StateMachine machine = new StateMachine(store);
  private final List<Entry> entries = new ArrayList<>();
  private final List<Long> hashes = new ArrayList<>(List.of(0L));
  private final List<Long> millis = new ArrayList<>(List.of(0L));
  private final List<Long> committedNanos = new ArrayList<>();
  private final List<Configuration> configurations = new ArrayList<>();
  private final Map<Key, TreeMap<Long, Row>> rows = new HashMap<>();
  private final TreeMap<Long, Row> clearings = new TreeMap<>();
  private final TreeMap<Long, Row> floors = new TreeMap<>();
  private final Map<Origin, Long> absorbed = new HashMap<>();
  private final Map<Long, Proposed> proposed = new HashMap<>();
  private final Effects effects;

  /** How far a proposer has come. */
  private record Proposed(long boot, long last) {}

  /** Is told what takes effect, with what the keys held before. */
  interface Effects {
    void absorbed(Update update, long index, Function<Key, @Nullable Row> before);

    void executed(
        Operation operation,
        OperationResult result,
        long index,
        Function<Key, @Nullable Row> before);
  }

  ReferenceLedger(Configuration bootstrapped, Effects effects) {
    configurations.add(bootstrapped);
    this.effects = effects;
  }

  long lastIndex() {
    return entries.size();
  }

  long hash(long index) {
    return hashes.get((int) index);
  }

  StateMachine machine() {
    return machine;
  }

  AppliedPoint applied() {
    return machine.applied();
  }

  /** The configuration that was committed last, and the one before it. */
  List<Configuration> configurations() {
    int last = configurations.size() - 1;
    return configurations.subList(Math.max(0, last - 1), last + 1);
  }

  /** Ledger time once so much had been applied. */
  long millis(long index) {
    return millis.get((int) index);
  }

  /** A row as it is shown at a ledger time: what has expired is nothing, and stays in its place. */
  private static @Nullable Row shown(@Nullable Row row, long millis) {
    if (row != null && row.content() instanceof Content.Value value && value.expiredAt(millis)) {
      return new Row(row.version(), Content.Tombstone.TOMBSTONE);
    }
    return row;
  }

  /** What a key held once so much had been applied. */
  @Nullable Row row(Key key, long index) {
    Row row = shown(written(key, index), millis(index));
    Row collected = at(floors, index);
    boolean isNothing = row == null || row.content() instanceof Content.Tombstone;
    boolean isCollected =
        collected != null
            && isNothing
            && (row == null || collected.version().isAfter(row.version()));
    return isCollected ? collected : row;
  }

  /** The same as if nothing was ever collected. */
  private @Nullable Row written(Key key, long index) {
    TreeMap<Long, Row> history = rows.get(key);
    Row row = at(history == null ? new TreeMap<>() : history, index);
    Row cleared = at(clearings, index);
    boolean isCleared =
        cleared != null && (row == null || cleared.version().isAfter(row.version()));
    return isCleared ? cleared : row;
  }

  private static @Nullable Row at(NavigableMap<Long, Row> history, long index) {
    Map.Entry<Long, Row> at = history.floorEntry(index);
    return at == null ? null : at.getValue();
  }

  @Nullable Row row(Key key) {
    return row(key, lastIndex());
  }

  /** How much was known to be committed, by anybody, before a moment. */
  long indexAt(long nanos) {
    int index = committedNanos.size();
    while (index > 0 && committedNanos.get(index - 1) > nanos) {
      index--;
    }
    return index;
  }

  boolean hasAbsorbed(Dot dot) {
    return absorbed.getOrDefault(dot.origin(), 0L) >= dot.sequence();
  }

  /** Somebody says that this is committed. */
  void onCommitted(Entry entry, long nowNanos) {
    if (entry.index() <= entries.size()) {
      Entry known = entries.get((int) entry.index() - 1);
      if (!known.equals(entry)) {
        throw new Violation("committed prefixes agree", entry + " and " + known);
      }
      return;
    }
    if (entry.index() != entries.size() + 1) {
      throw new Violation("entries are applied in order", entry + " after " + entries.size());
    }
    if (entry.body() instanceof Entry.Reconfigured(Configuration changed)) {
      configurations.add(changed);
    }
    apply(entry);
    entries.add(entry);
    hashes.add(machine.hash());
    if (machine.millis() < millis.getLast()) {
      throw new Violation("ledger time never goes back", machine.millis() + " at " + entry);
    }
    millis.add(machine.millis());
    committedNanos.add(nowNanos);
  }

  private void apply(Entry entry) {
    if (!(entry.body() instanceof Entry.Command(byte[] bytes))) {
      machine.apply(entry, (_, _, _) -> {});
      machine.commit();
      return;
    }
    switch (CommandCodec.decode(bytes)) {
      case Command.Absorb(List<Update> updates) -> {
        Map<Key, Row> expected = new HashMap<>();
        updates.forEach(update -> absorb(update, expected));
        machine.apply(entry, (_, _, _) -> {});
        machine.commit();
        expected.forEach((key, row) -> requireRow(key, row, entry));
        requireAbsorbed(entry);
      }
      case Command.Operations batch -> execute(entry, batch);
      case Command.Condemn _, Command.Close _, Command.RaiseFloor _ -> {
        machine.apply(entry, (_, _, _) -> {});
        machine.commit();
        if (machine.floor() != 0) {
          Version floor = Version.lastAt(machine.floor());
          floors.put(entry.index(), new Row(floor, Content.Tombstone.TOMBSTONE));
        }
      }
    }
  }

  // Weak updates

  private void absorb(Update update, Map<Key, Row> expected) {
    Dot dot = update.dot();
    boolean isNext = absorbed.getOrDefault(dot.origin(), 0L) + 1 == dot.sequence();
    boolean[] isReady = {isNext && !machine.ends().isBeyond(dot)};
    update.dependencies().forEach((origin, last) -> isReady[0] &= isAbsorbed(origin, last));
    Row before =
        expected.containsKey(update.key())
            ? expected.get(update.key())
            : written(update.key(), lastIndex());
    if (isReady[0]) {
      effects.absorbed(
          update, lastIndex() + 1, key -> expected.containsKey(key) ? expected.get(key) : row(key));
      absorbed.put(dot.origin(), dot.sequence());
      if (before == null || update.version().isAfter(before.version())) {
        requireNotDiscarded(update);
        expected.put(update.key(), new Row(update.version(), update.content()));
        return;
      }
    }
    if (before != null) {
      expected.put(update.key(), before);
    }
  }

  /** What lies beyond the end of a closed origin will never be. */
  private boolean isAbsorbed(Origin origin, long last) {
    return absorbed.getOrDefault(origin, 0L) >= Math.min(last, machine.ends().of(origin));
  }

  /** It is later than all that was there; so it may only be left out if it came back too late. */
  private void requireNotDiscarded(Update update) {
    boolean isBelow = Long.compareUnsigned(update.version().timestamp(), machine.floor()) <= 0;
    if (isBelow && store.find(update.key()) == null) {
      throw new Violation(
          "no member's update is discarded", update + " with the floor at " + machine.floor());
    }
  }

  /** Whether this row is shown as what it is, or as a tombstone that stands for it. */
  static boolean isSame(@Nullable Row expected, @Nullable Row shown) {
    if (expected == null || shown == null || expected.content() instanceof Content.Value) {
      return shown == null
          ? expected == null
          : shown.equals(expected) || isNothing(expected, shown);
    }
    return shown.content() instanceof Content.Tombstone
        && !expected.version().isAfter(shown.version());
  }

  private static boolean isNothing(@Nullable Row expected, Row shown) {
    return expected == null && shown.content() instanceof Content.Tombstone;
  }

  private void requireRow(Key key, Row expected, Entry entry) {
    Row row = machine.row(key);
    if (!isSame(expected, row)) {
      throw new Violation(
          "absorbing keeps the later version",
          "after entry " + entry.index() + " " + key + " is " + row + ", not " + expected);
    }
    remember(key, expected, entry.index());
  }

  private void requireAbsorbed(Entry entry) {
    boolean[] isSame = {machine.absorbed().size() == absorbed.size()};
    machine
        .absorbed()
        .forEach((origin, last) -> isSame[0] &= absorbed.getOrDefault(origin, 0L) == last);
    if (!isSame[0]) {
      throw new Violation(
          "each origin is absorbed in order, once, after its causes",
          "entry " + entry.index() + " leads to " + machine.absorbed() + ", not " + absorbed);
    }
  }

  private void remember(Key key, Row row, long index) {
    Row before = written(key, lastIndex());
    if (row.equals(before)) {
      return;
    }
    if (before != null && !row.version().isAfter(before.version())) {
      throw new Violation(
          "versions rise along the ledger",
          key + " from " + before + " to " + row + " at " + index);
    }
    rows.computeIfAbsent(key, _ -> new TreeMap<>()).put(index, row);
  }

  // Strong operations

  private void execute(Entry entry, Command.Operations batch) {
    List<OperationResult> results = new ArrayList<>();
    machine.apply(entry, (_, _, executed) -> results.addAll(executed));
    machine.commit();
    Proposer proposer = batch.proposer();
    Proposed known = proposed.get(proposer.id());
    boolean isNext =
        (known == null || known.boot < proposer.boot())
            ? batch.number() == 1
            : known.boot == proposer.boot() && batch.number() == known.last + 1;
    if (results.isEmpty() && !batch.operations().isEmpty()) {
      if (isNext && known != null) {
        throw new Violation("a proposer's next batch is applied", batch + " is not");
      }
      return;
    }
    if (!isNext) {
      throw new Violation(
          "exactly the next batch of a proposer is applied", batch + " after " + known);
    }
    proposed.put(proposer.id(), new Proposed(proposer.boot(), batch.number()));
    for (int i = 0; i < results.size(); i++) {
      Operation operation = batch.operations().get(i);
      if (operation != null) {
        effects.executed(operation, results.get(i), entry.index(), this::row);
        if (results.get(i) instanceof OperationResult.Cleared(Version version)) {
          clear(version, entry.index());
        }
      }
    }
    rememberWritten(entry, batch);
  }

  /** Whatever was committed is overtaken. */
  private void clear(Version version, long index) {
    for (Key key : rows.keySet()) {
      Row row = row(key);
      if (row != null && !version.isAfter(row.version())) {
        throw new Violation("a range tombstone overtakes all", key + " " + row + ", " + version);
      }
    }
    clearings.put(index, new Row(version, Content.Tombstone.TOMBSTONE));
  }

  private void rememberWritten(Entry entry, Command.Operations batch) {
    TreeSet<Key> touched = new TreeSet<>();
    for (Operation operation : batch.operations()) {
      switch (operation) {
        case Operation.Minitransaction step -> addTouched(step, touched);
        case Operation.Transaction(var _, var steps) ->
            steps.forEach(step -> addTouched(step, touched));
        case Operation.Clear.CLEAR -> {}
        case null -> {}
      }
    }
    for (Key key : touched) {
      // A tombstone may be collected as soon as it is written, if it is below the floor.
      Row row = machine.row(key);
      if (row != null && (store.find(key) != null || row(key) != null)) {
        remember(key, row, entry.index());
      }
    }
  }

  private static void addTouched(Operation.Minitransaction step, Set<Key> touched) {
    step.changes().forEach(change -> touched.add(change.key()));
  }
}
