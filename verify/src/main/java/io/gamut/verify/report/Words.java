package io.gamut.verify.report;

import io.gamut.verify.check.Violation;
import io.gamut.verify.history.Operation;
import io.gamut.verify.history.Request;
import io.gamut.verify.history.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Says in words what diagrams show. */
final class Words {
  private static final double NANOS_PER_SECOND = 1e9;
  private static final double NANOS_PER_MILLI = 1e6;
  private static final double NANOS_PER_MICRO = 1e3;
  private static final int TEXT_MAX = 48;
  private static final int EXPLANATION_MAX = 300;

  private Words() {}

  /** A time or a span of time, in the unit that suits it. */
  static String nanos(long nanos) {
    double size = Math.abs((double) nanos);
    if (size >= NANOS_PER_SECOND) {
      return number("%.3f", nanos / NANOS_PER_SECOND) + " s";
    }
    if (size >= NANOS_PER_MILLI) {
      return number("%.3f", nanos / NANOS_PER_MILLI) + " ms";
    }
    return size >= NANOS_PER_MICRO
        ? number("%.3f", nanos / NANOS_PER_MICRO) + " µs"
        : nanos + " ns";
  }

  /** The same in every place of the world. */
  static String number(String format, Object value) {
    return String.format(Locale.ROOT, format, value);
  }

  /** The same as {@link #nanos}, in as few digits as an axis needs. */
  static String brief(long nanos) {
    String exact = nanos(nanos);
    int blank = exact.indexOf(' ');
    String figure = exact.substring(0, blank);
    String digits =
        figure.contains(".") ? figure.replaceAll("0+$", "").replaceAll("\\.$", "") : figure;
    return digits + exact.substring(blank);
  }

  /** What an operation did, short. */
  static String brief(Operation operation) {
    return Glyphs.printable(operation.step().toString(), TEXT_MAX);
  }

  /** All that matters of a request, but for its times. */
  static String full(Request request) {
    List<String> steps = new ArrayList<>();
    for (Step step : request.steps()) {
      String version = step.version() == null ? "" : " at version " + step.version();
      steps.add(Glyphs.printable(step.toString(), TEXT_MAX) + version);
    }
    return "session %d, %s: %s%s"
        .formatted(
            request.session(),
            request.level(),
            String.join("; ", steps),
            request.isOk() ? "" : ", outcome " + request.outcome());
  }

  /** One sentence about what is wrong. */
  static String sentence(Violation violation) {
    List<Operation> shown = violation.operations();
    StringBuilder text = new StringBuilder(capitalized(violation.promise())).append(" is broken: ");
    String why = Glyphs.printable(violation.explanation(), EXPLANATION_MAX);
    if (shown.isEmpty()) {
      return text.append(why).append('.').toString();
    }
    Operation last = shown.getLast();
    if (shown.size() == 1) {
      return text.append(why).append(", as ").append(who(last)).append(" shows.").toString();
    }
    boolean isCaused = violation.explanation().startsWith("WriteCO");
    Operation other = isCaused ? shown.getFirst() : shown.get(shown.size() - 2);
    long apart = last.invoked() - other.responded();
    if (violation.explanation().startsWith("G") || apart < 0) {
      return text.append(why).append('.').toString();
    }
    return text.append(who(last))
        .append(" began ")
        .append(nanos(apart))
        .append(" after ")
        .append(who(other))
        .append(" had ended, and contradicts it (")
        .append(why)
        .append(").")
        .toString();
  }

  /**
   * Lines of so many characters at most.
   *
   * @param indent of all but the first
   */
  static List<String> wrapped(String words, String indent, int columns) {
    List<String> lines = new ArrayList<>();
    String left = words;
    String before = "";
    while (before.length() + left.length() > columns) {
      int room = columns - before.length();
      int blank = left.lastIndexOf(' ', room);
      int end = blank > room / 2 ? blank : room;
      lines.add(before + left.substring(0, end));
      left = left.substring(end).stripLeading();
      before = indent;
    }
    lines.add(before + left);
    return lines;
  }

  private static String who(Operation operation) {
    return "'%s' of session %d".formatted(brief(operation), operation.session());
  }

  static String capitalized(String text) {
    return text.isEmpty()
        ? text
        : text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
  }
}
