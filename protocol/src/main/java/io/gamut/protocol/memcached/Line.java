package io.gamut.protocol.memcached;

import io.gamut.core.Limits;
import java.util.function.Function;

/** What a line asks for. */
sealed interface Line {
  /** All of a request. */
  record Whole(MemcachedRequest request) implements Line {}

  /**
   * A request whose value follows.
   *
   * @param length of the value in bytes
   * @param request of the value
   */
  record Announced(int length, boolean noreply, Function<byte[], MemcachedRequest> request)
      implements Line {
    Refused tooLarge() {
      return refused(length, noreply);
    }
  }

  /**
   * A request that is refused, and whose value follows.
   *
   * @param length of the value in bytes
   */
  record Refused(long length, MemcachedRequest.Wrong wrong) implements Line {}

  static Line wrong(String answer, boolean noreply) {
    return new Whole(new MemcachedRequest.Wrong(answer, noreply));
  }

  static Line error() {
    return wrong(MemcachedRequest.Wrong.ERROR, false);
  }

  /** A request with a value, if that is not too large. */
  static Line announced(long length, boolean noreply, Function<byte[], MemcachedRequest> request) {
    return announced(length, Limits.VALUE_BYTES_MAX, noreply, request);
  }

  /** The same of something else than a value, which has other limits. */
  static Line announced(
      long length, int most, boolean noreply, Function<byte[], MemcachedRequest> request) {
    if (length > most) {
      return refused(length, noreply);
    }
    return new Announced((int) length, noreply, request);
  }

  private static Refused refused(long length, boolean noreply) {
    return new Refused(
        length, new MemcachedRequest.Wrong(MemcachedRequest.Wrong.TOO_LARGE, noreply));
  }
}
