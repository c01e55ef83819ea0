package io.gamut.server.hostile;

import io.gamut.overlay.Endpoint;
import java.io.IOException;
import java.util.SplittableRandom;

/** What hostile clients of one protocol send, and how a good one among them is served. */
public interface Dialect {
  /** Where the server listens. */
  Endpoint server();

  /**
   * Bytes like a request. However it is answered, or whether it is, the server can tell where the
   * next one begins.
   */
  byte[] request(SplittableRandom random);

  /** Bytes behind which the connection may be of no more use. */
  byte[] garbage(SplittableRandom random);

  /** A request whose answer ends with {@link #mark}, even behind any {@link #request}. */
  byte[] lastRequest();

  /** What is in no other answer. */
  String mark();

  /** Asks for a value on a connection of its own, and throws where it is not told. */
  void requireServed() throws IOException;
}
