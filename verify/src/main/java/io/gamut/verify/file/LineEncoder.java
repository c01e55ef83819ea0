package io.gamut.verify.file;

import io.gamut.core.Version;
import io.gamut.verify.file.Line.Answer;
import io.gamut.verify.file.Line.Completion;
import io.gamut.verify.file.Line.Happened;
import io.gamut.verify.file.Line.Invocation;
import io.gamut.verify.file.Line.Showing;
import io.gamut.verify.history.Event;
import io.gamut.verify.history.Receipt;
import io.gamut.verify.history.Shown;
import io.gamut.verify.history.Step;
import java.io.OutputStream;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** Writes lines of a history as JSON. What has no value, and what is as usual, is left out. */
final class LineEncoder {
  static final int FORMAT = 1;

  private static final JsonFactory JSON = JsonFactory.builder().rootValueSeparator("").build();

  private final JsonGenerator json;

  LineEncoder(OutputStream out) {
    json = JSON.createGenerator(ObjectWriteContext.empty(), out);
  }

  void header(Map<String, String> about) {
    json.writeStartObject();
    json.writeStringProperty("gamut", "history");
    json.writeNumberProperty("format", FORMAT);
    json.writeObjectPropertyStart("about");
    about.forEach(json::writeStringProperty);
    json.writeEndObject();
    end();
  }

  void write(Line line) {
    switch (line) {
      case Invocation invocation -> invocation(invocation);
      case Completion completion -> completion(completion);
      case Happened(Event event) -> {
        json.writeStartObject();
        json.writeStringProperty("event", event.name());
        json.writeNumberProperty("at", event.at());
        json.writeStringProperty("detail", event.detail());
        end();
      }
      case Showing(int replica, Map<String, Shown> shown) -> {
        json.writeStartObject();
        json.writeNumberProperty("shown", replica);
        end();
        shown.forEach((key, what) -> showing(replica, key, what));
      }
    }
  }

  /** Says that all is there. */
  void footer(long requests) {
    json.writeStartObject();
    json.writeNumberProperty("end", requests);
    end();
  }

  private void invocation(Invocation invocation) {
    json.writeStartObject();
    json.writeNumberProperty("invoke", invocation.number());
    json.writeNumberProperty("session", invocation.session());
    text("process", invocation.process());
    json.writeStringProperty("level", invocation.level().toString());
    number("bound", invocation.boundNanos(), 0);
    json.writeNumberProperty("at", invocation.at());
    json.writeArrayPropertyStart("steps");
    for (Step step : invocation.steps()) {
      json.writeStartObject();
      json.writeStringProperty("kind", step.kind().toString());
      json.writeStringProperty("key", step.key());
      text("value", step.kind().writesValue() ? step.value() : null);
      text("argument", step.argument());
      number("life", step.lifeNanos(), 0);
      json.writeEndObject();
    }
    json.writeEndArray();
    end();
  }

  private void completion(Completion completion) {
    json.writeStartObject();
    json.writeNumberProperty("complete", completion.number());
    json.writeStringProperty("outcome", completion.outcome().toString());
    json.writeNumberProperty("at", completion.at());
    Receipt receipt = completion.receipt();
    if (receipt != null) {
      json.writeStringProperty("achieved", receipt.achieved().toString());
      number("replica", receipt.replica(), Receipt.REPLICA_UNKNOWN);
      number("age", receipt.ageNanos(), Receipt.AGE_UNKNOWN);
    }
    if (!completion.answers().isEmpty()) {
      json.writeArrayPropertyStart("steps");
      completion.answers().forEach(this::answer);
      json.writeEndArray();
    }
    end();
  }

  private void answer(Answer answer) {
    json.writeStartObject();
    text("value", answer.value());
    version(answer.version());
    if (answer.isMismatch()) {
      json.writeBooleanProperty("mismatch", true);
    }
    json.writeEndObject();
  }

  private void showing(int replica, String key, Shown shown) {
    json.writeStartObject();
    json.writeNumberProperty("shown", replica);
    json.writeStringProperty("key", key);
    text("value", shown.value());
    version(shown.version());
    end();
  }

  private void version(@Nullable Version version) {
    text("version", version == null ? null : version.exact());
  }

  private void text(String name, @Nullable String text) {
    if (text != null) {
      json.writeStringProperty(name, text);
    }
  }

  private void number(String name, long number, long usual) {
    if (number != usual) {
      json.writeNumberProperty(name, number);
    }
  }

  private void end() {
    json.writeEndObject();
    json.writeRaw('\n');
  }

  void flush() {
    json.flush();
  }
}
