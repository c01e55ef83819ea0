package io.gamut.server.http;

import io.gamut.core.Limits;

/**
 * What one server gives its HTTP clients at most.
 *
 * @param headMillis from the end of an answer, or a connection's begin, until the next request's
 *     headers are here: bounds idle connections and headers that trickle in alike
 * @param bodyMillis from there until its body is here
 * @param stallMillis without any progress while an answer is sent, twice: then the client is gone
 * @param lingerMillis for which a connection that is given up is still read, so that the client
 *     gets to see why
 * @param connectionsMax at one time
 * @param bodyBytesMax of all bodies that are held at one time
 */
record HttpLimits(
    int headMillis,
    int bodyMillis,
    int stallMillis,
    int lingerMillis,
    int connectionsMax,
    long bodyBytesMax) {
  /** A key with every byte escaped has 12 KiB; a listing has two such parameters. */
  static final int LINE_BYTES_MAX = 32 << 10;

  /** A session's token has up to some 200 kB, and several may be merged. */
  static final int HEADER_BYTES_MAX = 512 << 10;

  /** The longest value in base64, and some. */
  static final int BATCH_BYTES_MAX = 12 << 20;

  /** Each is a change that the ledger makes at the same moment as all the others. */
  static final int BATCH_PARTS_MAX = 10_000;

  static final int LISTED_MAX = 1_000;
  static final int LISTED_DEFAULT = 100;

  /** Of values in one page, but for the last one that is in it. */
  static final int LISTED_BYTES_MAX = 4 << 20;

  /** Pairs that one page of a listing looks at, tombstones too. */
  static final int LOOKED_AT_MAX = 10_000;

  private static final long BODY_BYTES_MIN = 8L * Limits.VALUE_BYTES_MAX;

  static HttpLimits defaults() {
    long bodies = Math.max(Runtime.getRuntime().maxMemory() / 8, BODY_BYTES_MIN);
    return new HttpLimits(60_000, 60_000, 30_000, 5_000, 10_000, bodies);
  }
}
