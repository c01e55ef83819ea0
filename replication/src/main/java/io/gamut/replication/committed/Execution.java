package io.gamut.replication.committed;

import io.gamut.core.Change;
import io.gamut.core.Condition;
import io.gamut.core.Content;
import io.gamut.core.Key;
import io.gamut.core.Limits;
import io.gamut.core.Operation;
import io.gamut.core.OperationResult;
import io.gamut.core.OperationResult.ChangeResult;
import io.gamut.core.OperationResult.Changed;
import io.gamut.core.OperationResult.Failed;
import io.gamut.core.OperationResult.Problem;
import io.gamut.core.OperationResult.Unmet;
import io.gamut.core.Version;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One strong operation as it is applied: what it would write is held back until all of it can. */
final class Execution {
  private static final Content.Value NOTHING = Content.Value.of(new byte[0]);

  private final CommittedStore store;
  private final Version stamp;
  private final long millis;
  private final LinkedHashMap<Key, Row> written = new LinkedHashMap<>();

  /**
   * @param millis ledger time
   */
  Execution(CommittedStore store, Version stamp, long millis) {
    this.store = store;
    this.stamp = stamp;
    this.millis = millis;
  }

  /** What is to be written, key by key; nothing unless all changes were made. */
  Map<Key, Row> written() {
    return written;
  }

  OperationResult run(Operation operation) {
    for (int i = 0; i < operation.conditions().size(); i++) {
      Condition condition = operation.conditions().get(i);
      Row row = find(condition.key());
      if (!isMet(condition, row)) {
        return new Unmet(i, row == null ? null : row.version());
      }
    }
    List<ChangeResult> results = new ArrayList<>(operation.changes().size());
    try {
      for (Change change : operation.changes()) {
        results.add(make(change, operation.wantsBefore()));
      }
    } catch (ImpossibleException e) {
      written.clear();
      return new Failed(e.problem);
    }
    return new Changed(results);
  }

  /** A row, or the tombstone that stands for one that was collected. */
  private @Nullable Row find(Key key) {
    return rowOrBase(store, key);
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

  private boolean isMet(Condition condition, @Nullable Row row) {
    return switch (condition) {
      case Condition.Absent _ -> value(row) == null;
      case Condition.Present _ -> value(row) != null;
      case Condition.VersionIs(Key _, Version version) ->
          row != null && row.version().equals(version);
      case Condition.ValueIs(Key _, byte[] bytes) -> {
        Content.Value value = value(row);
        yield value != null && Arrays.equals(value.bytes(), bytes);
      }
    };
  }

  /** The value of a row that is there and not expired. */
  private Content.@Nullable Value value(@Nullable Row row) {
    return row != null && row.content() instanceof Content.Value value && !value.expiredAt(millis)
        ? value
        : null;
  }

  private ChangeResult make(Change change, boolean wantsBefore) throws ImpossibleException {
    Key key = change.key();
    Row row = written.containsKey(key) ? written.get(key) : find(key);
    Content.Value before = value(row);
    Content after = after(change, before);
    Version version = stamp;
    if (after != null) {
      version = row == null ? stamp : later(row.version());
      written.put(key, new Row(version, after));
    }
    return new ChangeResult(
        version, before != null, number(change, after), wantsBefore ? before : null);
  }

  /**
   * The later of the stamp and the timestamp after a version, with the ledger as stamper: under the
   * stamp's own that version may already be on a weak write.
   */
  private Version later(Version version) {
    return stamp.isAfter(version) ? stamp : new Version(version.timestamp() + 1, Version.LEDGER);
  }

  /** What a key holds after a change; null for as before. */
  private static @Nullable Content after(Change change, Content.@Nullable Value before)
      throws ImpossibleException {
    Content.Value base = before == null ? NOTHING : before;
    return switch (change) {
      case Change.Put(Key _, Content content) -> content;
      case Change.Increment(Key _, long delta) ->
          with(base, text(sum(before == null ? 0 : number(before), delta)));
      case Change.Append(Key _, byte[] bytes, boolean isInFront) ->
          with(base, isInFront ? joined(bytes, base.bytes()) : joined(base.bytes(), bytes));
      case Change.ExpireAt(Key _, long millis) ->
          before == null ? null : new Content.Value(before.bytes(), before.flags(), millis);
    };
  }

  private static Content.Value with(Content.Value old, byte[] bytes) {
    return new Content.Value(bytes, old.flags(), old.expiresAtMillis());
  }

  private static byte[] text(long number) {
    return Long.toString(number).getBytes(StandardCharsets.US_ASCII);
  }

  private static long sum(long number, long delta) throws ImpossibleException {
    try {
      return Math.addExact(number, delta);
    } catch (ArithmeticException _) {
      throw new ImpossibleException(Problem.OVERFLOW);
    }
  }

  /**
   * A value of digits as {@link Long#toString} writes them: no sign but a minus, no zeros ahead.
   */
  private static long number(Content.Value value) throws ImpossibleException {
    String text = new String(value.bytes(), StandardCharsets.ISO_8859_1);
    try {
      long number = Long.parseLong(text);
      if (Long.toString(number).equals(text)) {
        return number;
      }
    } catch (NumberFormatException _) {
      // Told below, as a number that is written in another way is.
    }
    throw new ImpossibleException(Problem.NOT_A_NUMBER);
  }

  private static byte[] joined(byte[] first, byte[] second) throws ImpossibleException {
    if ((long) first.length + second.length > Limits.VALUE_BYTES_MAX) {
      throw new ImpossibleException(Problem.TOO_LONG);
    }
    byte[] joined = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, joined, first.length, second.length);
    return joined;
  }

  private static long number(Change change, @Nullable Content after) {
    return switch (change) {
      case Change.Increment _ when after instanceof Content.Value sum ->
          Long.parseLong(new String(sum.bytes(), StandardCharsets.US_ASCII));
      case Change.Append _ when after != null -> after.size();
      case Change.Put _, Change.Increment _, Change.Append _, Change.ExpireAt _ -> 0;
    };
  }

  /** A change cannot be made, so nothing is. */
  private static final class ImpossibleException extends Exception {
    private static final long serialVersionUID = 1L;

    private final Problem problem;

    ImpossibleException(Problem problem) {
      super(problem.words(), null, false, false);
      this.problem = problem;
    }
  }
}
