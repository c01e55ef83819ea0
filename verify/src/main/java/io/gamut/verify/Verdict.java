package io.gamut.verify;

import java.util.List;

/** What a checker says of a history. */
public sealed interface Verdict {
  /** The promise was kept. */
  record Kept() implements Verdict {}

  /** It was broken; the first few violations, at least one. */
  record Broken(List<Violation> violations) implements Verdict {
    /** Violations that are reported; one that is explained is worth more than all. */
    static final int VIOLATIONS_MAX = 10;

    public Broken {
      violations = List.copyOf(violations.subList(0, Math.min(VIOLATIONS_MAX, violations.size())));
    }

    @Override
    public String toString() {
      return String.join("\n", violations.stream().map(Violation::toString).toList());
    }
  }

  /** A limit was reached before an answer was found. */
  record Undecided(String reason) implements Verdict {}

  static Verdict of(List<Violation> violations) {
    return violations.isEmpty() ? new Kept() : new Broken(violations);
  }
}
