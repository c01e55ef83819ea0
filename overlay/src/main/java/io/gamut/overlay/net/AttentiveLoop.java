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
 * long value takes milliseconds.
 */
final class AttentiveLoop extends SingleThreadIoEventLoop {
  private static final long TASKS_NANOS_MAX = 2_000_000;

  private long beganNanos;

  AttentiveLoop(IoEventLoopGroup group, Executor executor, IoHandlerFactory handlers) {
    super(group, executor, handlers);
  }

  @Override
  protected int runIo() {
    int handled = super.runIo();
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
}
