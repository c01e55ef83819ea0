package io.gamut.server.http;

import io.gamut.core.Consistency;
import io.gamut.ledger.log.Participant;
import io.gamut.replication.message.Member;
import io.gamut.server.service.NodeServices;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import tools.jackson.core.JsonGenerator;

/** Requests about the server, not about data. */
final class NodeRequests {
  /** The replica's loop answers within microseconds, unless something is wrong. */
  private static final long STATUS_MILLIS_MAX = 2_000;

  private static final byte[] OPEN_API = resource("openapi.json");
  private static final String INDEX =
      """
      Gamut, a replicated key-value store in which every request picks its consistency.

      /v1/keys/{key}   a value: GET, PUT, DELETE; POST .../increment, .../append
      /v1/keys         keys by prefix
      /v1/batch        several operations at one moment: POST
      /v1/status       this server and its cluster
      /health/live     whether it runs
      /health/ready    whether it serves
      /openapi.json    all of that, for tools
      """;

  private NodeRequests() {}

  private static byte[] resource(String name) {
    try (InputStream in = NodeRequests.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException(name + " is missing among the resources");
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static void index(Exchange exchange) {
    exchange.target().requireOnly(Set.of());
    exchange.answer(Answer.text(INDEX));
  }

  static void openApi(Exchange exchange) {
    exchange.target().requireOnly(Set.of());
    exchange.answer(Answer.json(OPEN_API));
  }

  static void problem(Exchange exchange) {
    exchange.target().requireOnly(Set.of());
    String name = exchange.target().word(1);
    exchange.answer(
        Problem.named(name)
            .map(problem -> Answer.text(problem.page()))
            .orElseThrow(
                () -> new ProblemException(Problem.NO_ROUTE, "there is no problem of this name")));
  }

  static void live(Exchange exchange) {
    exchange.target().requireOnly(Set.of());
    exchange.answer(
        Answer.json(HttpResponseStatus.OK, json -> json.writeStringProperty("status", "up")));
  }

  /**
   * Whether requests at a level can be served: at a weak one once this server's view is settled, at
   * a strong one if it knows a leader too. A side without a majority so stays ready where the
   * level's default is weak.
   */
  static void ready(Exchange exchange) {
    exchange.target().requireOnly(Set.of("level"));
    String name = exchange.target().parameter("level");
    Consistency level = name == null ? exchange.services().defaultLevel() : Levels.parse(name);
    CompletableFuture<NodeServices.Status> status = exchange.services().status();
    awaitStatus(
        exchange,
        status,
        now -> {
          boolean isReady = now.settled() && (level.isWeak() || now.ledger().leader() != null);
          exchange.answer(
              Answer.json(
                  isReady ? HttpResponseStatus.OK : HttpResponseStatus.SERVICE_UNAVAILABLE,
                  json -> {
                    json.writeStringProperty("status", isReady ? "up" : "down");
                    json.writeStringProperty("level", level.toString());
                    json.writeBooleanProperty("settled", now.settled());
                    writeLeader(now.ledger(), json);
                  }));
        });
  }

  static void status(Exchange exchange) {
    exchange.target().requireOnly(Set.of());
    awaitStatus(
        exchange,
        exchange.services().status(),
        now ->
            exchange.answer(
                Answer.json(
                    HttpResponseStatus.OK, json -> writeStatus(exchange.services(), now, json))));
  }

  /** A server whose replica does not even say how it stands must not keep a probe waiting. */
  private static void awaitStatus(
      Exchange exchange,
      CompletableFuture<NodeServices.Status> status,
      Consumer<NodeServices.Status> then) {
    CompletableFuture<NodeServices.Status> known = new CompletableFuture<>();
    var _ =
        status.whenComplete((now, failure) ->
            exchange
                .client()
                .later(() -> {
                  if (failure == null && known.complete(now)) {
                    then.accept(now);
                  }
                }));
    exchange
        .client()
        .later(
            () -> {
              if (known.cancel(false)) {
                exchange.answer(Answer.of(Problem.BUSY, "the replica does not answer"));
              }
            },
            STATUS_MILLIS_MAX,
            TimeUnit.MILLISECONDS);
  }

  private static void writeStatus(
      NodeServices services, NodeServices.Status status, JsonGenerator json) {
    json.writeNumberProperty("node", services.node().value());
    json.writeStringProperty("cluster", services.cluster().toString());
    json.writeStringProperty("defaultLevel", services.defaultLevel().toString());
    json.writeBooleanProperty("settled", status.settled());
    json.writeBooleanProperty("overloaded", services.isOverloaded());
    json.writeStringProperty("received", status.received().toString());
    json.writeStringProperty("visible", status.visible().toString());
    json.writeStringProperty("stable", status.stable().toString());
    json.writeArrayPropertyStart("neighbours");
    status.neighbours().forEach(json::writeNumber);
    json.writeEndArray();
    json.writeArrayPropertyStart("members");
    for (Member member : status.members()) {
      json.writeStartObject();
      json.writeNumberProperty("node", member.node().value());
      json.writeStringProperty("address", member.address());
      json.writeStringProperty("standing", member.standing().name().toLowerCase(Locale.ROOT));
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeNumberProperty("antiEntropyBytesSent", status.antiEntropyBytes());
    json.writeObjectPropertyStart("ledger");
    NodeServices.LedgerStatus ledger = status.ledger();
    writeLeader(ledger, json);
    json.writeNumberProperty("term", ledger.term());
    json.writeNumberProperty("applied", ledger.applied());
    json.writeNumberProperty("last", ledger.last());
    json.writeStringProperty("absorbed", ledger.absorbed().toString());
    writeNodes("voters", ledger.configuration().voters(), json);
    writeNodes("learners", ledger.configuration().learners(), json);
    json.writeEndObject();
  }

  private static void writeLeader(NodeServices.LedgerStatus ledger, JsonGenerator json) {
    if (ledger.leader() == null) {
      json.writeNullProperty("leader");
    } else {
      json.writeNumberProperty("leader", ledger.leader().value());
    }
  }

  private static void writeNodes(
      String name, Collection<Participant> participants, JsonGenerator json) {
    json.writeArrayPropertyStart(name);
    participants.forEach(participant -> json.writeNumber(participant.node().value()));
    json.writeEndArray();
  }
}
