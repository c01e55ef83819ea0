package io.gamut.trial.workload;

import java.util.Locale;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** The workloads there are, each with the promise that it is for. */
public enum Workloads {
  /** Reads, writes and deletes at every level on the same keys. */
  MIXED,
  /** Reads and writes at linearizable, with some bounded and sequential reads. */
  REGISTERS,
  /** Reads and compare-and-sets of what was read. */
  COMPARE_AND_SET,
  /** Additions and reads. */
  COUNTERS,
  /** A photo, then a comment on it, which others read the other way round; causally. */
  CAUSAL_CHAINS,
  /** Elements appended to lists, and the lists read. */
  GROWING_LISTS,
  /** Money that moves between accounts, two at a time, whose balances are read all at once. */
  BANK,
  /** Reads and writes of several keys at one moment. */
  TRANSACTIONS,
  /** One key that everybody reads and writes at every level. */
  HOT_KEY,
  /** Writes that expire soon, and reads. */
  EXPIRY;

  /** Its name, as it is typed. */
  public String title() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Reads {@link #title}. */
  public static Optional<Workloads> parse(String title) {
    for (Workloads workload : values()) {
      if (workload.title().equals(title)) {
        return Optional.of(workload);
      }
    }
    return Optional.empty();
  }

  /**
   * One for a session.
   *
   * @param session makes the values that it writes unique, together with a count of its own
   * @param prefix of its keys: other workloads, and other runs, have others
   */
  public Workload begin(int session, String prefix, Settings settings, RandomGenerator random) {
    Values values = new Values(session, prefix + title() + "-", settings, random);
    return switch (this) {
      case MIXED -> new MixedLevels(values, settings.keys());
      case HOT_KEY -> new MixedLevels(values, 1);
      case REGISTERS -> new Registers(values);
      case COMPARE_AND_SET -> new CompareAndSets(values);
      case COUNTERS -> new Counters(values);
      case CAUSAL_CHAINS -> new CausalChains(values);
      case GROWING_LISTS -> new GrowingLists(values);
      case BANK -> new BankTransfers(values);
      case TRANSACTIONS -> new Transactions(values);
      case EXPIRY -> new Expiring(values);
    };
  }
}
