package io.gamut.client;

/** A write that may have been carried out, or not, or may yet be. */
public final class UnknownOutcomeException extends GamutException {
  private static final long serialVersionUID = 1L;

  UnknownOutcomeException(String reason) {
    super("the outcome is unknown: " + reason);
  }
}
