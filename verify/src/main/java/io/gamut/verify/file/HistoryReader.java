package io.gamut.verify.file;

import io.gamut.core.Consistency;
import io.gamut.core.InvalidDataException;
import io.gamut.core.Version;
import io.gamut.verify.file.Line.Answer;
import io.gamut.verify.file.Line.Completion;
import io.gamut.verify.file.Line.Happened;
import io.gamut.verify.file.Line.Invocation;
import io.gamut.verify.history.Event;
import io.gamut.verify.history.Kind;
import io.gamut.verify.history.Outcome;
import io.gamut.verify.history.Receipt;
import io.gamut.verify.history.Shown;
import io.gamut.verify.history.Step;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * Reads a history that a {@link HistoryRecorder} has written, line by line.
 *
 * <p>Fields and kinds of lines that it does not know are passed over, so that later writers may say
 * more. A last line that a crash has torn is passed over too; whatever else is wrong is an error
 * that names its line. {@link Recording#notes} say what was passed over.
 */
public final class HistoryReader {
  /** A value of a server's greatest size fits, with every character escaped. */
  public static final int LINE_BYTES_MAX = 64 << 20;

  private static final JsonFactory JSON = new JsonFactory();

  /** Strings that come again and again are held once, up to so many. */
  private static final int SHARED_MAX = 100_000;

  private final Lines lines;
  private final Assembly assembly = new Assembly();
  private final Map<String, String> shared = new HashMap<>();
  private long strange;

  private HistoryReader(InputStream in) {
    lines = new Lines(in, LINE_BYTES_MAX);
  }

  /** Throws {@link MalformedHistoryException} if it is no history. */
  public static Recording read(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return read(in);
    }
  }

  /** The same, from a stream, which stays open. */
  public static Recording read(InputStream in) throws IOException {
    return new HistoryReader(in).read();
  }

  private Recording read() throws IOException {
    Map<String, String> about = header();
    while (lines.next()) {
      Fields fields = parse();
      if (fields != null) {
        try {
          take(fields);
        } catch (IllegalArgumentException | InvalidDataException e) {
          throw fault(String.valueOf(e.getMessage()));
        }
      }
    }
    if (strange > 0) {
      assembly.note(strange + " lines of kinds that this version does not know were passed over");
    }
    try {
      return assembly.recording(about);
    } catch (IllegalArgumentException e) {
      throw fault(String.valueOf(e.getMessage()));
    }
  }

  private MalformedHistoryException fault(String what) {
    return new MalformedHistoryException(lines.number(), what);
  }

  private Map<String, String> header() throws IOException {
    Fields fields = lines.next() ? parse() : null;
    try {
      if (fields != null && fields.has("gamut") && fields.text("gamut").equals("history")) {
        long format = fields.number("format");
        if (format != LineEncoder.FORMAT) {
          throw fault(
              "the format is %d, and this version reads %d: use a later version of Gamut"
                  .formatted(format, LineEncoder.FORMAT));
        }
        return fields.texts("about");
      }
    } catch (IllegalArgumentException e) {
      throw fault(String.valueOf(e.getMessage()));
    }
    throw fault("a history begins with {\"gamut\":\"history\",\"format\":1,...}");
  }

  /** Null if the line is blank, or the torn end of the file. */
  private @Nullable Fields parse() throws IOException {
    try (JsonParser json =
        JSON.createParser(
            ObjectReadContext.empty(), lines.bytes(), lines.offset(), lines.length())) {
      JsonToken first = json.nextToken();
      if (first == null) {
        return null;
      }
      if (first != JsonToken.START_OBJECT) {
        throw fault("a line is a JSON object");
      }
      Fields fields = Fields.read(json);
      if (json.nextToken() != null) {
        throw fault("a line is one JSON object");
      }
      return fields;
    } catch (JacksonException e) {
      if (!lines.isEnded() && lines.number() > 1) {
        assembly.note("the last line, " + lines.number() + ", is torn and was passed over");
        return null;
      }
      throw fault(e.getOriginalMessage());
    }
  }

  private void take(Fields fields) {
    if (fields.has("invoke")) {
      assembly.invoked(invocation(fields));
    } else if (fields.has("complete")) {
      assembly.completed(completion(fields));
    } else if (fields.has("event")) {
      String detail = fields.textIfAny("detail");
      Event event =
          new Event(fields.moment("at"), fields.text("event"), detail == null ? "" : detail);
      assembly.happened(new Happened(event));
    } else if (fields.has("shown")) {
      String key = fields.textIfAny("key");
      Shown shown = new Shown(fields.textIfAny("value"), version(fields));
      assembly.shown(fields.small("shown"), key == null ? null : share(key), shown);
    } else if (fields.has("end")) {
      assembly.ended(fields.number("end"));
    } else {
      strange++;
    }
  }

  private Invocation invocation(Fields fields) {
    List<Step> steps = new ArrayList<>();
    for (Fields step : fields.objects("steps")) {
      steps.add(
          new Step(
              kind(step.text("kind")),
              share(step.text("key")),
              step.textIfAny("value"),
              step.textIfAny("argument"),
              null,
              step.duration("life", 0)));
    }
    if (steps.isEmpty()) {
      throw new IllegalArgumentException("\"steps\" has at least one step");
    }
    String process = fields.textIfAny("process");
    return new Invocation(
        fields.number("invoke"),
        fields.small("session"),
        process == null ? null : share(process),
        level(fields.text("level")),
        fields.duration("bound", 0),
        steps,
        fields.moment("at"));
  }

  private static Completion completion(Fields fields) {
    List<Answer> answers = new ArrayList<>();
    for (Fields step : fields.objects("steps")) {
      answers.add(new Answer(step.textIfAny("value"), version(step), step.flag("mismatch")));
    }
    Receipt receipt = null;
    if (fields.has("achieved")) {
      int replica = fields.has("replica") ? fields.small("replica") : Receipt.REPLICA_UNKNOWN;
      receipt =
          new Receipt(
              level(fields.text("achieved")), replica, fields.duration("age", Receipt.AGE_UNKNOWN));
    }
    return new Completion(
        fields.number("complete"),
        outcome(fields.text("outcome")),
        fields.moment("at"),
        receipt,
        answers);
  }

  private String share(String text) {
    String same = shared.get(text);
    if (same == null) {
      same = text;
      if (shared.size() < SHARED_MAX) {
        shared.put(text, text);
      }
    }
    return same;
  }

  private static @Nullable Version version(Fields fields) {
    String text = fields.textIfAny("version");
    return text == null ? null : Version.parse(text);
  }

  private static Consistency level(String name) {
    return Consistency.parse(name)
        .orElseThrow(() -> new IllegalArgumentException("'" + name + "' is no level"));
  }

  private static Outcome outcome(String name) {
    for (Outcome outcome : Outcome.values()) {
      if (outcome.toString().equals(name)) {
        return outcome;
      }
    }
    throw new IllegalArgumentException(
        "an outcome is ok, failed or unknown, not '" + name.toLowerCase(Locale.ROOT) + "'");
  }

  private static Kind kind(String name) {
    for (Kind kind : Kind.values()) {
      if (kind.toString().equals(name)) {
        return kind;
      }
    }
    throw new IllegalArgumentException("'" + name + "' is no kind of step");
  }
}
