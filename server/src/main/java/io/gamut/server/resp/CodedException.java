package io.gamut.server.resp;

/** A request cannot be done, for a reason that has a code of its own in the protocol. */
final class CodedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String code;

  CodedException(String code, String message) {
    super(message);
    this.code = code;
  }

  String code() {
    return code;
  }
}
