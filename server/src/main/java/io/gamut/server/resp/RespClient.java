package io.gamut.server.resp;

import io.gamut.core.Consistency;
import io.gamut.core.Session;
import io.gamut.core.TokenSeal;
import io.gamut.protocol.resp.ReplyWriter;
import io.gamut.server.access.User;
import io.gamut.server.connection.PipelinedConnection;
import io.gamut.server.request.Asked;
import io.gamut.server.request.Latest;
import io.gamut.server.request.Outcome;
import io.gamut.server.request.Reads;
import io.gamut.server.request.Receipt;
import io.gamut.server.request.Said;
import io.gamut.server.request.Writes;
import io.gamut.server.service.NodeServices;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One client: its connection, what it has said about itself, and its session. On its event loop.
 */
final class RespClient {
  /** Whether requests are answered. */
  enum Answering {
    ON,
    OFF,
    /** All but the next. */
    SKIP_NEXT
  }

  private final RespShared shared;
  private final PipelinedConnection<ReplyWriter> connection;
  private final NodeServices services;
  private final Reads reads;
  private final Writes writes;
  private final ReceiptWriter receiptWriter;
  private final ClientFacts facts;
  private final Multi multi;
  private Session session = new Session();
  private @Nullable User user;
  private @Nullable Consistency level;
  private int waitMillis;
  private int boundMillis;
  private boolean receipts;
  private boolean resp3;
  private Answering answering = Answering.ON;
  private int denials;
  private long asked;
  private final Latest<LastCommand> last = new Latest<>();
  private @Nullable Supplier<Asked> prefixed;

  RespClient(RespShared shared, PipelinedConnection<ReplyWriter> connection, ClientFacts facts) {
    this.shared = shared;
    this.connection = connection;
    this.facts = facts;
    multi = new Multi(facts::setQueued);
    services = shared.services().connection();
    reads = new Reads(services, connection::onThisLoop);
    writes = new Writes(services, connection::onThisLoop);
    receiptWriter = new ReceiptWriter(shared.services().newSeal());
    user = newcomer();
    waitMillis = shared.services().waitMillis();
    boundMillis = Asked.BOUND_MILLIS_DEFAULT;
  }

  /** Becomes as a new connection's client is. */
  void reset() {
    session = new Session();
    user = newcomer();
    level = null;
    waitMillis = shared.services().waitMillis();
    boundMillis = Asked.BOUND_MILLIS_DEFAULT;
    receipts = false;
    resp3 = false;
    answering = Answering.ON;
    last.forget();
    multi.end();
    facts.setName("");
    facts.setUser(User.ANYBODY.name());
  }

  private @Nullable User newcomer() {
    return shared.access().needsPassword() ? null : User.ANYBODY;
  }

  RespShared shared() {
    return shared;
  }

  PipelinedConnection<ReplyWriter> connection() {
    return connection;
  }

  /** What the node offers to this connection. */
  NodeServices services() {
    return services;
  }

  Reads reads() {
    return reads;
  }

  Writes writes() {
    return writes;
  }

  ClientFacts facts() {
    return facts;
  }

  /** The transaction that is being put together, and what it watches. */
  Multi multi() {
    return multi;
  }

  Session session() {
    return session;
  }

  TokenSeal seal() {
    return receiptWriter.seal();
  }

  /** Who it is; null as long as it must say so. */
  @Nullable User user() {
    return user;
  }

  void setUser(User to) {
    user = to;
    facts.setUser(to.name());
  }

  /** A password was wrong; how many were. */
  int onDenied() {
    return ++denials;
  }

  /** Of requests that ask for none: the connection's, or else its user's, or else the server's. */
  Consistency level() {
    if (level != null) {
      return level;
    }
    Consistency byDefault = shared.services().defaultLevel();
    return user == null ? byDefault : user.level().orElse(byDefault);
  }

  void setLevel(Consistency to) {
    level = to;
  }

  /** How long a request waits for what its session depends on. */
  int waitMillis() {
    return waitMillis;
  }

  void setWaitMillis(int to) {
    waitMillis = to;
  }

  /** How old the state may be that a read at {@link Consistency#BOUNDED} is answered from. */
  int boundMillis() {
    return boundMillis;
  }

  void setBoundMillis(int to) {
    boundMillis = to;
  }

  void setReceipts(boolean on) {
    receipts = on;
  }

  boolean isResp3() {
    return resp3;
  }

  void setResp3(boolean on) {
    resp3 = on;
    facts.setResp3(on);
  }

  void setAnswering(Answering to) {
    answering = to;
  }

  /** Whether the request that begins now is answered. */
  boolean takeAnswered() {
    boolean isAnswered = answering == Answering.ON;
    if (answering == Answering.SKIP_NEXT) {
      answering = Answering.ON;
    }
    return isAnswered;
  }

  // Requests

  /** How data is asked for by the request that begins. */
  Asked ask() {
    return prefixed == null ? ask(level(), boundMillis, null, null) : prefixed.get();
  }

  /** Begins a request that was told how to ask, and not as the connection does. */
  void runPrefixed(Supplier<Asked> how, Runnable request) {
    prefixed = how;
    try {
      request.run();
    } finally {
      prefixed = null;
    }
  }

  /**
   * @param own the session of this request alone; null for the connection's
   * @param said to be told of when it was the last; null for nothing
   */
  Asked ask(Consistency at, int bound, @Nullable Session own, @Nullable Said said) {
    long boundNanos = TimeUnit.MILLISECONDS.toNanos(bound);
    Session in = own == null ? session : own;
    return new Asked(++asked, at, boundNanos, waitMillis, in, own != null, said);
  }

  /** Answers a data request. */
  <T> void answer(
      Asked request, Outcome<T> outcome, BiConsumer<T, ReplyWriter> report, ReplyWriter writer) {
    report(request, outcome.receipt(), writer);
    switch (outcome) {
      case Outcome.Done<T>(T value, Receipt _) -> report.accept(value, writer);
      case Outcome.Refused<T>(var code, String message, Receipt _) -> writer.error(code, message);
    }
  }

  /** Keeps a data request's receipt, and puts it before the reply if the client wants that. */
  void report(Asked request, Receipt how, ReplyWriter writer) {
    Receipt receipt = request.isAlone() ? how.withSession(request.session()) : how;
    last.offer(request.number(), new LastCommand(receipt, request.said()));
    if (tellsReceipts(writer)) {
      receiptWriter.writeAttribute(receipt, writer);
    }
  }

  /** Whether replies to data requests say how they were come by. */
  boolean tellsReceipts(ReplyWriter writer) {
    return receipts && writer.hasAttributes();
  }

  /** The last data command, and how it was answered; null before the first. */
  @Nullable LastCommand last() {
    return last.get();
  }

  /** Answers with the receipt of the last data command; null before the first. */
  void writeLast(ReplyWriter writer) {
    LastCommand known = last.get();
    if (known == null) {
      writer.nullValue();
    } else {
      receiptWriter.write(known.receipt(), writer);
    }
  }
}
