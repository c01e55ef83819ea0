package io.gamut.simulator.model;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A prefix of the ledger. Prefixes form a tree, so that equal ones are one object and each
 * committed state is computed once.
 *
 * <p>Entries that take no effect are not listed: what follows depends on the committed state alone.
 */
final class Prefix {
  private final Committed[] history;
  private final Map<Entry, Prefix> following = new HashMap<>();
  private final int id;
  private final int[] count;

  Prefix(Committed empty) {
    this(new Committed[] {empty}, new int[1]);
  }

  private Prefix(Committed[] history, int[] count) {
    this.history = history;
    this.count = count;
    this.id = count[0]++;
  }

  int id() {
    return id;
  }

  int length() {
    return history.length - 1;
  }

  /** The committed state after the first {@code applied} entries. */
  Committed committed(int applied) {
    return history[applied];
  }

  Committed last() {
    return history[length()];
  }

  /** This prefix and an entry more; null if the entry takes no effect. */
  @Nullable Prefix with(Entry entry) {
    Prefix known = following.get(entry);
    if (known != null) {
      return known;
    }
    int index = length() + 1;
    Committed after = last().apply(entry, index);
    if (after.equals(last())) {
      return null;
    }
    Committed[] longer = Arrays.copyOf(history, index + 1);
    longer[index] = after;
    Prefix next = new Prefix(longer, count);
    following.put(entry, next);
    return next;
  }
}
