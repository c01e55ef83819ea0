package io.gamut.client;

/** A request that was not answered with a value, where values are returned. */
public abstract sealed class GamutException extends RuntimeException
    permits RequestFailedException, UnknownOutcomeException {
  private static final long serialVersionUID = 1L;

  GamutException(String message) {
    super(message);
  }
}
