package io.gamut.verify.edn;

import io.gamut.core.Consistency;
import io.gamut.verify.file.MalformedHistoryException;
import io.gamut.verify.file.Recording;
import io.gamut.verify.history.Event;
import io.gamut.verify.history.History;
import io.gamut.verify.history.Outcome;
import io.gamut.verify.history.Request;
import io.gamut.verify.history.Step;
import java.io.IOException;
import java.io.Reader;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads a history of Jepsen's operations.
 *
 * <p>A process is a session; one whose operation ended with {@code :info} gets no more of them, as
 * in Jepsen. Operations of processes that are no numbers, such as {@code :nemesis}, are events.
 * Jepsen's histories are in the order in which things happened, and {@code :time} is but a witness
 * of it: where two times are equal, or one goes back, the later one is raised by as many
 * nanoseconds as it takes to keep the order. Without {@code :time} a nanosecond passes with each
 * line.
 */
public final class EdnHistoryReader {
  private final EdnReader in;
  private final Consistency level;
  private final Map<Long, Pending> pending = new TreeMap<>();
  private final Set<Long> ended = new HashSet<>();
  private final List<Request> requests = new ArrayList<>();
  private final List<Event> events = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();
  private long unread;
  private long steps;
  private long position;
  private long now = -1;
  private long index = -1;

  private record Pending(long number, String function, Edn value, long invoked) {}

  private EdnHistoryReader(Reader in, Consistency level) {
    this.in = new EdnReader(in);
    this.level = level;
  }

  /**
   * Throws {@link MalformedHistoryException} if it is no history.
   *
   * @param level that all operations are judged at, since they do not tell; usually linearizable
   */
  public static Recording read(Reader in, Consistency level) throws IOException {
    return new EdnHistoryReader(in, level).read();
  }

  private Recording read() throws IOException {
    for (Edn value = in.next(); value != null; value = in.next()) {
      try {
        if (!(value instanceof Edn.Mapping operation)) {
          throw new IllegalArgumentException("an operation is a map, not " + value);
        }
        take(operation);
      } catch (IllegalArgumentException e) {
        throw new MalformedHistoryException(in.line(), String.valueOf(e.getMessage()));
      }
    }
    finish();
    try {
      return new Recording(
          new History(requests, events, Map.of()),
          Map.of("format", "edn", "level", level.toString()),
          Map.of(),
          notes);
    } catch (IllegalArgumentException e) {
      throw new MalformedHistoryException(in.line(), String.valueOf(e.getMessage()));
    }
  }

  private void take(Edn.Mapping operation) {
    String type = keyword("type", operation);
    long number = number(operation);
    pass(operation, number);
    Edn process = operation.get("process");
    if (process == null) {
      throw new IllegalArgumentException(":process is missing");
    }
    if (!(process instanceof Edn.Whole(long client))) {
      Edn value = operation.get("value");
      String detail = process + " " + type + (value == null ? "" : " " + value);
      events.add(new Event(now, keyword("f", operation), detail));
      return;
    }
    switch (type) {
      case "invoke" -> invoke(client, number, operation);
      case "ok" -> complete(client, Outcome.OK, operation);
      case "fail" -> complete(client, Outcome.FAILED, operation);
      case "info" -> {
        complete(client, Outcome.UNKNOWN, operation);
        ended.add(client);
      }
      default ->
          throw new IllegalArgumentException(":type is :invoke, :ok, :fail or :info, not :" + type);
    }
  }

  private static String keyword(String name, Edn.Mapping operation) {
    return switch (operation.get(name)) {
      case Edn.Keyword(String word) -> word;
      case null -> throw new IllegalArgumentException(":" + name + " is missing");
      case Edn value ->
          throw new IllegalArgumentException(":" + name + " is a keyword, not " + value);
    };
  }

  private static long whole(String name, Edn.Mapping operation, long otherwise) {
    return switch (operation.get(name)) {
      case Edn.Whole(long number) -> number;
      case null -> otherwise;
      case Edn value ->
          throw new IllegalArgumentException(":" + name + " is a whole number, not " + value);
    };
  }

  /** Its index, or its place if it has none. */
  private long number(Edn.Mapping operation) {
    long number = whole("index", operation, Math.max(position, index + 1));
    position++;
    if (number <= index) {
      throw new IllegalArgumentException(
          "index %d comes behind %d: a history is in the order of its indices"
              .formatted(number, index));
    }
    index = number;
    return number;
  }

  private void pass(Edn.Mapping operation, long number) {
    boolean isUntimed = operation.get("time") == null;
    now = Math.max(now + 1, isUntimed ? Math.max(now + 1, number) : whole("time", operation, 0));
  }

  private void invoke(long client, long number, Edn.Mapping operation) {
    if (client < 0 || client > Integer.MAX_VALUE) {
      throw new IllegalArgumentException("process " + client + " is no number from 0 to 2^31 - 1");
    }
    if (ended.contains(client)) {
      throw new IllegalArgumentException(
          "process %d goes on after :info; its next operation belongs to a new process"
              .formatted(client));
    }
    Edn value = operation.get("value");
    Pending begun =
        new Pending(number, keyword("f", operation), value == null ? Edn.NIL : value, now);
    steps += Steps.of(begun.function, begun.value, null).size();
    if (steps > History.OPERATIONS_MAX) {
      throw new IllegalArgumentException(
          "a history has at most " + History.OPERATIONS_MAX + " operations: judge parts of it");
    }
    if (pending.put(client, begun) != null) {
      throw new IllegalArgumentException(
          "process %d invokes before it has completed".formatted(client));
    }
  }

  private void complete(long client, Outcome outcome, Edn.Mapping operation) {
    Pending begun = pending.remove(client);
    if (begun == null) {
      throw new IllegalArgumentException("process " + client + " completes what it never invoked");
    }
    Edn value = operation.get("value");
    boolean isOk = outcome == Outcome.OK;
    List<Step> all =
        Steps.of(begun.function, begun.value, isOk ? (value == null ? Edn.NIL : value) : null);
    add(client, begun, all, outcome, now);
  }

  /** What was to be read is left out where it is not known. */
  private void add(long client, Pending begun, List<Step> all, Outcome outcome, long responded) {
    List<Step> known =
        outcome == Outcome.OK ? all : all.stream().filter(step -> !step.kind().isRead()).toList();
    if (known.isEmpty()) {
      unread++;
      return;
    }
    requests.add(
        new Request(
            begun.number, (int) client, level, 0, known, outcome, begun.invoked, responded, null));
  }

  private void finish() {
    pending.forEach((client, begun) -> {
      @Nullable Edn nothing = null;
      add(client, begun, Steps.of(begun.function, begun.value, nothing), Outcome.UNKNOWN, now + 1);
    });
    if (!pending.isEmpty()) {
      notes.add(pending.size() + " operations have no completion: their outcome is unknown");
    }
    if (unread > 0) {
      notes.add(unread + " reads without an answer were left out");
    }
  }
}
