package io.gamut.storage.committed;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Names of replies, as ranges that neither overlap nor touch. */
final class ReplyRanges {
  /** First name to last number. */
  private final TreeMap<ReplyName, Long> ranges = new TreeMap<>();

  /** The numbers of one proposer from {@code first} to {@code last}. */
  record Range(long proposer, long first, long last) {
    ReplyName firstName() {
      return new ReplyName(proposer, first);
    }

    ReplyName lastName() {
      return new ReplyName(proposer, last);
    }

    /** Whether both have a number in common, or numbers that follow each other. */
    private boolean touches(Range other) {
      return proposer == other.proposer && first - 1 <= other.last && other.first - 1 <= last;
    }

    private Range with(Range other) {
      return new Range(proposer, Math.min(first, other.first), Math.max(last, other.last));
    }
  }

  private static Range range(Map.Entry<ReplyName, Long> entry) {
    return new Range(entry.getKey().proposer(), entry.getKey().number(), entry.getValue());
  }

  void add(Range added) {
    Range joined = added;
    Map.Entry<ReplyName, Long> last = ranges.floorEntry(after(added));
    while (last != null && range(last).touches(joined)) {
      joined = joined.with(range(last));
      ranges.remove(last.getKey());
      last = ranges.floorEntry(after(added));
    }
    ranges.put(joined.firstName(), joined.last());
  }

  /** The greatest name with which a range that touches may begin. */
  private static ReplyName after(Range range) {
    return new ReplyName(range.proposer(), range.last() + (range.last() < Long.MAX_VALUE ? 1 : 0));
  }

  boolean contains(ReplyName name) {
    Map.Entry<ReplyName, Long> entry = ranges.floorEntry(name);
    return entry != null
        && entry.getKey().proposer() == name.proposer()
        && entry.getValue() >= name.number();
  }

  List<Range> toList() {
    List<Range> list = new ArrayList<>(ranges.size());
    ranges.entrySet().forEach(entry -> list.add(range(entry)));
    return list;
  }
}
