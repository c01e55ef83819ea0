package io.gamut.verify.edn;

import static java.util.Objects.requireNonNull;

import io.gamut.verify.check.GrowingLists;
import io.gamut.verify.history.Kind;
import io.gamut.verify.history.Step;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an operation of Jepsen does, as steps. Throws {@link IllegalArgumentException} of what has
 * no meaning here.
 */
final class Steps {
  /** The key of a history that has but one register, and no name for it. */
  static final String REGISTER = "register";

  private Steps() {}

  /**
   * The steps of an operation.
   *
   * @param asked its value when it was invoked
   * @param answered its value when it completed; null if nothing was answered
   */
  static List<Step> of(String function, Edn asked, @Nullable Edn answered) {
    if (function.equals("txn")) {
      return transaction(asked, answered);
    }
    boolean hasKey =
        function.equals("cas") ? isPair(asked) && isPair(second(asked)) : isPair(asked);
    String key = hasKey ? text(first(asked)) : REGISTER;
    Edn value = hasKey ? second(asked) : asked;
    Step step =
        switch (function) {
          case "read" -> {
            if (hasKey && answered != null && !isPair(answered)) {
              throw new IllegalArgumentException("a read of [key value] returns " + answered);
            }
            Edn found = hasKey && answered != null ? second(answered) : answered;
            yield Step.of(Kind.READ, key, found == null ? null : value(found), null);
          }
          case "write" -> write(key, value);
          case "cas" -> {
            if (!isPair(value)) {
              throw new IllegalArgumentException("a cas has the value [old new], not " + value);
            }
            String next = value(second(value));
            yield new Step(Kind.COMPARE_AND_SET, key, next, value(first(value)), null, 0);
          }
          case "add" -> {
            if (!(value instanceof Edn.Whole(long amount))) {
              throw new IllegalArgumentException(":add counts by a number, not by " + value);
            }
            yield new Step(Kind.ADD, key, null, Long.toString(amount), null, 0);
          }
          default ->
              throw new IllegalArgumentException(
                  ":f is :read, :write, :cas, :add or :txn, not :" + function);
        };
    return List.of(step);
  }

  private static List<Step> transaction(Edn asked, @Nullable Edn answered) {
    List<Edn> all = elements(answered == null ? asked : answered);
    if (all.size() != elements(asked).size()) {
      throw new IllegalArgumentException("a transaction has completed with other steps");
    }
    List<Step> steps = new ArrayList<>();
    for (Edn each : all) {
      List<Edn> parts = elements(each);
      if (parts.size() != 3 || !(parts.getFirst() instanceof Edn.Keyword(String function))) {
        throw new IllegalArgumentException("a step of a :txn is [:r k v], not " + each);
      }
      String key = text(parts.get(1));
      Edn value = parts.get(2);
      steps.add(
          switch (function) {
            case "r" -> {
              String found = answered == null ? null : found(value);
              yield Step.of(Kind.READ, key, found, null);
            }
            case "w" -> write(key, value);
            case "append" -> {
              String element = text(value) + GrowingLists.END;
              yield new Step(Kind.APPEND, key, null, element, null, 0);
            }
            default ->
                throw new IllegalArgumentException(
                    "a step of a :txn is :r, :w or :append, not :" + function);
          });
    }
    if (steps.isEmpty()) {
      throw new IllegalArgumentException("a :txn has at least one step");
    }
    return steps;
  }

  private static Step write(String key, Edn value) {
    String text = value(value);
    return Step.of(text == null ? Kind.DELETE : Kind.WRITE, key, text, null);
  }

  /** What a transaction reads: a list is written as what was appended to it. */
  private static @Nullable String found(Edn value) {
    if (!(value instanceof Edn.Sequence(List<Edn> elements))) {
      return value(value);
    }
    StringBuilder list = new StringBuilder();
    elements.forEach(each -> list.append(text(each)).append(GrowingLists.END));
    return list.isEmpty() ? null : list.toString();
  }

  private static @Nullable String value(Edn value) {
    return value instanceof Edn.Nil ? null : text(value);
  }

  private static String text(Edn value) {
    return switch (value) {
      case Edn.Text(String text) -> text;
      case Edn.SetOf _ -> throw new IllegalArgumentException("sets are not judged: " + value);
      default -> value.toString();
    };
  }

  private static boolean isPair(Edn value) {
    return value instanceof Edn.Sequence(List<Edn> elements) && elements.size() == 2;
  }

  private static Edn first(Edn pair) {
    return requireNonNull(elements(pair).getFirst());
  }

  private static Edn second(Edn pair) {
    return requireNonNull(elements(pair).getLast());
  }

  private static List<Edn> elements(Edn value) {
    if (value instanceof Edn.Sequence(List<Edn> elements)) {
      return elements;
    }
    throw new IllegalArgumentException("a vector is missing: " + value);
  }
}
