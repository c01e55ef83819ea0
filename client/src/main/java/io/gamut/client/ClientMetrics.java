package io.gamut.client;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Is told what a client does, to be counted by whatever the program counts with.
 *
 * <p>Called by threads of the client and of its callers, several at a time. Must not block: replies
 * wait behind it. What it throws is handed to the thread's handler of uncaught exceptions and
 * changes nothing else.
 */
public interface ClientMetrics {
  /** Counts nothing. */
  ClientMetrics NONE = new ClientMetrics() {};

  /** How a call ended. */
  enum Ending {
    OK,
    FAILED,
    UNKNOWN
  }

  /**
   * A call that is over.
   *
   * @param command its name, as GET
   * @param server {@code host:port} of the last that had it; null if none had
   * @param nanos from the call to its end, with all that was tried
   * @param attempts how often it was handed to a server
   */
  record Finished(
      String command,
      Level level,
      @Nullable String server,
      long nanos,
      int attempts,
      Ending ending,
      @Nullable Fault fault) {}

  default void onFinished(Finished call) {}

  /** A request is tried again: not carried out by this server, for this reason. */
  default void onRetry(String command, String server, Fault fault) {}

  /**
   * Discovery has found servers, or left some: these it knows now.
   *
   * @param servers {@code host:port} each, the named ones first
   */
  default void onServers(List<String> servers) {}

  default void onConnected(String server) {}

  /** A connection ended, or could not be opened. */
  default void onConnectionLost(String server, String reason) {}
}
