package io.gamut.simulator.model;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Takes what may happen next in a state. */
interface Steps {
  /**
   * A step and the state after it.
   *
   * @param what happens, in words
   * @param isProgress whether it must happen in the end, when nobody does anything new
   * @param broken what the step itself breaks
   */
  void add(State next, Supplier<String> what, boolean isProgress, @Nullable String broken);

  /** A step that must happen in the end. */
  default void progress(State next, Supplier<String> what) {
    add(next, what, true, null);
  }

  /** A step that may happen or not. */
  default void chance(State next, Supplier<String> what) {
    add(next, what, false, null);
  }
}
