package io.gamut.protocol.resp;

/** Bytes that are not RESP: the connection cannot be understood any more and must be closed. */
public final class RespProtocolException extends Exception {
  private static final long serialVersionUID = 1L;

  public RespProtocolException(String message) {
    super("Protocol error: " + message);
  }
}
