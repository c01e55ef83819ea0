package io.gamut.storage.log;

import io.gamut.ledger.log.Entry;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Entries whose content follows from index and term, as in a ledger. */
final class Entries {
  private static final int COMMAND_BYTES_MAX = 200;

  private Entries() {}

  static Entry of(long index, long term) {
    SplittableRandom random = new SplittableRandom(index * 1_000_003 + term);
    if (random.nextInt(20) == 0) {
      return new Entry(index, term, Entry.NoOp.NO_OP);
    }
    boolean isLarge = random.nextInt(100) == 0;
    byte[] bytes = new byte[random.nextInt(COMMAND_BYTES_MAX) * (isLarge ? 30 : 1)];
    random.nextBytes(bytes);
    return new Entry(index, term, new Entry.Command(bytes));
  }

  /** Those of one term, both ends included. */
  static List<Entry> of(long first, long last, long term) {
    List<Entry> entries = new ArrayList<>();
    for (long index = first; index <= last; index++) {
      entries.add(of(index, term));
    }
    return entries;
  }

  static long bytes(List<Entry> entries) {
    return entries.stream().mapToLong(Entry::size).sum();
  }
}
