package io.gamut.overlay.wire;

/** The bytes that arrived are not those of this protocol; the link must be closed. */
public final class WireException extends Exception {
  private static final long serialVersionUID = 1L;

  public WireException(String message) {
    super(message);
  }
}
