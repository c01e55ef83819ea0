package io.gamut.verify.report;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * Makes a list smaller that still fails: the algorithm ddmin (Zeller and Hildebrandt, "Simplifying
 * and Isolating Failure-Inducing Input", 2002, section 3). Left to its end, no single element can
 * be left out.
 *
 * @param closing of what is left, drops what cannot be there alone; it never adds anything
 * @param fails whether these still fail; it may say no to everything once it has had enough
 */
record DeltaDebugging<T>(UnaryOperator<List<T>> closing, Predicate<List<T>> fails) {
  List<T> minimize(List<T> failing) {
    List<T> left = failing;
    int parts = 2;
    while (!left.isEmpty()) {
      parts = Math.min(parts, left.size());
      List<T> smaller = smaller(left, parts);
      if (smaller.size() < left.size()) {
        left = smaller;
        parts = Math.max(parts - 1, 2);
      } else if (parts == left.size()) {
        return left;
      } else {
        parts *= 2;
      }
    }
    return left;
  }

  /** The same without one of so many parts, or one part alone; the same if all are needed. */
  private List<T> smaller(List<T> all, int parts) {
    if (parts > 1) {
      for (int part = 0; part < parts; part++) {
        List<T> alone =
            closing.apply(all.subList(bound(all, part, parts), bound(all, part + 1, parts)));
        if (!alone.isEmpty() && fails.test(alone)) {
          return alone;
        }
      }
    }
    for (int part = parts - 1; part >= 0; part--) {
      List<T> others = new ArrayList<>(all.subList(0, bound(all, part, parts)));
      others.addAll(all.subList(bound(all, part + 1, parts), all.size()));
      List<T> closed = closing.apply(others);
      if (fails.test(closed)) {
        return closed;
      }
    }
    return all;
  }

  private static int bound(List<?> all, int part, int parts) {
    return (int) ((long) all.size() * part / parts);
  }
}
