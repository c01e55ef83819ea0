package io.gamut.client;

import java.io.IOException;

/**
 * A connection that could not be had, or is of no more use. What a server answers, errors too, is a
 * reply and no exception.
 */
public abstract sealed class ConnectionException extends IOException {
  private static final long serialVersionUID = 1L;

  ConnectionException(String message, Throwable cause) {
    super(message, cause);
  }

  /**
   * Whether requests were under way: each of those may have been carried out, or not, or may yet
   * be. Never take it for a failure of a write.
   */
  public abstract boolean isOutcomeUnknown();

  /** No connection: nobody listens there, or who listens did not greet in time. */
  public static final class Refused extends ConnectionException {
    private static final long serialVersionUID = 1L;

    Refused(String message, Throwable cause) {
      super(message, cause);
    }

    @Override
    public boolean isOutcomeUnknown() {
      return false;
    }
  }

  /** The connection ended, or what came over it was not RESP. */
  public static final class Closed extends ConnectionException {
    private static final long serialVersionUID = 1L;

    private final boolean outcomeUnknown;

    Closed(String message, boolean outcomeUnknown, Throwable cause) {
      super(message, cause);
      this.outcomeUnknown = outcomeUnknown;
    }

    @Override
    public boolean isOutcomeUnknown() {
      return outcomeUnknown;
    }
  }

  /**
   * No reply within the time limit; the connection was closed, since a late reply would confuse.
   */
  public static final class TimedOut extends ConnectionException {
    private static final long serialVersionUID = 1L;

    TimedOut(String message, Throwable cause) {
      super(message, cause);
    }

    @Override
    public boolean isOutcomeUnknown() {
      return true;
    }
  }
}
