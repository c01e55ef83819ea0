package io.gamut.client;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads under an {@link Sla}. Throws {@link IllegalArgumentException} of a command that writes.
 *
 * <p>Immutable, and safe for use by several threads.
 */
public final class SlaHandle {
  private final Calls calls;
  private final SlaMonitor monitor;
  private final Sla sla;
  private final @Nullable Session session;
  private final Duration deadline;

  SlaHandle(
      Calls calls, SlaMonitor monitor, Sla sla, @Nullable Session session, Duration deadline) {
    this.calls = calls;
    this.monitor = monitor;
    this.sla = sla;
    this.session = session;
    this.deadline = deadline;
  }

  /** The reply; it says itself whether there is a value. */
  public <T> CompletableFuture<SlaReply<T>> runAsync(Command<T> command) {
    return begin(command).thenApplyAsync(Function.identity(), calls.options().executor());
  }

  /** Waits for the reply. An interrupt ends the wait; the thread stays interrupted. */
  public <T> SlaReply<T> run(Command<T> command) {
    long beganNanos = System.nanoTime();
    try {
      return begin(command).get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new SlaReply<>(
          new Outcome.Failed<>(Fault.INTERRUPTED, "the waiting thread was interrupted"),
          SlaReply.NONE,
          null,
          Duration.ofNanos(System.nanoTime() - beganNanos));
    } catch (ExecutionException e) {
      throw new IllegalStateException("a reply under an SLA is never an exception", e);
    }
  }

  public SlaReply<Optional<Value>> get(byte[] key) {
    return run(Command.get(key));
  }

  /** Text is UTF-8. */
  public SlaReply<Optional<Value>> get(String key) {
    return get(key.getBytes(StandardCharsets.UTF_8));
  }

  private <T> CompletableFuture<SlaReply<T>> begin(Command<T> command) {
    return new SlaCall<>(calls, monitor, command, sla, session, deadline).begin();
  }
}
