package io.gamut.overlay.net;

import io.gamut.overlay.Refusal;
import io.gamut.overlay.wire.Message;
import io.gamut.overlay.wire.Message.Hello;
import io.gamut.overlay.wire.Message.Identity;
import io.gamut.overlay.wire.MessageEncoder;
import io.netty.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * A connection that was accepted and has yet to prove itself. It says hello within a limit, may
 * have to wait for its place or for admission, and is then let in or refused.
 */
final class Arrival implements Connection.Owner {
  private static final Logger LOG = LoggerFactory.getLogger(Arrival.class);

  private final Gate gate;
  private final Connection connection;
  private @Nullable Future<?> timer;
  private @Nullable Hello hello;
  private boolean over;

  /** What admission gave, for a joiner that was let in. */
  byte @Nullable [] admitted;

  /** Whether admission has been asked. */
  boolean asked;

  Arrival(Gate gate, Connection connection) {
    this.gate = gate;
    this.connection = connection;
  }

  Connection connection() {
    return connection;
  }

  boolean isOver() {
    return over;
  }

  /** Runs the task unless something else happens to the arrival first; replaces a former timer. */
  void onTimer(Future<?> scheduled) {
    cancelTimer();
    timer = scheduled;
  }

  void cancelTimer() {
    if (timer != null) {
      timer.cancel(false);
      timer = null;
    }
  }

  /** Who it says it is; it has said hello. */
  Identity identity() {
    return opening().identity();
  }

  Hello opening() {
    Hello said = hello;
    if (said == null) {
      throw new IllegalStateException("this arrival has not said hello yet");
    }
    return said;
  }

  void refuse(Refusal refusal) {
    if (!over) {
      boolean isHarmless = refusal.reason() == Refusal.Reason.ALREADY_LINKED;
      LOG.atLevel(isHarmless ? Level.DEBUG : Level.WARN)
          .log("refusing {}: {}", connection.channel(), refusal);
      leave();
      connection.sendAndClose(MessageEncoder.encode(refusal));
    }
  }

  void close(String why) {
    if (!over) {
      LOG.debug("closing {}: {}", connection.channel(), why);
      leave();
      connection.close();
    }
  }

  /** Let in, or gone. */
  void leave() {
    over = true;
    cancelTimer();
    gate.onGone(this);
  }

  @Override
  public void onMessage(Message message) {
    switch (message) {
      case Hello said when hello == null && !said.isAnswer() -> {
        hello = said;
        cancelTimer();
        gate.onHello(this);
      }
      case Message.ForeignHello(int version) ->
          refuse(
              new Refusal(
                  Refusal.Reason.WRONG_VERSION,
                  "this node speaks version 1 of the protocol, not " + version));
      case Hello _, Message.Refused _, Message.Frame _, Message.Heartbeat _ ->
          close("a message out of place in a handshake");
    }
  }

  @Override
  public void onClosed(String why) {
    if (!over) {
      leave();
    }
  }
}
