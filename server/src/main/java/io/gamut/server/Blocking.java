package io.gamut.server;

import io.netty.channel.EventLoop;
import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** Waits for what is done elsewhere: for threads that own a node, never for an event loop. */
public final class Blocking {
  private Blocking() {}

  /** Has an event loop do something. Throws what {@link #await} does. */
  public static <T> T onLoop(EventLoop loop, Callable<T> task)
      throws IOException, InterruptedException {
    CompletableFuture<T> done = new CompletableFuture<>();
    loop.execute(() -> {
      try {
        done.complete(task.call());
      } catch (Exception e) {
        done.completeExceptionally(e);
      }
    });
    return await(done);
  }

  /** What comes of a future. Throws {@link IOException} with what it failed with. */
  public static <T> T await(CompletableFuture<T> future) throws IOException, InterruptedException {
    try {
      return future.get();
    } catch (ExecutionException e) {
      Throwable cause = e.getCause();
      if (cause instanceof IOException failure) {
        throw failure;
      }
      throw new IOException(cause == null ? e.toString() : cause.getMessage(), cause);
    }
  }
}
