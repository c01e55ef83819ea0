package io.gamut.verify.report;

import io.gamut.verify.check.Verdict;
import io.gamut.verify.check.Violation;
import io.gamut.verify.history.History;
import io.gamut.verify.history.Operation;
import io.gamut.verify.history.Outcome;
import io.gamut.verify.history.Request;
import io.gamut.verify.history.Shown;
import io.gamut.verify.history.Step;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Makes a history small that breaks a promise. It begins with the requests that the violation
 * names, and where these alone do not break it, with those around them: of the same sessions and
 * keys, then of the same keys, at last all. From there {@link DeltaDebugging} leads to where no
 * single request can be left out.
 *
 * <p>A smaller history may break a promise for no other reason than that it is smaller: the write
 * of a value that is read was left out, and so nobody can have written it. Such a thing shows
 * nothing about the history it was made from. So whatever is left must
 *
 * <ul>
 *   <li>break the same promise, with an explanation of the same kind;
 *   <li>hold the writes of all values that are read in it: a read and its write are one. If a write
 *       is left out, then so are its reads;
 *   <li>be <em>independent</em> of what was left out. That is so if nothing left out could explain
 *       an answer ({@link Sources#isClosed}): an order that explained the whole history would
 *       explain these requests too. Else the writes left out at the same keys are put back as
 *       requests of unknown outcome, without what they returned, and the promise must be broken
 *       still. Such a write may take effect whenever it is of use, or never; so whatever it really
 *       did would have been allowed as well. This way two additions that returned the same sum need
 *       no others, and a sum is too great only if it is for all additions of the whole.
 * </ul>
 *
 * <p>Both ways a break of the promise by what is left is one by the whole history. Thread-safe if
 * the check is.
 *
 * @param check what breaks the promise; called again and again, with ever smaller histories
 * @param checksMax after so many checks the smallest that was found is returned
 * @param isOver asked before each check: once it says yes, the smallest that was found is returned,
 *     for a check that searches may take seconds
 */
public record Shrinking(Function<History, Verdict> check, int checksMax, BooleanSupplier isOver) {
  /** Some hundreds lead to an end where few requests matter. */
  public static final int CHECKS_MAX = 2_000;

  /** Requests that are handed to checks, all in all; a few minutes where none searches. */
  private static final long REQUESTS_MAX = 50_000_000;

  /** As many as a check counts for that did not come to an end: it has used up its own limits. */
  private static final long REQUESTS_OF_UNKNOWN = 2_500_000;

  /** One of {@value #CHECKS_MAX} checks, whose time nobody measures. */
  public Shrinking(Function<History, Verdict> check) {
    this(check, CHECKS_MAX, () -> false);
  }

  /** Throws {@link IllegalArgumentException} if the history keeps the promise. */
  public Counterexample shrink(History history) {
    return shrink(history, check.apply(history));
  }

  /** The same where the verdict is known already. */
  public Counterexample shrink(History history, Verdict verdict) {
    if (!(verdict instanceof Verdict.Violated(List<Violation> violations))) {
      throw new IllegalArgumentException("nothing to shrink, for the verdict is: " + verdict);
    }
    Violation violation =
        violations.stream()
            .min(Comparator.comparingInt(each -> each.operations().size()))
            .orElseThrow();
    return new Run(history, violation).shrink();
  }

  /** What an explanation begins with, up to where it tells particulars. */
  static String kind(Violation violation) {
    return violation.promise() + ": " + violation.explanation().split("[:,0-9]", 2)[0];
  }

  private final class Run {
    private final History whole;
    private final Violation found;
    private final String kind;
    private final Sources sources;
    private Map<Integer, Map<String, Shown>> ends;
    private Violation last;
    private int checks;
    private long requests;
    private boolean isCutShort;

    Run(History whole, Violation found) {
      this.whole = whole;
      this.found = found;
      kind = kind(found);
      sources = new Sources(whole);
      ends = whole.ends();
      last = found;
    }

    Counterexample shrink() {
      List<Request> left =
          new DeltaDebugging<>(sources::withoutOrphans, this::isBroken).minimize(beginning());
      Set<String> keys = new TreeSet<>();
      ends.values().forEach(shown -> keys.addAll(shown.keySet()));
      List<Request> kept = left;
      List<String> needed =
          new DeltaDebugging<String>(UnaryOperator.identity(), some -> isBroken(kept, at(some)))
              .minimize(List.copyOf(keys));
      ends = at(needed);
      return new Counterexample(new History(left, whole.events(), ends), last, checks, !isCutShort);
    }

    /** The smallest surroundings of what was named that break the promise. */
    private List<Request> beginning() {
      Set<Request> named = new LinkedHashSet<>();
      Set<String> keys = new TreeSet<>();
      Set<Integer> sessions = new TreeSet<>();
      for (Operation operation : found.operations()) {
        named.add(operation.request());
        keys.add(operation.key());
        sessions.add(operation.session());
      }
      named.retainAll(new LinkedHashSet<>(whole.requests()));
      List<Supplier<Collection<Request>>> wider =
          List.of(
              () -> named,
              () -> on(keys).filter(each -> sessions.contains(each.session())).toList(),
              () -> on(keys).toList());
      for (Supplier<Collection<Request>> some : wider) {
        List<Request> closed = sources.withSources(some.get());
        if (isBroken(closed)) {
          return closed;
        }
      }
      return whole.requests();
    }

    private Stream<Request> on(Set<String> keys) {
      return whole.requests().stream()
          .filter(request -> request.steps().stream().anyMatch(step -> keys.contains(step.key())));
    }

    private Map<Integer, Map<String, Shown>> at(Collection<String> keys) {
      Map<Integer, Map<String, Shown>> some = new TreeMap<>();
      whole
          .ends()
          .forEach((replica, shown) -> {
            Map<String, Shown> pairs = new TreeMap<>(shown);
            pairs.keySet().retainAll(keys);
            some.put(replica, pairs);
          });
      return some;
    }

    private boolean isBroken(List<Request> some) {
      return isBroken(some, ends);
    }

    private boolean isBroken(List<Request> some, Map<Integer, Map<String, Shown>> shown) {
      Violation violation = violation(some, shown);
      if (violation == null) {
        return false;
      }
      boolean isBroken = sources.isClosed(some) || violation(withMaybes(some), shown) != null;
      last = isBroken ? violation : last;
      return isBroken;
    }

    /** One of the same kind, if there is any. */
    private @Nullable Violation violation(
        List<Request> some, Map<Integer, Map<String, Shown>> shown) {
      isCutShort |= checks >= checksMax || requests >= REQUESTS_MAX || isOver.getAsBoolean();
      if (isCutShort) {
        return null;
      }
      checks++;
      Verdict verdict = check.apply(new History(some, List.of(), shown));
      requests += some.size() + (verdict instanceof Verdict.Unknown ? REQUESTS_OF_UNKNOWN : 0);
      return verdict instanceof Verdict.Violated(List<Violation> violations)
          ? violations.stream().filter(each -> kind(each).equals(kind)).findFirst().orElse(null)
          : null;
    }

    /** These, and the writes left out at the same keys, of which nothing is known any more. */
    private List<Request> withMaybes(List<Request> some) {
      Set<Request> all = new LinkedHashSet<>(some);
      Set<String> keys = new TreeSet<>();
      some.forEach(request -> request.steps().forEach(step -> keys.add(step.key())));
      Set<Request> left = new LinkedHashSet<>();
      keys.forEach(key -> left.addAll(sources.writers(key)));
      left.removeAll(all);
      for (Request write : left) {
        if (write.outcome() != Outcome.FAILED) {
          all.add(maybe(write));
        }
      }
      return List.copyOf(all);
    }
  }

  private static Request maybe(Request write) {
    List<Step> steps = new ArrayList<>();
    for (Step step : write.steps()) {
      if (!step.kind().isRead()) {
        String value = step.kind().writesValue() ? step.value() : null;
        steps.add(
            new Step(step.kind(), step.key(), value, step.argument(), null, step.lifeNanos()));
      }
    }
    return new Request(
        write.number(),
        write.session(),
        write.level(),
        write.boundNanos(),
        steps,
        Outcome.UNKNOWN,
        write.invoked(),
        write.responded(),
        null);
  }
}
