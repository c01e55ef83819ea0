package io.gamut.server.connection;

import io.gamut.server.request.Reads;

/** What of a connection is under way, and what may begin beside it. */
final class UnderWay {
  /** As many exchanges are under way as are answered with so many bytes, going by the last. */
  private static final int EXCHANGED_BYTES = 1 << 20;

  private static final int EXCHANGES_MAX = 8;

  private int count;
  private Kind kind = Kind.ALONE;
  private int exchanges;
  private int exchangesMax = 1;
  private long readingBytes;

  boolean isNothing() {
    return count == 0;
  }

  /**
   * Whether something is under way that nothing may begin beside. What follows is not even looked
   * at: what it means may depend on that, as all does on who the client is.
   */
  boolean isAlone() {
    return count > 0 && kind == Kind.ALONE;
  }

  /** Whether nothing is under way that a request may not begin beside. */
  boolean mayBegin(Request request, Reads reads) {
    if (count == 0) {
      return true;
    }
    return switch (request.kind()) {
      case ALONE -> false;
      case WEAK_WRITE -> kind == Kind.WEAK_WRITE;
      case STRONG_WRITE -> isStrong();
      case STRONG_EXCHANGE -> isStrong() && exchanges < exchangesMax;
      case GATHERED_READ ->
          kind == Kind.GATHERED_READ
              && request.gathers() != null
              && reads.mayGather(request.gathers());
    };
  }

  private boolean isStrong() {
    return kind == Kind.STRONG_WRITE || kind == Kind.STRONG_EXCHANGE;
  }

  /**
   * Takes in what begins.
   *
   * @return its bytes, if they count here until it ends: those of writes count against what the
   *     disk and the ledger have for them
   */
  long begin(Kind of, long bytes) {
    count++;
    exchanges += of == Kind.STRONG_EXCHANGE ? 1 : 0;
    kind = of;
    long counted = of == Kind.ALONE || of == Kind.GATHERED_READ ? bytes : 0;
    readingBytes += counted;
    return counted;
  }

  /** Of what is over. */
  void end(long counted) {
    count--;
    exchanges = count == 0 ? 0 : exchanges;
    readingBytes -= counted;
  }

  /** Something was answered with so many bytes. */
  void onAnswered(int bytes) {
    if (kind == Kind.STRONG_EXCHANGE) {
      exchangesMax = Math.clamp(EXCHANGED_BYTES / Math.max(1, bytes), 1, EXCHANGES_MAX);
    }
  }

  /** Of the requests under way that count here. */
  long readingBytes() {
    return readingBytes;
  }
}
