package io.gamut.client;

import java.util.LinkedHashSet;
import org.jspecify.annotations.Nullable;

/** Calls that no server had room for, eldest first. Safe for use by several threads. */
final class Waiting {
  private final LinkedHashSet<Call<?>> calls = new LinkedHashSet<>();
  private volatile boolean isEmpty = true;

  synchronized void add(Call<?> call) {
    calls.add(call);
    isEmpty = false;
  }

  /** Of every call that ends, and most never waited. */
  void remove(Call<?> call) {
    if (!isEmpty) {
      removeWaiting(call);
    }
  }

  private synchronized void removeWaiting(Call<?> call) {
    calls.remove(call);
    isEmpty = calls.isEmpty();
  }

  synchronized @Nullable Call<?> poll() {
    if (calls.isEmpty()) {
      return null;
    }
    Call<?> eldest = calls.removeFirst();
    isEmpty = calls.isEmpty();
    return eldest;
  }

  /** Asked after every reply: costs nothing. */
  boolean isEmpty() {
    return isEmpty;
  }
}
