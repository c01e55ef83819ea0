package io.gamut.cli.lab;

import io.gamut.cli.script.ScriptText;
import io.gamut.cli.script.Step;
import io.gamut.client.ConnectionException;
import io.gamut.client.GamutConnection;
import io.gamut.client.Receipt;
import io.gamut.protocol.resp.RespValue;
import org.jspecify.annotations.Nullable;

/** A client of dialect D: numbered requests over one connection, each with a row of the report. */
final class RequestClient {
  private static final String UNKNOWN = "-";

  private final GamutConnection connection;
  private int requests;

  RequestClient(GamutConnection connection) throws ConnectionException {
    this.connection = connection;
    var _ = connection.call("GAMUT", "RECEIPT", "ON");
  }

  Report.Row run(Step.Request request) {
    long begunNanos = System.nanoTime();
    requests++;
    try {
      RespValue reply = call(request);
      return row(request, System.nanoTime() - begunNanos, reply);
    } catch (ConnectionException e) {
      String outcome = e.isOutcomeUnknown() ? "ERR_UNKNOWN " : "ERR_NOCONN ";
      return new Report.Row(
          requests,
          request,
          System.nanoTime() - begunNanos,
          UNKNOWN,
          UNKNOWN,
          outcome + e.getMessage());
    }
  }

  private RespValue call(Step.Request request) throws ConnectionException {
    byte[] gamut = ScriptText.bytes("GAMUT");
    byte[] at = ScriptText.bytes("AT");
    byte[] level = ScriptText.bytes(request.level().toString());
    byte[] key = ScriptText.bytes(request.key());
    String value = request.value();
    return value == null
        ? connection.call(gamut, at, level, ScriptText.bytes("GET"), key)
        : connection.call(gamut, at, level, ScriptText.bytes("SET"), key, ScriptText.bytes(value));
  }

  private Report.Row row(Step.Request request, long nanos, RespValue reply) {
    Receipt receipt = Receipt.of(reply);
    return new Report.Row(
        requests,
        request,
        nanos,
        replica(receipt),
        receipt == null || receipt.version() == null ? UNKNOWN : receipt.version().toString(),
        outcome(request, Receipt.without(reply)));
  }

  private static String replica(@Nullable Receipt receipt) {
    return receipt == null || receipt.replica() == Receipt.REPLICA_UNKNOWN
        ? UNKNOWN
        : Integer.toString(receipt.replica());
  }

  private static String outcome(Step.Request request, RespValue value) {
    return switch (value) {
      case RespValue.Failure failure ->
          Outcome.isOfLevel(failure) ? Outcome.word(failure) : failure.message();
      case RespValue.Null() -> "ERR_KEY";
      case RespValue.Text(byte[] bytes) ->
          request.value() == null ? ScriptText.of(bytes) : "stored";
      case RespValue.Whole _, RespValue.Sequence _, RespValue.Attributed _ ->
          "an answer that is none: " + value;
    };
  }
}
