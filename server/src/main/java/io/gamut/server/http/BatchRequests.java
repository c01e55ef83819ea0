package io.gamut.server.http;

import io.gamut.core.Change;
import io.gamut.core.Condition;
import io.gamut.core.Operation;
import io.gamut.core.Operation.Minitransaction;
import io.gamut.core.OperationResult;
import io.gamut.core.OperationResult.ChangeResult;
import io.gamut.core.Version;
import io.gamut.server.request.Asked;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import tools.jackson.core.JsonGenerator;

/** Several operations that the ledger does at one moment. */
final class BatchRequests {
  private BatchRequests() {}

  static void run(Exchange exchange) {
    exchange.target().requireOnly(Set.of());
    requireJson(exchange);
    Asked asked = exchange.ask().strong();
    Batch batch = BatchReader.read(exchange.body(), exchange.services().clock());
    exchange
        .client()
        .writes()
        .execute(
            batch.operation(),
            asked,
            exchange.answering(asked, result -> answer(batch.changes(), result)));
  }

  private static void requireJson(Exchange exchange) {
    String type = String.valueOf(exchange.headers().get(HttpHeaderNames.CONTENT_TYPE));
    String bare = type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    if (!bare.equals(Answer.JSON)
        || exchange.headers().contains(HttpHeaderNames.CONTENT_ENCODING)) {
      throw new ProblemException(Problem.MEDIA_TYPE, "a batch is plain " + Answer.JSON);
    }
  }

  private static Answer answer(List<Change> changes, OperationResult result) {
    return switch (result) {
      case OperationResult.Changed(List<ChangeResult> done) ->
          results(changes, (i, json) -> writeDone(changes.get(i), done.get(i), json));
      case OperationResult.Transacted(List<OperationResult> steps) ->
          results(changes, (i, json) -> writeStep(changes.get(i), steps.get(i), json));
      case OperationResult.Unmet(int condition, Version version) ->
          Answer.of(
              Problem.CONDITION,
              "nothing was done: condition " + condition + ", counted from 0, did not hold",
              json -> {
                json.writeNumberProperty("condition", condition);
                if (version != null) {
                  json.writeStringProperty("version", version.exact());
                }
              });
      case OperationResult.Failed(OperationResult.Problem problem) ->
          Answer.of(Problem.of(problem), "nothing was done: " + problem.words());
      case OperationResult.Cleared _, OperationResult.Withdrawn _ ->
          throw new IllegalStateException(result.toString());
    };
  }

  /** Writes one result's members. */
  @FunctionalInterface
  private interface Writing {
    void write(int index, JsonGenerator json);
  }

  private static Answer results(List<Change> changes, Writing writing) {
    return Answer.json(
        HttpResponseStatus.OK,
        json -> {
          json.writeArrayPropertyStart("results");
          for (int i = 0; i < changes.size(); i++) {
            json.writeStartObject();
            writing.write(i, json);
            json.writeEndObject();
          }
          json.writeEndArray();
        });
  }

  private static void writeStep(Change change, OperationResult step, JsonGenerator json) {
    switch (step) {
      case OperationResult.Changed(List<ChangeResult> done) ->
          writeDone(change, done.getFirst(), json);
      case OperationResult.Failed(OperationResult.Problem problem) -> {
        json.writeObjectPropertyStart("problem");
        Answer.writeMembers(Problem.of(problem), problem.words(), json);
        json.writeEndObject();
      }
      case OperationResult.Unmet _,
          OperationResult.Transacted _,
          OperationResult.Cleared _,
          OperationResult.Withdrawn _ ->
          throw new IllegalStateException(step.toString());
    }
  }

  /** Writes what a change did, as members. */
  static void writeDone(Change change, ChangeResult result, JsonGenerator json) {
    if (result.version() != null) {
      json.writeStringProperty("version", result.version().exact());
    }
    json.writeBooleanProperty("existed", result.replacedValue());
    switch (change) {
      case Change.Look _ -> {
        if (result.before() != null) {
          Entries.writeValue(result.before(), true, json);
        }
      }
      case Change.Increment _ -> json.writeNumberProperty("number", result.number());
      case Change.Append _ -> json.writeNumberProperty("size", result.number());
      case Change.Put _ -> {}
      case Change.Rewrite _,
          Change.IncrementDecimal _,
          Change.Overwrite _,
          Change.ExpireAt _,
          Change.Renew _,
          Change.Claim _,
          Change.Copy _ ->
          throw new IllegalStateException(change.toString());
    }
  }

  /**
   * A batch.
   *
   * @param operation of all changes, in order
   */
  record Batch(Operation operation, List<Change> changes) {
    /** Each change a step of its own, or all of them one. */
    static Operation operation(List<Condition> conditions, List<Change> changes, boolean isAtomic) {
      if (isAtomic) {
        return new Minitransaction(conditions, changes, false);
      }
      return new Operation.Transaction(conditions, changes.stream().map(Operation::of).toList());
    }
  }
}
