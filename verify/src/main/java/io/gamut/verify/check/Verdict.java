package io.gamut.verify.check;

import java.util.ArrayList;
import java.util.List;

/** What a checker says of a history. */
public sealed interface Verdict {
  /**
   * The promise was kept.
   *
   * @param judged how much was weighed; {@link #UNCOUNTED} if nobody has counted
   * @param unit one of what was weighed, such as {@code read}
   */
  record Holds(long judged, String unit) implements Verdict {
    public static final long UNCOUNTED = -1;

    /** One that does not say how much was weighed. */
    public Holds() {
      this(UNCOUNTED, "");
    }

    /** The unit, of as many as were weighed. */
    public String units() {
      return judged == 1 ? unit : unit + "s";
    }

    @Override
    public String toString() {
      return "holds";
    }
  }

  /** It was broken; the first few violations, at least one. */
  record Violated(List<Violation> violations) implements Verdict {
    /** Violations that are reported; one that is explained is worth more than all. */
    static final int VIOLATIONS_MAX = 10;

    public Violated {
      violations = List.copyOf(violations.subList(0, Math.min(VIOLATIONS_MAX, violations.size())));
    }

    @Override
    public String toString() {
      return String.join("\n", violations.stream().map(Violation::toString).toList());
    }
  }

  /** A limit was reached before an answer was found, or the history does not say enough. */
  record Unknown(String reason) implements Verdict {
    @Override
    public String toString() {
      return "unknown: " + reason;
    }
  }

  static Verdict of(List<Violation> violations) {
    return violations.isEmpty() ? new Holds() : new Violated(violations);
  }

  /**
   * Of several histories, or of several parts of one: violated if one is, else unknown if one is.
   */
  static Verdict ofAll(Iterable<Verdict> verdicts) {
    List<Violation> violations = new ArrayList<>();
    Verdict unknown = null;
    for (Verdict verdict : verdicts) {
      switch (verdict) {
        case Holds _ -> {}
        case Violated(List<Violation> more) -> violations.addAll(more);
        case Unknown first -> unknown = unknown == null ? first : unknown;
      }
    }
    return unknown != null && violations.isEmpty() ? unknown : of(violations);
  }
}
