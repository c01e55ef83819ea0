package io.gamut.cli.launch;

import io.gamut.overlay.Endpoint;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;

/** A server that was started, wherever it runs. Any thread may call. */
public interface RunningNode {
  /** Where RESP clients reach it. */
  Endpoint respAddress();

  /** Where other servers reach it. */
  Endpoint overlayAddress();

  /** Of the process that it runs in. */
  long pid();

  /** Ends it as a crash does, and returns when it is gone. */
  void kill();

  /** Ends it in order: what it holds is on its disk when this returns. */
  void stop() throws IOException, InterruptedException;

  /** Makes it stand still until {@link #resume}; throws {@link IOException} where none can. */
  void pause() throws IOException;

  void resume() throws IOException;

  /** Of one that has ended: whether in order, as after leaving the cluster, and not by a fault. */
  boolean endedInOrder();

  /** Completes when it has ended, for whatever reason; the text says what is known about that. */
  CompletableFuture<String> ended();
}
