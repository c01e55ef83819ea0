package io.gamut.storage.journal;

import java.io.IOException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Remembers what a group commit reports, checks its order, and lets a test wait for it. */
final class ListeningPost implements DurabilityListener {
  private long sequence;
  private long position;
  private int failures;
  private boolean held;
  private @Nullable IOException failure;

  @Override
  public synchronized void onDurable(long newSequence, long newPosition) {
    if (newSequence <= sequence || newPosition <= position || failure != null) {
      throw new IllegalStateException("reported out of order: " + newSequence);
    }
    await(() -> !held);
    sequence = newSequence;
    position = newPosition;
    notifyAll();
  }

  @Override
  public synchronized void onFailure(IOException newFailure) {
    failure = newFailure;
    failures++;
    notifyAll();
  }

  synchronized long sequence() {
    return sequence;
  }

  synchronized long position() {
    return position;
  }

  synchronized int failures() {
    return failures;
  }

  synchronized @Nullable IOException failure() {
    return failure;
  }

  /** Makes the next report wait, as a disk would that takes its time. */
  synchronized void hold() {
    held = true;
  }

  synchronized void release() {
    held = false;
    notifyAll();
  }

  synchronized void awaitAbove(long known) {
    await(() -> sequence > known);
  }

  synchronized void awaitFailure() {
    await(() -> failure != null);
  }

  private synchronized void await(BooleanSupplier condition) {
    try {
      while (!condition.getAsBoolean()) {
        wait();
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException("the test was stopped while it waited", e);
    }
  }
}
