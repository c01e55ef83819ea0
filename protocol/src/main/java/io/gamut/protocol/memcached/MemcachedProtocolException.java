package io.gamut.protocol.memcached;

/** Bytes that never become a line: nothing behind them can be understood, and the end must come. */
public final class MemcachedProtocolException extends Exception {
  private static final long serialVersionUID = 1L;

  public MemcachedProtocolException(String message) {
    super(message);
  }
}
