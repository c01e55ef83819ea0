package io.gamut.verify.check;

import io.gamut.verify.check.Linearizability.Span;
import io.gamut.verify.history.Kind;
import io.gamut.verify.history.Operation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether the history of one counter is linearizable to which only ones are added, each
 * returning its sum. In O(n log n) steps, without a search.
 *
 * <p>A sum is a place in the order: the addition that returned <i>s</i> comes as the <i>s</i>-th,
 * and reads of <i>s</i> between it and the next. So the order is known but for additions of unknown
 * outcome. These have open ends; the sums that nobody returned must be theirs. Of them, the one
 * that began first takes the first such sum: of two, the one that began earlier can stand wherever
 * the other one can. That agrees with real time if nothing ends before something begins that stands
 * earlier.
 */
final class UniqueSums {
  /**
   * What stands at one place: an addition, or reads of its sum, between which any order is right.
   */
  private static final class Place {
    final long sum;
    final boolean isRead;
    final List<Span> spans = new ArrayList<>();

    Place(long sum, boolean isRead) {
      this.sum = sum;
      this.isRead = isRead;
    }

    Span firstToEnd() {
      return spans.stream().min(Comparator.comparingLong(Span::end)).orElseThrow();
    }

    Span lastToBegin() {
      return spans.stream().max(Comparator.comparingLong(Span::begin)).orElseThrow();
    }
  }

  private record At(Span span, long sum) {}

  /** As sums are written, and so that no two of them are the same number. */
  private static final Pattern SUM = Pattern.compile("0|[1-9][0-9]{0,17}");

  private final List<Place> places = new ArrayList<>();
  private final List<Span> unknown = new ArrayList<>();

  private UniqueSums() {}

  /** Whether these are operations of such a counter. */
  static boolean canJudge(List<Span> spans) {
    boolean adds = false;
    for (Span span : spans) {
      Operation operation = span.operation();
      boolean isAdding = operation.kind() == Kind.ADD;
      boolean fits =
          isAdding
              ? "1".equals(operation.argument()) && (span.isOpen() || operation.value() != null)
              : operation.kind() == Kind.READ;
      if (!fits || !isSum(operation.value())) {
        return false;
      }
      adds |= isAdding;
    }
    return adds;
  }

  private static boolean isSum(@Nullable String value) {
    return value == null || SUM.matcher(value).matches();
  }

  static Verdict check(List<Span> spans) {
    UniqueSums sums = new UniqueSums();
    Violation violation = sums.place(spans);
    if (violation == null) {
      violation = sums.requireOrder();
    }
    if (violation == null) {
      violation = sums.fillGaps();
    }
    return violation == null ? new Verdict.Holds() : new Verdict.Violated(List.of(violation));
  }

  private @Nullable Violation place(List<Span> spans) {
    List<At> all = new ArrayList<>();
    for (Span span : spans) {
      Operation operation = span.operation();
      if (operation.kind() == Kind.ADD && operation.value() == null) {
        unknown.add(span);
      } else {
        String value = operation.value();
        all.add(new At(span, value == null ? 0 : Long.parseLong(value)));
      }
    }
    all.sort(Comparator.comparingLong(At::sum).thenComparing(at -> at.span.operation().isRead()));
    for (At at : all) {
      boolean isRead = at.span.operation().isRead();
      Place last = places.isEmpty() ? null : places.getLast();
      if (last == null || last.sum != at.sum || last.isRead != isRead) {
        last = new Place(at.sum, isRead);
        places.add(last);
      } else if (!isRead) {
        return violation("two additions returned the same sum", last.spans.getFirst(), at.span);
      }
      last.spans.add(at.span);
    }
    Place first = places.isEmpty() ? null : places.getFirst();
    return first != null && !first.isRead && first.sum == 0
        ? violation("an addition returned 0", first.spans.getFirst())
        : null;
  }

  private @Nullable Violation requireOrder() {
    Span latest = null;
    for (Place place : places) {
      Span ending = place.firstToEnd();
      if (latest != null && ending.end() < latest.begin()) {
        return violation("a sum was there after a greater one", ending, latest);
      }
      Span beginning = place.lastToBegin();
      latest = latest == null || beginning.begin() > latest.begin() ? beginning : latest;
    }
    return null;
  }

  /** Sums that nobody returned are of additions that nobody knows the outcome of. */
  private @Nullable Violation fillGaps() {
    unknown.sort(Comparator.comparingLong(Span::begin));
    Span[] deadlines = deadlines();
    int used = 0;
    long sum = 0;
    for (int i = 0; i < places.size(); i++) {
      Place place = places.get(i);
      long present = place.isRead ? place.sum : place.sum - 1;
      for (; sum < present; sum++) {
        Span deadline = deadlines[i];
        if (used == unknown.size()) {
          return violation("more was added than anybody has added", deadline);
        }
        Span filling = unknown.get(used++);
        if (filling.begin() > deadline.end()) {
          return violation("a sum was there before what it is made of", deadline, filling);
        }
      }
      sum = place.sum;
    }
    return null;
  }

  /** Per place, which of what stands there or later ends first. */
  private Span[] deadlines() {
    Span[] deadlines = new Span[places.size()];
    Arrays.setAll(deadlines, i -> places.get(i).firstToEnd());
    for (int i = deadlines.length - 2; i >= 0; i--) {
      Span later = Objects.requireNonNull(deadlines[i + 1]);
      if (later.end() < Objects.requireNonNull(deadlines[i]).end()) {
        deadlines[i] = later;
      }
    }
    return deadlines;
  }

  private static Violation violation(String explanation, Span... spans) {
    return new Violation(
        Linearizability.PROMISE, explanation, Arrays.stream(spans).map(Span::operation).toList());
  }
}
