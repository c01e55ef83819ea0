package io.gamut.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A client of a cluster: one for a program, used by all its threads, closed at the end.
 *
 * {@snippet file="io/gamut/client/ExamplesTest.java" region="first"}
 *
 * <p>Calls share a few connections to each of the servers it was told of, and to each that those
 * tell of if it is to ask them ({@link ClientBuilder#discover}). Its own methods ask for the
 * builder's level and deadline; {@link #at}, {@link #in} and {@link #within} make handles that ask
 * for others. It opens connections when they are needed first, and again in the background when
 * they are lost.
 *
 * <p><b>What is tried again.</b> Reads, and writes that certainly changed nothing: that never left,
 * or were answered so. See {@link Outcome} for the others.
 *
 * <p>Safe for use by several threads.
 */
public final class GamutClient implements KeyValue, AutoCloseable {
  private final Calls calls;
  private final Handle base;

  GamutClient(ClientOptions options) {
    calls = new Calls(options);
    base = new Handle(calls, new SlaMonitor(), options.level(), null, options.deadline());
  }

  public static ClientBuilder builder() {
    return new ClientBuilder();
  }

  /** A client with everything by default. */
  public static GamutClient of(String... servers) {
    return builder().servers(servers).build();
  }

  /** Calls at another level. */
  public Handle at(Level level) {
    return base.at(level);
  }

  /** Calls that continue a session. */
  public Handle in(Session session) {
    return base.in(session);
  }

  /** Calls with another deadline, at least a millisecond. */
  public Handle within(Duration limit) {
    return base.within(limit);
  }

  /** Reads that take the best of several levels that can be had. */
  public SlaHandle under(Sla sla) {
    return base.under(sla);
  }

  /** The same with futures. */
  public AsyncKeyValue async() {
    return base.async();
  }

  @Override
  public <T> Outcome<T> outcome(Command<T> command) {
    return base.outcome(command);
  }

  /**
   * A token that stands for several histories together: for who has received word of one and has
   * one of its own. Asks a server, since nobody else can read tokens.
   *
   * @throws GamutException if none could be asked within the deadline
   */
  public SessionToken join(SessionToken... tokens) {
    List<SessionToken> told = new ArrayList<>(List.of(tokens));
    told.removeIf(token -> token.text().isEmpty());
    return switch (told.size()) {
      case 0 -> SessionToken.EMPTY;
      case 1 -> told.getFirst();
      default -> new Joining(calls.options(), calls.pool().servers()).join(told);
    };
  }

  /**
   * Takes no more calls, waits for those under way for up to the builder's limit, and ends the
   * rest: a write that a server had is then unknown, all else has failed.
   */
  @Override
  public void close() {
    calls.close();
  }
}
