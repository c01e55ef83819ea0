package io.gamut.overlay;

import java.util.Optional;

/** How a future of the overlay fails: what was tried, what went wrong, what to do. */
public final class OverlayException extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient Optional<Refusal> refusal;

  public OverlayException(String message) {
    super(message);
    refusal = Optional.empty();
  }

  public OverlayException(String message, Refusal refusal) {
    super(message);
    this.refusal = Optional.of(refusal);
  }

  /** What the other side said, if it said anything. */
  public Optional<Refusal> refusal() {
    return refusal;
  }
}
