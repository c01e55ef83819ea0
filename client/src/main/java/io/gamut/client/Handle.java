package io.gamut.client;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A client together with what its calls ask for: level, session, deadline. Made in a moment, for
 * one call or for many; the methods that change something return another handle.
 *
 * <p>Immutable, and safe for use by several threads.
 */
public final class Handle implements KeyValue {
  private final Calls calls;
  private final SlaMonitor monitor;
  private final Level level;
  private final @Nullable Session session;
  private final Duration deadline;

  Handle(
      Calls calls, SlaMonitor monitor, Level level, @Nullable Session session, Duration deadline) {
    this.calls = calls;
    this.monitor = monitor;
    this.level = level;
    this.session = session;
    this.deadline = deadline;
  }

  public Handle at(Level other) {
    return new Handle(calls, monitor, other, session, deadline);
  }

  /** With calls that continue a session. */
  public Handle in(Session other) {
    return new Handle(calls, monitor, level, other, deadline);
  }

  /**
   * With calls that take no longer.
   *
   * @param limit at least a millisecond; it counts from each call, with all its attempts
   */
  public Handle within(Duration limit) {
    if (limit.toMillis() < 1) {
      throw new IllegalArgumentException("a deadline is at least 1 ms away, not " + limit);
    }
    return new Handle(calls, monitor, level, session, limit);
  }

  /** With reads that take the best of several levels that can be had; the handle's is not used. */
  public SlaHandle under(Sla sla) {
    return new SlaHandle(calls, monitor, sla, session, deadline);
  }

  /** The same with futures. */
  public AsyncKeyValue async() {
    return this::runAsync;
  }

  private <T> CompletableFuture<Outcome<T>> runAsync(Command<T> command) {
    return calls
        .begin(command, level, session, deadline)
        .result()
        .thenApplyAsync(Function.identity(), calls.options().executor());
  }

  @Override
  public <T> Outcome<T> outcome(Command<T> command) {
    return calls.begin(command, level, session, deadline).await();
  }
}
