package io.gamut.verify.edn;

import static java.util.Objects.requireNonNull;

import io.gamut.core.Consistency;
import io.gamut.verify.check.GrowingLists;
import io.gamut.verify.history.History;
import io.gamut.verify.history.Kind;
import io.gamut.verify.history.Operation;
import io.gamut.verify.history.Outcome;
import io.gamut.verify.history.Request;
import io.gamut.verify.history.Step;
import java.io.IOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Writes a history as Jepsen's operations, as far as these can say it, for Knossos or Elle to judge
 * whether it is linearizable or strictly serializable.
 *
 * <p>What is left out takes nothing away from the truth of what is left: a history that keeps those
 * promises still does when operations that only read are taken out of it, or all that is done on
 * some keys. So reads below linearizable go, since they promise less, and keys with steps that
 * Jepsen has no word for. A weak write takes effect at any time after its invocation: that is what
 * {@code :info} means, whatever its outcome was.
 */
public final class EdnHistoryWriter {
  private final History history;
  private final TreeSet<String> strange = new TreeSet<>();
  private final TreeSet<String> lists = new TreeSet<>();
  private final List<Timed> lines = new ArrayList<>();
  private final Map<Integer, Integer> processes = new HashMap<>();
  private final boolean hasTransactions;
  private int nextProcess;
  private long leftOut;

  private enum Type {
    OK,
    INVOKE,
    FAIL,
    INFO;

    @Override
    public String toString() {
      return switch (this) {
        case OK -> ":ok";
        case INVOKE -> ":invoke";
        case FAIL -> ":fail";
        case INFO -> ":info";
      };
    }
  }

  private record Timed(long at, Type type, int process, String function, Edn value) {}

  private EdnHistoryWriter(History history) {
    this.history = history;
    hasTransactions =
        history.requests().stream()
            .anyMatch(request ->
                request.steps().size() > 1
                    || request.steps().stream().anyMatch(step -> step.kind() == Kind.APPEND));
    for (Request request : history.requests()) {
      nextProcess = Math.max(nextProcess, request.session() + 1);
    }
  }

  /** Writes a history; what was left out, for people. */
  public static List<String> write(History history, Writer out) throws IOException {
    EdnHistoryWriter writer = new EdnHistoryWriter(history);
    writer.findKeys();
    history.requests().forEach(writer::add);
    writer.print(out);
    return writer.notes();
  }

  // Keys

  private void findKeys() {
    history
        .byKey()
        .forEach((key, operations) -> {
          boolean isList = operations.stream().anyMatch(each -> each.kind() == Kind.APPEND);
          if (isList) {
            lists.add(key);
          }
          if (!operations.stream()
              .allMatch(isList ? EdnHistoryWriter::isOfList : this::isOfRegister)) {
            strange.add(key);
          }
        });
  }

  private static boolean isOfList(Operation operation) {
    String text =
        switch (operation.kind()) {
          case READ -> operation.value() == null ? "" : operation.value();
          case APPEND -> operation.argument();
          default -> null;
        };
    return text != null && (text.isEmpty() || text.endsWith(GrowingLists.END));
  }

  private boolean isOfRegister(Operation operation) {
    return operation.step().lifeNanos() == 0
        && switch (operation.kind()) {
          case READ, WRITE, DELETE, MISMATCH -> true;
          case COMPARE_AND_SET -> !hasTransactions && operation.value() != null;
          case ADD -> !hasTransactions && isWhole(operation.argument());
          case APPEND -> false;
        };
  }

  private static boolean isWhole(@Nullable String text) {
    return value(text) instanceof Edn.Whole;
  }

  // Requests

  private void add(Request request) {
    List<Step> steps =
        request.steps().stream()
            .filter(step -> step.kind() != Kind.MISMATCH && !strange.contains(step.key()))
            .toList();
    Type type = type(request);
    if (type != Type.OK) {
      steps = steps.stream().filter(step -> !step.kind().isRead()).toList();
    }
    boolean isPromise = !request.isRead() || isWholeRead(request);
    if (steps.isEmpty() || !isPromise) {
      leftOut++;
      return;
    }
    int process = processes.getOrDefault(request.session(), request.session());
    if (type == Type.INFO) {
      processes.put(request.session(), nextProcess++);
    }
    String function = function(steps);
    Edn asked = value(steps, false);
    Edn answered = type == Type.OK ? value(steps, true) : asked;
    lines.add(new Timed(request.invoked(), Type.INVOKE, process, function, asked));
    lines.add(new Timed(request.responded(), type, process, function, answered));
  }

  private static boolean isWholeRead(Request request) {
    return request.isOk() && request.level() == Consistency.LINEARIZABLE;
  }

  private static Type type(Request request) {
    if (request.outcome() == Outcome.FAILED) {
      return Type.FAIL;
    }
    boolean isWeak =
        request.level().isWeak()
            && request.steps().stream()
                .map(Step::kind)
                .allMatch(kind -> kind == Kind.READ || kind == Kind.WRITE || kind == Kind.DELETE);
    return isWeak || request.outcome() == Outcome.UNKNOWN ? Type.INFO : Type.OK;
  }

  private String function(List<Step> steps) {
    if (hasTransactions) {
      return "txn";
    }
    return switch (steps.getFirst().kind()) {
      case READ, MISMATCH -> "read";
      case WRITE, DELETE -> "write";
      case COMPARE_AND_SET -> "cas";
      case ADD -> "add";
      case APPEND -> "txn";
    };
  }

  private Edn value(List<Step> steps, boolean isAnswered) {
    if (hasTransactions) {
      return new Edn.Sequence(steps.stream().map(step -> micro(step, isAnswered)).toList());
    }
    Step step = steps.getFirst();
    Edn value =
        switch (step.kind()) {
          case READ, MISMATCH -> isAnswered ? value(step.value()) : Edn.NIL;
          case WRITE, DELETE -> value(step.value());
          case COMPARE_AND_SET -> Edn.Sequence.of(value(step.argument()), value(step.value()));
          case ADD, APPEND -> value(step.argument());
        };
    return Edn.Sequence.of(value(step.key()), value);
  }

  private Edn micro(Step step, boolean isAnswered) {
    Edn key = value(step.key());
    return switch (step.kind()) {
      case READ, MISMATCH -> {
        Edn found = lists.contains(step.key()) ? list(step.value()) : value(step.value());
        yield Edn.Sequence.of(new Edn.Keyword("r"), key, isAnswered ? found : Edn.NIL);
      }
      case WRITE, DELETE, COMPARE_AND_SET ->
          Edn.Sequence.of(new Edn.Keyword("w"), key, value(step.value()));
      case ADD, APPEND ->
          Edn.Sequence.of(
              new Edn.Keyword("append"), key, elements(requireNonNull(step.argument())).getFirst());
    };
  }

  private static Edn list(@Nullable String text) {
    return text == null ? Edn.NIL : new Edn.Sequence(elements(text));
  }

  private static List<Edn> elements(String text) {
    List<Edn> elements = new ArrayList<>();
    int from = 0;
    while (from < text.length()) {
      int to = text.indexOf(GrowingLists.END, from);
      elements.add(value(text.substring(from, to)));
      from = to + GrowingLists.END.length();
    }
    return elements;
  }

  /** A number where reading it gives the same text again. */
  private static Edn value(@Nullable String text) {
    if (text == null) {
      return Edn.NIL;
    }
    try {
      long number = Long.parseLong(text);
      if (Long.toString(number).equals(text)) {
        return new Edn.Whole(number);
      }
    } catch (NumberFormatException _) {
      // Then it is a string.
    }
    return new Edn.Text(text);
  }

  // Lines

  private void print(Writer out) throws IOException {
    // What completes at the moment at which something else is invoked comes before it.
    lines.sort(Comparator.comparingLong(Timed::at).thenComparing(line -> line.type == Type.INVOKE));
    long index = 0;
    for (Timed line : lines) {
      out.write(
          "{:index %d, :type %s, :process %d, :f :%s, :value %s, :time %d}\n"
              .formatted(index++, line.type, line.process, line.function, line.value, line.at));
    }
  }

  private List<String> notes() {
    List<String> notes = new ArrayList<>();
    if (!strange.isEmpty()) {
      notes.add(
          "%d keys were left out that have expiring writes or steps which Jepsen has no word for"
              .formatted(strange.size()));
    }
    if (leftOut > 0) {
      notes.add(
          "%d requests were left out: on those keys, reads without an answer, reads below"
                  .formatted(leftOut)
              + " linearizable, and compare-and-sets that did not match");
    }
    if (!history.events().isEmpty() || !history.ends().isEmpty()) {
      notes.add("events and what the replicas show in the end were left out");
    }
    return notes;
  }
}
