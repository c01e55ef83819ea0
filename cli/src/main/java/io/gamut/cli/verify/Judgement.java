package io.gamut.cli.verify;

import io.gamut.core.Version;
import io.gamut.verify.check.Verdict;
import io.gamut.verify.check.Violation;
import io.gamut.verify.file.Recording;
import io.gamut.verify.history.Operation;
import io.gamut.verify.report.Counterexample;
import io.gamut.verify.report.SpaceTimeDiagram;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * What all judges have said of a history, and how it is told.
 *
 * @param counterexamples one for each promise that was broken
 */
record Judgement(
    Recording recording, Map<String, Verdict> verdicts, List<Counterexample> counterexamples) {
  static final int EXIT_HOLDS = 0;
  static final int EXIT_VIOLATED = 1;
  static final int EXIT_UNKNOWN = 3;

  private static final JsonFactory JSON = new JsonFactory();
  private static final int LINE_CHARS_MAX = 400;

  /** One status for all promises: violated before unknown before kept. */
  int status() {
    if (verdicts.values().stream().anyMatch(Verdict.Violated.class::isInstance)) {
      return EXIT_VIOLATED;
    }
    boolean isUnknown = verdicts.values().stream().anyMatch(Verdict.Unknown.class::isInstance);
    return isUnknown ? EXIT_UNKNOWN : EXIT_HOLDS;
  }

  private static String word(Verdict verdict) {
    return switch (verdict) {
      case Verdict.Holds _ -> "holds";
      case Verdict.Violated _ -> "VIOLATED";
      case Verdict.Unknown _ -> "unknown";
    };
  }

  // For people

  /** A line for each promise, and then what shows that one was broken, as small as it gets. */
  void table(PrintWriter out, int columns, boolean hasColours) {
    int width = verdicts.keySet().stream().mapToInt(String::length).max().orElse(0);
    int digits = verdicts.values().stream().mapToInt(each -> count(each).length()).max().orElse(0);
    verdicts.forEach((promise, verdict) -> {
      String name = promise + " ".repeat(width - promise.length());
      out.println(printable(name + "  " + word(verdict) + more(verdict, digits)));
    });
    for (Counterexample counterexample : counterexamples) {
      show(counterexample.violation(), out);
      out.println();
      out.println(SpaceTimeDiagram.of(counterexample).toText(columns, hasColours));
    }
    out.flush();
  }

  /** How much was judged, as a number; nothing if that is not known, or there was nothing. */
  private static String count(Verdict verdict) {
    return verdict instanceof Verdict.Holds holds && holds.judged() > 0
        ? String.format(Locale.ROOT, "%,d", holds.judged())
        : "";
  }

  /** What is said behind the word: how much was judged, or why it could not be. */
  private static String more(Verdict verdict, int digits) {
    return switch (verdict) {
      case Verdict.Holds holds when holds.judged() == Verdict.Holds.UNCOUNTED -> "";
      case Verdict.Holds holds when holds.judged() == 0 -> "  nothing to judge";
      case Verdict.Holds holds -> {
        String count = count(holds);
        yield "  " + " ".repeat(digits - count.length()) + count + " " + holds.units();
      }
      case Verdict.Violated _ -> "";
      case Verdict.Unknown(String why) -> ": " + why;
    };
  }

  private static void show(Violation violation, PrintWriter out) {
    out.println();
    out.println(printable(violation.promise() + ": " + violation.explanation()));
    violation.operations().forEach(each -> out.println(printable("  " + each)));
  }

  /** Without what would confuse a terminal; values may hold anything, of any length. */
  private static String printable(String text) {
    String shown = text.length() > LINE_CHARS_MAX ? text.substring(0, LINE_CHARS_MAX) : text;
    StringBuilder line = new StringBuilder();
    shown
        .codePoints()
        .forEach(each -> {
          if (Character.isISOControl(each) || Character.getType(each) == Character.FORMAT) {
            line.append("\\u%04x".formatted(each));
          } else {
            line.appendCodePoint(each);
          }
        });
    return line + (shown.length() < text.length() ? "..." : "");
  }

  // For programs

  /** One object on one line. */
  void json(PrintWriter out) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), text)) {
      json.writeStartObject();
      json.writeNumberProperty("requests", recording.history().requests().size());
      json.writeObjectPropertyStart("about");
      recording.about().forEach(json::writeStringProperty);
      json.writeEndObject();
      json.writeArrayPropertyStart("notes");
      recording.notes().forEach(json::writeString);
      json.writeEndArray();
      json.writeArrayPropertyStart("promises");
      verdicts.forEach((promise, verdict) -> verdict(promise, verdict, json));
      json.writeEndArray();
      json.writeNumberProperty("status", status());
      json.writeEndObject();
    }
    out.println(text);
    out.flush();
  }

  private static void verdict(String promise, Verdict verdict, JsonGenerator json) {
    json.writeStartObject();
    json.writeStringProperty("promise", promise);
    switch (verdict) {
      case Verdict.Holds holds -> {
        json.writeStringProperty("verdict", "holds");
        if (holds.judged() != Verdict.Holds.UNCOUNTED) {
          json.writeNumberProperty("judged", holds.judged());
        }
      }
      case Verdict.Unknown(String reason) -> {
        json.writeStringProperty("verdict", "unknown");
        json.writeStringProperty("reason", reason);
      }
      case Verdict.Violated(var violations) -> {
        json.writeStringProperty("verdict", "violated");
        json.writeArrayPropertyStart("violations");
        violations.forEach(violation -> violation(violation, json));
        json.writeEndArray();
      }
    }
    json.writeEndObject();
  }

  private static void violation(Violation violation, JsonGenerator json) {
    json.writeStartObject();
    json.writeStringProperty("explanation", violation.explanation());
    json.writeArrayPropertyStart("operations");
    violation.operations().forEach(operation -> operation(operation, json));
    json.writeEndArray();
    json.writeEndObject();
  }

  private static void operation(Operation operation, JsonGenerator json) {
    Version version = operation.version();
    json.writeStartObject();
    json.writeNumberProperty("request", operation.request().number());
    json.writeNumberProperty("session", operation.session());
    json.writeStringProperty("level", operation.level().toString());
    json.writeStringProperty("kind", operation.kind().toString());
    json.writeStringProperty("key", operation.key());
    text("value", operation.value(), json);
    text("argument", operation.argument(), json);
    text("version", version == null ? null : version.exact(), json);
    json.writeStringProperty("outcome", operation.outcome().toString());
    json.writeNumberProperty("invoked", operation.invoked());
    json.writeNumberProperty("responded", operation.responded());
    json.writeEndObject();
  }

  private static void text(String name, @Nullable String text, JsonGenerator json) {
    if (text != null) {
      json.writeStringProperty(name, text);
    }
  }
}
