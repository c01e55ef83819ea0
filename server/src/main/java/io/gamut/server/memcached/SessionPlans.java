package io.gamut.server.memcached;

import io.gamut.core.Consistency;
import io.gamut.core.ErrorCode;
import io.gamut.core.InvalidDataException;
import io.gamut.core.Session;
import io.gamut.core.TokenSeal;
import io.gamut.protocol.memcached.MemcachedRequest;
import io.gamut.protocol.memcached.ReplyWriter;
import io.gamut.server.connection.PipelinedConnection;
import io.gamut.server.request.Asked;
import io.gamut.server.request.Latest;
import io.gamut.server.request.Receipt;
import io.gamut.server.service.NodeServices;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A connection's session: how its requests ask, how the last one was answered, and what the client
 * says and asks of that. On the connection's event loop.
 */
final class SessionPlans {
  private final NodeServices services;
  private final PipelinedConnection<ReplyWriter> connection;
  private final TokenSeal seal;
  private final Session session = new Session();
  private Level level;
  private final Latest<Receipt> last = new Latest<>();
  private long asked;

  SessionPlans(NodeServices services, PipelinedConnection<ReplyWriter> connection) {
    this.services = services;
    this.connection = connection;
    seal = services.newSeal();
    level = Level.of(services.defaultLevel());
  }

  /** Of the requests that name none. */
  void setLevel(Level to) {
    level = to;
  }

  /**
   * How a request asks: at the level that its hint names, or at the connection's. Throws {@link
   * InvalidDataException} where what stands behind that name makes no sense.
   */
  Asked ask(MemcachedRequest said) {
    return said instanceof MemcachedRequest.Meta meta
        ? ask(meta.flags().token('L').flatMap(Level::parse).orElse(level))
        : ask(level);
  }

  /** How a request asks that cannot be read, or that asks for a level that there is not. */
  Asked ask() {
    return ask(level);
  }

  private Asked ask(Level at) {
    long boundNanos = TimeUnit.MILLISECONDS.toNanos(at.boundMillis());
    return new Asked(++asked, at.consistency(), boundNanos, services.waitMillis(), session, false);
  }

  /** A request was answered; the last in their order is kept. */
  void onAnswered(Asked request, Receipt receipt) {
    last.offer(request.number(), receipt);
  }

  /** A request was wrong: nothing was read or written. */
  void onWrong(Asked request) {
    onAnswered(request, Receipt.ofError(ErrorCode.ERR, request.level(), services.replica()));
  }

  // What clients say and ask of it

  Plan level(String name) {
    return new Plan.Do(() -> {
      level =
          Level.parse(name)
              .orElseThrow(
                  () -> new InvalidDataException("'" + name + "' is no level: " + levels()));
      ok();
    });
  }

  private static String levels() {
    return String.join(
        ", ", List.of(Consistency.values()).stream().map(Consistency::toString).toList());
  }

  Plan tell() {
    return new Plan.Do(() -> {
      String token = seal.seal(session);
      connection.answerNow(writer -> {
        writer.line("SESSION " + token.length());
        writer.line(token);
        writer.line("END");
      });
    });
  }

  Plan take(String token) {
    return new Plan.Do(() -> {
      session.merge(seal.open(token, services.clock().millis()));
      ok();
    });
  }

  /** What docs/receipts.md says of the last request on data, as far as it applies. */
  Plan receipt() {
    return new Plan.Do(() ->
        connection.answerNow(writer -> {
          Receipt known = last.get();
          if (known != null) {
            write(known, writer);
          }
          writer.line("END");
        }));
  }

  private void write(Receipt receipt, ReplyWriter writer) {
    field("level", receipt.level(), writer);
    field("replica", receipt.replica(), writer);
    field("version", receipt.version() == null ? null : receipt.version().exact(), writer);
    field("age", receipt.isAgeKnown() ? receipt.ageMillis() : null, writer);
    field("state", receipt.state(), writer);
    field("token", receipt.step() == null ? null : seal.seal(receipt.step().get()), writer);
    field("outcome", receipt.outcome(), writer);
  }

  private static void field(String name, @Nullable Object value, ReplyWriter writer) {
    if (value != null) {
      writer.line("RECEIPT " + name + " " + value);
    }
  }

  private void ok() {
    connection.answerNow(writer -> writer.line("OK"));
  }
}
