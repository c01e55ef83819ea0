package io.gamut.server.resp;

import io.gamut.core.Consistency;
import io.gamut.core.ErrorCode;
import io.gamut.core.Session;
import io.gamut.core.TokenSeal;
import io.gamut.protocol.resp.ReplyWriter;
import io.gamut.server.service.NodeServices;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What a connection has said about itself, and its session. On the connection's event loop. */
final class ClientState {
  static final int BOUND_MILLIS_DEFAULT = 1_000;

  /** The ledger may have to elect a leader first; what is given up sooner has no known outcome. */
  private static final int STRONG_WAIT_MILLIS_MIN = 5_000;

  private final NodeServices services;
  private final Session session = new Session();
  private final TokenSeal seal;
  private Consistency level;
  private int waitMillis;
  private int boundMillis = BOUND_MILLIS_DEFAULT;
  private boolean receipts;
  private long asked;
  private long reported;
  private @Nullable Receipt last;
  private boolean resp3;

  ClientState(NodeServices services) {
    this.services = services;
    seal = services.newSeal();
    level = services.defaultLevel();
    waitMillis = services.waitMillis();
  }

  Session session() {
    return session;
  }

  TokenSeal seal() {
    return seal;
  }

  /** Of requests that ask for none. */
  Consistency level() {
    return level;
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
  }

  /** Until when a request at a level may wait that comes now. */
  long deadlineNanos(Consistency at) {
    int millis = at.isWeak() ? waitMillis : Math.max(waitMillis, STRONG_WAIT_MILLIS_MIN);
    return System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
  }

  /** A data command begins. */
  Asked ask(Consistency at) {
    return new Asked(++asked, at);
  }

  /** Keeps a data command's receipt, and puts it before the reply if the client wants that. */
  void report(Asked command, Receipt receipt, ReplyWriter writer) {
    if (command.number() > reported) {
      reported = command.number();
      last = receipt;
    }
    if (receipts && writer.hasAttributes()) {
      receipt.writeAttribute(services.node(), seal, writer);
    }
  }

  /**
   * Answers a data command with an error. What is lost the session is told of once, and goes on
   * without.
   */
  void refuse(Asked command, ErrorCode code, String message, ReplyWriter writer) {
    if (code == ErrorCode.ERR_LOST) {
      session.forget(services.ends());
    }
    Receipt.Outcome outcome =
        code == ErrorCode.UNKNOWN ? Receipt.Outcome.UNKNOWN : Receipt.Outcome.NOT_APPLIED;
    report(command, Receipt.ofError(outcome, command.level()), writer);
    writer.error(code, message);
  }

  /** Answers with the receipt of the last data command; null before the first. */
  void writeLast(ReplyWriter writer) {
    if (last == null) {
      writer.nullValue();
    } else {
      last.write(services.node(), seal, writer);
    }
  }
}
