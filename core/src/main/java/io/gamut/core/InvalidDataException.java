package io.gamut.core;

/** Data from outside that breaks a limit or a format; the message says which and by how much. */
public final class InvalidDataException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public InvalidDataException(String message) {
    super(message);
  }
}
