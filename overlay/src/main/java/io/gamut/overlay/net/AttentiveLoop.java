package io.gamut.overlay.net;

import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.SingleThreadIoEventLoop;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * An event loop that looks at its sockets every few milliseconds, however much else it is given to
 * do: whoever has just connected does not wait until those are done that were there before.
 *
 * <p>Netty's own loop looks up once a second, or every 64 tasks, and a task that answers with a
 * long value takes milliseconds. It also takes up to thousands of sockets at one look.
 */
final class AttentiveLoop extends SingleThreadIoEventLoop {
  /** Sockets, at one look. */
  static final int EVENTS_MAX = 128;

  /** The loop's own, for timers and for waking it, which are counted among them. */
  private static final int OWN_EVENTS_MAX = 2;

  private static final long TASKS_NANOS_MAX = 2_000_000;

  private final Newcomers newcomers = new Newcomers();
  private long beganNanos;

  AttentiveLoop(IoEventLoopGroup group, Executor executor, IoHandlerFactory handlers) {
    super(group, executor, handlers);
  }

  @Override
  protected int runIo() {
    int handled = super.runIo();
    boolean isBehind = handled >= EVENTS_MAX - OWN_EVENTS_MAX;
    if (isBehind) {
      newcomers.ask();
    } else {
      newcomers.forget();
    }
    beganNanos = System.nanoTime();
    return handled;
  }

  /**
   * The next task; null also if the sockets' turn has come. They do not block while there is one.
   */
  @Override
  protected @Nullable Runnable pollTask() {
    return System.nanoTime() - beganNanos > TASKS_NANOS_MAX ? null : super.pollTask();
  }

  /** On this loop. */
  Newcomers newcomers() {
    return newcomers;
  }
}
