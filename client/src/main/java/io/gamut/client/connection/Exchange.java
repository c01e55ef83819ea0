package io.gamut.client.connection;

import io.gamut.protocol.resp.RespValue;
import java.io.IOException;

/**
 * One request, and what becomes of it: exactly one of {@link #onReply} and {@link #onGone} is
 * called, once, on a thread of the connection and under none of its locks. Neither may block: the
 * replies to all others wait behind it.
 */
public interface Exchange {
  /** Writes the request. Must not block, nor call the connection. */
  void write(RequestBuffer requests);

  void onReply(RespValue reply);

  /**
   * The connection ended before the reply.
   *
   * @param sent whether a byte of the request may have left; if not, nobody has carried it out
   */
  void onGone(boolean sent, IOException cause);
}
