package io.gamut.replication.committed;

import io.gamut.core.Content;
import io.gamut.core.Ends;
import io.gamut.core.HybridClock;
import io.gamut.core.InvalidDataException;
import io.gamut.core.Key;
import io.gamut.core.NodeId;
import io.gamut.core.Operation;
import io.gamut.core.OperationResult;
import io.gamut.core.OperationResult.Cleared;
import io.gamut.core.OperationResult.Problem;
import io.gamut.core.OperationResult.Withdrawn;
import io.gamut.core.Version;
import io.gamut.core.VersionVector;
import io.gamut.ledger.log.AppliedPoint;
import io.gamut.ledger.log.Configuration;
import io.gamut.ledger.log.Entry;
import io.gamut.ledger.log.Participant;
import io.gamut.replication.committed.Command.Absorb;
import io.gamut.replication.committed.Command.Close;
import io.gamut.replication.committed.Command.Condemn;
import io.gamut.replication.committed.Command.Operations;
import io.gamut.replication.committed.Command.RaiseFloor;
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

  /**
   * What is committed at a key; without a row, the tombstone that stands for one that was collected
   * or cleared; null while nothing ever was.
   */
  public @Nullable Row row(Key key) {
    return Execution.rowOrBase(store, key);
  }

  /** Version of the newest range tombstone; {@link Version#NONE} for none. */
  public Version cleared() {
    return state.horizon().cleared();
  }

  /** Timestamp up to which tombstones are collected, 0 for none. */
  public long floor() {
    return state.floor();
  }

  /** Whether there may be tombstones that are not collected. */
  public boolean isCollectable() {
    return Long.compareUnsigned(state.newestDeletion(), state.floor()) > 0;
  }

  /** How many updates came below the floor to keys without a row, and had no effect. */
  public long discarded() {
    return state.discarded();
  }

  /** The ends of closed origins. */
  public Ends ends() {
    return state.gone().ends();
  }

  /** Disks that are gone for good, by an operator's word or because their servers have others. */
  public List<Participant> gone() {
    return state.gone().all();
  }

  /** Whether a disk is gone for good: it is no member any more, and never will be. */
  public boolean isGone(Participant disk) {
    return state.gone().contains(disk);
  }

  /** Whether a server was forgotten with this disk of it: not with one that it had later. */
  public boolean isForgotten(Participant disk) {
    return state.gone().isForgotten(disk);
  }

  /** Whether an operator has had a server forgotten. */
  public boolean isForgotten(NodeId node) {
    return state.gone().isForgotten(node);
  }

  /** Whether nothing unknown is still to come of a disk that is gone. */
  public boolean areGoneDisksClosed() {
    return state.gone().areClosed(state.applied().configuration());
  }

  /** The disk whose origins are to be closed next; null for none. */
  public @Nullable Participant toClose() {
    return state.gone().toClose(state.absorbed(), state.applied().configuration());
  }

  /** What the weak world is to know of disks that are gone. */
  public LostDisks lost() {
    return state.gone().lost();
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
    return kept == null ? null : ResultCodec.decode(kept);
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
      case Condemn(Participant disk, boolean forgets) -> {
        if (state.gone().add(disk, forgets)) {
          onChanged(command);
        }
      }
      case Close close -> close(close);
      case RaiseFloor raise -> raiseFloor(raise);
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
    Ends ends = state.gone().ends();
    boolean isNext = update.dot().sequence() == state.absorbed().get(update.dot().origin()) + 1;
    if (!isNext || ends.isBeyond(update.dot()) || !areAbsorbed(update.dependencies())) {
      return;
    }
    state.onAbsorbed(update.dot());
    state.onTimestamp(update.version().timestamp());
    Row row = row(update.key());
    if (row == null || update.version().isAfter(row.version())) {
      put(update.key(), new Row(update.version(), update.content()));
    } else if (isDiscarded(update)) {
      state.onDiscarded();
    }
  }

  /** Whether dependencies are absorbed, but for those that can never be. */
  private boolean areAbsorbed(VersionVector dependencies) {
    return state.absorbed().covers(state.gone().ends().reachable(dependencies));
  }

  /** Whether an update that has no effect may be one that a collected tombstone had overtaken. */
  private boolean isDiscarded(Update update) {
    return store.find(update.key()) == null
        && update.version().isAfter(state.horizon().cleared())
        && Long.compareUnsigned(update.version().timestamp(), state.floor()) <= 0;
  }

  private void put(Key key, Row row) {
    boolean isDeletion =
        !(row.content() instanceof Content.Value value) || value.expiresAtMillis() != 0;
    if (isDeletion) {
      state.onDeletion(row.version().timestamp());
    }
    store.put(key, row);
    state.onHash(StateHash.next(state.hash(), key, row));
  }

  // Lost disks, and collecting

  private void close(Close close) {
    Configuration configuration = state.applied().configuration();
    if (state.gone().mayClose(close, configuration)) {
      state.gone().close(close, state.absorbed(), configuration);
      onChanged(close);
    }
  }

  private void raiseFloor(RaiseFloor raise) {
    boolean isPromised = raise.promisers().containsAll(state.applied().configuration().everyone());
    boolean isHigher = Long.compareUnsigned(raise.floor(), state.floor()) > 0;
    if (isHigher
        && isPromised
        && areAbsorbed(raise.promised())
        && areGoneDisksClosed()
        && state.gone().ends().areReachedBy(state.absorbed())) {
      state.onFloor(raise.floor());
      state.onTimestamp(raise.floor());
      store.hide(state.horizon());
      onChanged(raise);
    }
  }

  /** Something else than a row has changed. */
  private void onChanged(Command command) {
    state.onHash(StateHash.next(state.hash(), CommandCodec.encode(command)));
  }

  // Strong operations

  private void execute(Operations batch, Results results) {
    Proposer proposer = batch.proposer();
    boolean isLost = state.gone().ends().isBeyond(batch.dependencies());
    long timestamp = batch.stamp().timestamp();
    if (!state.proposers.isNext(proposer, batch.number(), timestamp, state.millis())
        || !(isLost || areAbsorbed(batch.dependencies()))) {
      return;
    }
    List<OperationResult> done = new ArrayList<>(batch.operations().size());
    state.onMillis(HybridClock.millis(timestamp));
    store.hide(state.horizon());
    for (Operation operation : batch.operations()) {
      Version stamp = new Version(timestamp++, batch.stamp().stamper());
      if (isLost) {
        // The number is used up all the same: else the proposer could never go on.
        done.add(new OperationResult.Failed(Problem.LOST));
      } else {
        done.add(operation == null ? Withdrawn.WITHDRAWN : execute(operation, stamp));
      }
    }
    keepReply(batch, done);
    results.executed(proposer, batch.number(), done);
  }

  private OperationResult execute(Operation operation, Version stamp) {
    Execution execution = new Execution(store, stamp, state.millis());
    OperationResult result =
        switch (operation) {
          case Operation.Minitransaction alone -> execution.run(alone);
          case Operation.Transaction several -> execution.run(several);
          case Operation.Clear.CLEAR -> clear(stamp);
        };
    execution
        .written()
        .forEach((key, row) -> {
          put(key, row);
          state.onTimestamp(row.version().timestamp());
        });
    return result;
  }

  /** A tombstone over all keys, of a version above all that are committed. */
  private OperationResult clear(Version stamp) {
    long timestamp = Math.max(stamp.timestamp(), state.latest() + 1);
    Version version = new Version(timestamp, Version.LEDGER);
    state.onCleared(version);
    state.onTimestamp(version.timestamp());
    store.hide(state.horizon());
    OperationResult cleared = new Cleared(version);
    state.onHash(StateHash.next(state.hash(), ResultCodec.encode(List.of(cleared))));
    return cleared;
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
    store.putReply(proposer.id(), batch.number(), ResultCodec.encode(results));
    state.proposers.onApplied(proposer, batch.number(), batch.answered(), state.millis());
  }
}
