package io.gamut.server.http;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/** A request's body as it comes in. Memory is taken as bytes come, not as they are announced. */
final class Body {
  private static final int FIRST_BYTES = 1_024;
  private static final byte[] NOTHING = new byte[0];

  private final Bodies all;
  private final int bytesMax;
  private byte[] bytes = NOTHING;
  private int length;

  /**
   * @param bytesMax that it may have
   */
  Body(Bodies all, int bytesMax) {
    this.all = all;
    this.bytesMax = bytesMax;
  }

  /** Takes some more. Throws {@link ProblemException} where there is no room. */
  void append(ByteBuf more) {
    int count = more.readableBytes();
    if (count > bytesMax - length) {
      throw tooLarge(bytesMax);
    }
    if (length + count > bytes.length) {
      int wanted = Math.max(length + count, Math.min(bytesMax, 2 * bytes.length));
      grow(Math.min(bytesMax, Math.max(wanted, FIRST_BYTES)));
    }
    more.readBytes(bytes, length, count);
    length += count;
  }

  private void grow(int to) {
    if (!all.tryHold(to - bytes.length)) {
      throw noRoom();
    }
    bytes = Arrays.copyOf(bytes, to);
  }

  static ProblemException noRoom() {
    return new ProblemException(
        Problem.BUSY,
        "other requests that are being received take up the memory there is for them");
  }

  static ProblemException tooLarge(int bytesMax) {
    return new ProblemException(
        Problem.TOO_LARGE,
        bytesMax == 0 ? "no body is taken here" : "a body here has at most " + bytesMax + " bytes");
  }

  /** All that came; not a copy where it fits. */
  byte[] bytes() {
    return length == bytes.length ? bytes : Arrays.copyOf(bytes, length);
  }

  void release() {
    all.release(bytes.length);
    bytes = NOTHING;
    length = 0;
  }
}
