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
 */
public final class GrowingLists {
  static final String PROMISE = "growing lists";

  /** Stands behind each element. */
  public static final String END = ",";

  private final List<Violation> violations = new ArrayList<>();

  private GrowingLists() {}

  /** Judges a history: of keys that are appended to, and neither written nor deleted. */
  public static Verdict check(History history) {
    GrowingLists lists = new GrowingLists();
    for (List<Operation> ofKey : history.byKey().values()) {
      if (ofKey.stream().anyMatch(operation -> operation.kind() == Kind.APPEND)
          && ofKey.stream().allMatch(GrowingLists::isOfList)) {
        lists.checkKey(ofKey);
      }
    }
    return Verdict.of(lists.violations);
  }

  private static boolean isOfList(Operation operation) {
    return operation.kind() == Kind.READ
        || (operation.kind() == Kind.APPEND && String.valueOf(operation.argument()).endsWith(END));
  }

  private void checkKey(List<Operation> operations) {
    List<Operation> reads = new ArrayList<>();
    Operation longest = null;
    for (Operation operation : operations) {
      if (operation.kind() == Kind.READ && operation.isOk() && !operation.level().isWeak()) {
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
    Map<String, Integer> ends = elements(longest, operations);
    for (Operation read : reads) {
      if (!list(longest).startsWith(list(read))) {
        report("neither of two lists is the beginning of the other", read, longest);
      }
    }
    requireAcknowledged(operations, reads, ends);
  }

  private static String list(Operation read) {
    return read.value() == null ? "" : read.value();
  }

  /** Where each element of the longest list ends in it. */
  private Map<String, Integer> elements(Operation longest, List<Operation> operations) {
    Set<String> appended = new HashSet<>();
    Set<String> failed = new HashSet<>();
    for (Operation operation : operations) {
      if (operation.kind() == Kind.APPEND) {
        (operation.outcome() == Outcome.FAILED ? failed : appended).add(operation.argument());
      }
    }
    Map<String, Integer> ends = new HashMap<>();
    int from = 0;
    String list = list(longest);
    while (from < list.length()) {
      int to = list.indexOf(END, from) + END.length();
      String element = to < END.length() ? list.substring(from) : list.substring(from, to);
      from += element.length();
      if (ends.put(element, from) != null) {
        report("element %s is there twice".formatted(element), longest, null);
      }
      if (!appended.contains(element)) {
        report(
            failed.contains(element)
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
    int must = 0;
    int next = 0;
    for (Operation read : inOrder) {
      while (next < appends.size() && appends.get(next).responded() < read.invoked()) {
        Operation append = appends.get(next++);
        Integer end = ends.get(String.valueOf(append.argument()));
        if (end == null && read.level() == Consistency.LINEARIZABLE) {
          report("what was appended before is not there", append, read);
        } else if (end != null && end > must) {
          must = end;
          last = append;
        }
      }
      if (read.level() == Consistency.LINEARIZABLE && list(read).length() < must && last != null) {
        report("what was appended before is not there", last, read);
      }
    }
  }

  private void report(String what, Operation one, @Nullable Operation other) {
    violations.add(
        new Violation(PROMISE, what, other == null ? List.of(one) : List.of(one, other)));
  }
}
