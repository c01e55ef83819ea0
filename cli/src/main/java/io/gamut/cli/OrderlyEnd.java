package io.gamut.cli;

import java.util.concurrent.CountDownLatch;

/**
 * Ends what runs when the process is told to end (SIGTERM, SIGINT), and then the process with
 * status 0: to be stopped is no failure of a server.
 */
final class OrderlyEnd {
  /** Ends something, in order. */
  @FunctionalInterface
  interface Ending {
    void run() throws Exception;
  }

  private final CountDownLatch ended = new CountDownLatch(1);

  private volatile boolean armed = true;

  private OrderlyEnd() {}

  static OrderlyEnd onSignal(Ending ending) {
    OrderlyEnd end = new OrderlyEnd();
    Runtime.getRuntime()
        .addShutdownHook(Thread.ofPlatform().name("end").unstarted(() -> end.close(ending)));
    return end;
  }

  private void close(Ending ending) {
    if (!armed) {
      return;
    }
    try {
      ending.run();
    } catch (Exception e) {
      System.err.println("gamut: not ended in order: " + e.getMessage());
      Runtime.getRuntime().halt(Gamut.EXIT_FAILED);
    } finally {
      ended.countDown();
    }
    Runtime.getRuntime().halt(0);
  }

  /** From now on the process ends with the status that it ends with. */
  void disarm() {
    armed = false;
  }

  /** Waits for the end, which the signal's own thread brings. */
  void await() throws InterruptedException {
    ended.await();
  }
}
