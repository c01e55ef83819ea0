package io.gamut.client;

import io.gamut.client.connection.ServerAddress;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * One client's history, which calls follow and continue: {@code client.in(session).get(key)}. It is
 * bound to no connection and no server; its calls share connections with those of others.
 *
 * <p>A history has an order, so the calls of a session are carried out one after the other, in the
 * order in which they were made; a call made while another is under way waits for that one's reply,
 * and its deadline runs meanwhile. For calls side by side use sessions side by side, and {@link
 * GamutClient#join} where they meet.
 *
 * <p>What became of a call whose outcome is unknown is not part of the history.
 *
 * <p>Safe for use by several threads.
 *
 * {@snippet file="io/gamut/client/ExamplesTest.java"
 * region="sessions"}
 */
public final class Session {
  /** What takes its turn in a session; must call {@link #end} when it is done. */
  interface Turn {
    void begin();
  }

  private final ArrayDeque<Turn> waiting = new ArrayDeque<>();
  private SessionToken token;
  private boolean busy;
  private boolean beginning;
  private @Nullable ServerAddress last;

  private Session(SessionToken token) {
    this.token = token;
  }

  /** One that has seen nothing. */
  public static Session create() {
    return new Session(SessionToken.EMPTY);
  }

  /** One that continues what a token stands for. */
  public static Session of(SessionToken token) {
    return new Session(token);
  }

  /** The history up to the last call that was answered. */
  public synchronized SessionToken token() {
    return token;
  }

  /** Where the last call was answered: that server lacks nothing of this history. */
  synchronized @Nullable ServerAddress last() {
    return last;
  }

  void enter(Turn turn) {
    synchronized (this) {
      waiting.add(turn);
    }
    beginNext();
  }

  /** The turn under way is over. */
  void end() {
    synchronized (this) {
      busy = false;
    }
    beginNext();
  }

  /** Takes over the history that came with a reply, if one came. */
  synchronized void learn(@Nullable String text) {
    if (text != null) {
      token = new SessionToken(text);
    }
  }

  synchronized void wasAt(ServerAddress server) {
    last = server;
  }

  /** Begins turns as long as those that begin also end at once, without growing the stack. */
  private void beginNext() {
    while (true) {
      Turn turn;
      synchronized (this) {
        if (busy || beginning || waiting.isEmpty()) {
          return;
        }
        turn = waiting.remove();
        busy = true;
        beginning = true;
      }
      try {
        turn.begin();
      } finally {
        synchronized (this) {
          beginning = false;
        }
      }
    }
  }
}
