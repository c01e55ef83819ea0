package io.gamut.replication.committed;

import io.gamut.core.HybridClock;
import io.gamut.core.InvalidDataException;
import io.gamut.core.Operation;
import io.gamut.core.OperationResult;
import io.gamut.core.OperationResult.Withdrawn;
import io.gamut.core.Version;
import io.gamut.core.VersionVector;
import io.gamut.ledger.log.AppliedPoint;
import io.gamut.ledger.log.Configuration;
import io.gamut.ledger.log.Entry;
import io.gamut.replication.committed.Command.Absorb;
import io.gamut.replication.committed.Command.Operations;
import io.gamut.replication.committed.Proposers.Standing;
import io.gamut.replication.message.Update;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Applies the ledger to the committed state. It looks at the entry and at the committed state, and
 * at nothing else, so all replicas come to the same.
 *
 * <p><b>Why per key the versions of what takes effect rise.</b> An absorbed update changes a row
 * only if its version is later than the row's; what a strong operation writes has the later of its
 * stamp and the timestamp after the row's ({@link Execution}). So the order of the ledger and the
 * order of versions agree, and a weak write that was absorbed late cannot undo what came before it
 * in the ledger but after it in time: it was overtaken.
 *
 * <p><b>Why repeated and misplaced entries are harmless.</b> An update is absorbed only as the next
 * of its origin, with its dependencies absorbed; a batch of operations is applied only as the next
 * of its proposer. Anything else changes nothing, and is offered again by whoever holds it. Leaders
 * may therefore change, and offers be repeated, at any moment.
 */
public final class StateMachine {
  private final CommittedStore store;
  private CommittedState state;

  /** Is told what the operations of a batch have led to, once, when they are applied. */
  @FunctionalInterface
  public interface Results {
    void executed(Proposer proposer, long number, List<OperationResult> results);
  }

  /** Goes on where the store ends. */
  public StateMachine(CommittedStore store) {
    this.store = store;
    state = CommittedState.of(store.state());
  }

  /** How far the ledger has been applied. */
  public AppliedPoint applied() {
    return state.applied();
  }

  /** Per origin the last update that was absorbed. */
  public VersionVector absorbed() {
    return state.absorbed();
  }

  /** Ledger time, in milliseconds since 1970. */
  public long millis() {
    return state.millis();
  }

  /** The greatest timestamp of a version that was ever committed: clocks must be past it. */
  public long latest() {
    return state.latest();
  }

  /** Equal on all replicas at the same applied index. */
  public long hash() {
    return state.hash();
  }

  /** How many batches of this life of a proposer were applied. */
  public long lastOf(Proposer proposer) {
    Standing known = state.proposers.find(proposer.id());
    return known == null || known.boot() != proposer.boot() ? 0 : known.last();
  }

  /** The kept reply to a batch, or null when it is not kept (any more). */
  public @Nullable List<OperationResult> reply(Proposer proposer, long number) {
    byte[] kept = number <= lastOf(proposer) ? store.findReply(proposer.id(), number) : null;
    return kept == null ? null : OperationCodec.decode(kept);
  }

  /**
   * Applies the next entry.
   *
   * @throws IllegalStateException if it is not the next, or says what this release cannot read:
   *     going on without it would make this replica different from the others
   */
  public void apply(Entry entry, Results results) {
    AppliedPoint before = state.applied();
    if (entry.index() != before.index() + 1) {
      throw new IllegalStateException(entry + " does not follow " + before);
    }
    Configuration configuration =
        entry.body() instanceof Entry.Reconfigured(Configuration changed)
            ? changed
            : before.configuration();
    Command command =
        entry.body() instanceof Entry.Command(byte[] bytes) ? decode(entry, bytes) : null;
    // Before the results are told: a session that goes by them must find them where it goes.
    state.onApplied(new AppliedPoint(entry.index(), entry.term(), configuration));
    if (command != null) {
      execute(command, results);
    }
  }

  private static Command decode(Entry entry, byte[] bytes) {
    try {
      return CommandCodec.decode(bytes);
    } catch (InvalidDataException e) {
      throw new IllegalStateException(
          "entry " + entry.index() + " of the ledger cannot be read here: " + e.getMessage(), e);
    }
  }

  private void execute(Command command, Results results) {
    switch (command) {
      case Operations batch -> execute(batch, results);
      case Absorb(List<Update> updates) -> updates.forEach(this::absorb);
    }
  }

  /** Shows all that was applied since the last time to other threads. */
  public void commit() {
    store.commit(state.applied().index(), state.encode());
  }

  /** The store's content has been replaced by a snapshot: goes on from there. */
  public void onInstalled() {
    state = CommittedState.of(store.state());
  }

  // Weak updates

  private void absorb(Update update) {
    boolean isNext = update.dot().sequence() == state.absorbed().get(update.dot().origin()) + 1;
    if (!isNext || !state.absorbed().covers(update.dependencies())) {
      return;
    }
    state.onAbsorbed(update.dot());
    state.onTimestamp(update.version().timestamp());
    Row row = store.find(update.key());
    if (row == null || update.version().isAfter(row.version())) {
      Row absorbed = new Row(update.version(), update.content());
      store.put(update.key(), absorbed);
      state.onHash(StateHash.next(state.hash(), update.key(), absorbed));
    }
  }

  // Strong operations

  private void execute(Operations batch, Results results) {
    Proposer proposer = batch.proposer();
    if (!state.proposers.isNext(proposer, batch.number(), state.millis())
        || !state.absorbed().covers(batch.dependencies())) {
      return;
    }
    List<OperationResult> done = new ArrayList<>(batch.operations().size());
    long timestamp = batch.stamp().timestamp();
    state.onMillis(HybridClock.millis(timestamp));
    for (Operation operation : batch.operations()) {
      Version stamp = new Version(timestamp++, batch.stamp().stamper());
      done.add(operation == null ? Withdrawn.WITHDRAWN : execute(operation, stamp));
    }
    keepReply(batch, done);
    results.executed(proposer, batch.number(), done);
  }

  private OperationResult execute(Operation operation, Version stamp) {
    Execution execution = new Execution(store, stamp, state.millis());
    OperationResult result = execution.run(operation);
    execution
        .written()
        .forEach((key, row) -> {
          store.put(key, row);
          state.onTimestamp(row.version().timestamp());
          state.onHash(StateHash.next(state.hash(), key, row));
        });
    return result;
  }

  /** Remembers that a batch was applied, and its reply until the proposer has it. */
  private void keepReply(Operations batch, List<OperationResult> results) {
    Proposer proposer = batch.proposer();
    Standing before = state.proposers.find(proposer.id());
    if (before != null) {
      boolean isSameLife = before.boot() == proposer.boot();
      long dropped = isSameLife ? batch.answered() : before.last();
      if (dropped > before.answered()) {
        store.removeReplies(proposer.id(), before.answered() + 1, dropped);
      }
    }
    store.putReply(proposer.id(), batch.number(), OperationCodec.encode(results));
    state.proposers.onApplied(proposer, batch.number(), batch.answered(), state.millis());
  }
}
