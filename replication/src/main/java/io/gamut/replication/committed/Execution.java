package io.gamut.replication.committed;

import io.gamut.core.Change;
import io.gamut.core.Condition;
import io.gamut.core.Content;
import io.gamut.core.Key;
import io.gamut.core.Limits;
import io.gamut.core.Operation.Minitransaction;
import io.gamut.core.Operation.Transaction;
import io.gamut.core.OperationResult;
import io.gamut.core.OperationResult.ChangeResult;
import io.gamut.core.OperationResult.Changed;
import io.gamut.core.OperationResult.Failed;
import io.gamut.core.OperationResult.Problem;
import io.gamut.core.OperationResult.Transacted;
import io.gamut.core.OperationResult.Unmet;
import io.gamut.core.Version;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One strong operation as it is applied: what it would write is held back until all of it can. */
final class Execution {
  private final CommittedStore store;
  private final Version stamp;
  private final long millis;

  /** What the steps that came about have written. */
  private final LinkedHashMap<Key, Row> written = new LinkedHashMap<>();

  /** What the step that is being made would write. */
  private final LinkedHashMap<Key, Row> pending = new LinkedHashMap<>();

  /** Bytes of the values that were written and are shown: some operations make many of few. */
  private long bytes;

  /**
   * @param millis ledger time
   */
  Execution(CommittedStore store, Version stamp, long millis) {
    this.store = store;
    this.stamp = stamp;
    this.millis = millis;
  }

  /** What is to be written, key by key; nothing of steps that did not come about. */
  Map<Key, Row> written() {
    return written;
  }

  OperationResult run(Transaction transaction) {
    OperationResult unmet = firstUnmet(transaction.conditions());
    if (unmet != null) {
      return unmet;
    }
    List<OperationResult> results = new ArrayList<>(transaction.steps().size());
    for (Minitransaction step : transaction.steps()) {
      results.add(run(step));
    }
    return new Transacted(results);
  }

  OperationResult run(Minitransaction step) {
    OperationResult unmet = firstUnmet(step.conditions());
    if (unmet != null) {
      return unmet;
    }
    List<ChangeResult> results = new ArrayList<>(step.changes().size());
    try {
      for (Change change : step.changes()) {
        results.add(make(change, step.wantsBefore()));
      }
      written.putAll(pending);
      return new Changed(results);
    } catch (ImpossibleException e) {
      return new Failed(e.problem);
    } finally {
      pending.clear();
    }
  }

  // Conditions

  private @Nullable OperationResult firstUnmet(List<Condition> conditions) {
    for (int i = 0; i < conditions.size(); i++) {
      Row row = find(conditions.get(i).key());
      if (!isMet(conditions.get(i), row)) {
        return new Unmet(i, row == null ? null : row.version());
      }
    }
    return null;
  }

  private boolean isMet(Condition condition, @Nullable Row row) {
    return switch (condition) {
      case Condition.Absent _ -> value(row) == null;
      case Condition.Present _ -> value(row) != null;
      case Condition.VersionIs(Key _, Version version) ->
          row != null && row.version().equals(version);
      case Condition.TagIs(Key _, long tag) ->
          row != null && value(row) != null && row.version().tag() == tag;
      case Condition.TagIsNot(Key _, long tag) ->
          row != null && value(row) != null && row.version().tag() != tag;
      case Condition.ValueIs(Key _, byte[] bytes) -> {
        Content.Value value = value(row);
        yield value != null && Arrays.equals(value.bytes(), bytes);
      }
    };
  }

  // Rows

  /** A row as this operation has left it, or the tombstone that stands for a collected one. */
  private @Nullable Row find(Key key) {
    Row own = pending.get(key);
    if (own == null) {
      own = written.get(key);
    }
    return own == null ? rowOrBase(store, key) : own;
  }

  /** The row of a key; without one, a tombstone of the base; null while there is no base. */
  static @Nullable Row rowOrBase(CommittedStore store, Key key) {
    Row row = store.find(key);
    Version base = store.horizon().base();
    if (row != null || base.equals(Version.NONE)) {
      return row;
    }
    return new Row(base, Content.Tombstone.TOMBSTONE);
  }

  /** The value of a row that is there and not expired. */
  private Content.@Nullable Value value(@Nullable Row row) {
    return row != null && row.content() instanceof Content.Value value && !value.expiredAt(millis)
        ? value
        : null;
  }

  // Changes

  private ChangeResult make(Change change, boolean wantsBefore) throws ImpossibleException {
    Key key = change.key();
    Row row = find(key);
    Content.Value before = value(row);
    Content.Value source =
        change instanceof Change.Copy(Key _, Key from) ? value(find(from)) : null;
    Content after = ValueChange.after(change, before, source);
    Version version = row == null ? null : row.version();
    boolean isShown = wantsBefore || change instanceof Change.Look;
    spend((after == null ? 0 : after.size()) + (isShown && before != null ? before.size() : 0));
    if (after != null) {
      version = version == null ? stamp : later(version);
      pending.put(key, new Row(version, after));
    }
    return new ChangeResult(
        version,
        before != null,
        ValueChange.number(change, before, after),
        isShown ? before : null);
  }

  private void spend(int more) throws ImpossibleException {
    bytes += more;
    if (bytes > Limits.OPERATION_BYTES_MAX) {
      throw new ImpossibleException(Problem.TOO_MUCH);
    }
  }

  /**
   * The later of the stamp and the timestamp after a version, with the ledger as stamper: under the
   * stamp's own that version may already be on a weak write.
   */
  private Version later(Version version) {
    return stamp.isAfter(version) ? stamp : new Version(version.timestamp() + 1, Version.LEDGER);
  }
}
