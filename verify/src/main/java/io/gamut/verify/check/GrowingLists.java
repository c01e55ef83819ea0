package io.gamut.verify.check;

import io.gamut.core.Consistency;
import io.gamut.verify.history.History;
import io.gamut.verify.history.Kind;
import io.gamut.verify.history.Operation;
import io.gamut.verify.history.Outcome;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Lists that only grow, of unique elements which are appended to a key, each with {@value #END}
 * behind it: strong reads show beginnings of one list, nothing twice, nothing that nobody appended,
 * and, if linearizable, all that was acknowledged before they began. Elle's list-append (Kingsbury
 * and Alvaro, VLDB 2020, section 4) for one key, where a list is its own history. Of O(n l) steps
 * for lists of l elements.
 *
 * <p>An element that is appended twice names neither append, and of one that holds {@value #END}
 * itself nobody knows where it ends: such lists are judged as far as that goes, and then unknown.
 */
public final class GrowingLists {
  static final String PROMISE = "growing lists";

  /** Stands behind each element. */
  public static final String END = ",";

  private final List<Violation> violations = new ArrayList<>();
  private @Nullable String gap;

  private GrowingLists() {}

  /** Judges a history: of keys that are appended to, and neither written nor deleted. */
  public static Verdict check(History history) {
    GrowingLists lists = new GrowingLists();
    for (List<Operation> ofKey : history.byKey().values()) {
      if (isList(ofKey)) {
        lists.checkKey(ofKey);
      }
    }
    return lists.violations.isEmpty() && lists.gap != null
        ? new Verdict.Unknown(lists.gap)
        : Verdict.of(lists.violations);
  }

  /** How many reads it weighs. */
  static long judged(History history) {
    return history.byKey().values().stream()
        .filter(GrowingLists::isList)
        .mapToLong(ofKey -> ofKey.stream().filter(GrowingLists::isJudged).count())
        .sum();
  }

  private static boolean isList(List<Operation> ofKey) {
    return ofKey.stream().anyMatch(operation -> operation.kind() == Kind.APPEND)
        && ofKey.stream().allMatch(GrowingLists::isOfList);
  }

  private static boolean isJudged(Operation operation) {
    return operation.kind() == Kind.READ && operation.isOk() && !operation.level().isWeak();
  }

  private static boolean isOfList(Operation operation) {
    return operation.kind() == Kind.READ
        || (operation.kind() == Kind.APPEND && String.valueOf(operation.argument()).endsWith(END));
  }

  private void checkKey(List<Operation> operations) {
    List<Operation> reads = new ArrayList<>();
    Operation longest = null;
    for (Operation operation : operations) {
      if (isJudged(operation)) {
        reads.add(operation);
        longest =
            longest == null || list(operation).length() > list(longest).length()
                ? operation
                : longest;
      }
    }
    if (longest == null) {
      return;
    }
    for (Operation read : reads) {
      if (!list(longest).startsWith(list(read))) {
        report("neither of two lists is the beginning of the other", read, longest);
      }
    }
    Elements elements = new Elements(operations);
    if (elements.areDivided) {
      Map<String, Integer> ends = ends(longest, elements);
      if (elements.areUnique()) {
        requireAcknowledged(operations, reads, ends);
      }
    }
    String unclear = elements.gap();
    if (unclear != null && gap == null) {
      gap = unclear + ", at " + longest.key();
    }
  }

  /** What was appended to a list: how often, or only by appends that failed. */
  private static final class Elements {
    final Map<String, Integer> appended = new HashMap<>();
    final Set<String> failed = new HashSet<>();
    final boolean areDivided;

    Elements(List<Operation> operations) {
      boolean areSimple = true;
      for (Operation operation : operations) {
        if (operation.kind() == Kind.APPEND) {
          String element = String.valueOf(operation.argument());
          areSimple &= element.indexOf(END) == element.length() - END.length();
          if (operation.outcome() == Outcome.FAILED) {
            failed.add(element);
          } else {
            appended.merge(element, 1, Integer::sum);
          }
        }
      }
      areDivided = areSimple;
    }

    boolean areUnique() {
      return appended.values().stream().allMatch(count -> count == 1);
    }

    /** Why not all can be judged; null if it can. */
    @Nullable String gap() {
      if (!areDivided) {
        return "an element of a list holds what stands between elements";
      }
      return areUnique() ? null : "an element was appended to a list more than once";
    }
  }

  private static String list(Operation read) {
    return read.value() == null ? "" : read.value();
  }

  /** Where each element of the longest list ends in it. */
  private Map<String, Integer> ends(Operation longest, Elements elements) {
    Map<String, Integer> ends = new HashMap<>();
    Map<String, Integer> counts = new HashMap<>();
    int from = 0;
    String list = list(longest);
    while (from < list.length()) {
      int to = list.indexOf(END, from) + END.length();
      String element = to < END.length() ? list.substring(from) : list.substring(from, to);
      from += element.length();
      ends.put(element, from);
      int count = counts.merge(element, 1, Integer::sum);
      int appended = elements.appended.getOrDefault(element, 0);
      if (count > 1 && count > appended) {
        report(
            appended > 1
                ? "element %s is there more often than it was appended".formatted(element)
                : "element %s is there twice".formatted(element),
            longest,
            null);
      }
      if (appended == 0) {
        report(
            elements.failed.contains(element)
                ? "element %s is there, though its append failed".formatted(element)
                : "nobody has appended element %s".formatted(element),
            longest,
            null);
      }
    }
    return ends;
  }

  private void requireAcknowledged(
      List<Operation> operations, List<Operation> reads, Map<String, Integer> ends) {
    List<Operation> appends =
        new ArrayList<>(
            operations.stream().filter(each -> each.kind() == Kind.APPEND && each.isOk()).toList());
    appends.sort(Comparator.comparingLong(Operation::responded));
    List<Operation> inOrder = new ArrayList<>(reads);
    inOrder.sort(Comparator.comparingLong(Operation::invoked));
    Operation last = null;
    Operation lost = null;
    int must = 0;
    int next = 0;
    for (Operation read : inOrder) {
      while (next < appends.size() && appends.get(next).responded() < read.invoked()) {
        Operation append = appends.get(next++);
        Integer end = ends.get(String.valueOf(append.argument()));
        if (end == null) {
          lost = lost == null ? append : lost;
        } else if (end > must) {
          must = end;
          last = append;
        }
      }
      if (read.level() != Consistency.LINEARIZABLE) {
        continue;
      }
      if (lost != null) {
        report("what was appended before is not there", lost, read);
        lost = null;
      }
      if (list(read).length() < must && last != null) {
        report("what was appended before is not there", last, read);
      }
    }
  }

  private void report(String what, Operation one, @Nullable Operation other) {
    violations.add(
        new Violation(PROMISE, what, other == null ? List.of(one) : List.of(one, other)));
  }
}
