package io.gamut.server.connection;

import io.gamut.core.BinaryWriter;
import org.jspecify.annotations.Nullable;

/**
 * The place of one request's answer in the order of its connection: written when it and all before
 * it are there.
 */
public final class Answer {
  private final boolean isAnswered;
  private final @Nullable Request request;
  private final long takenNanos;
  private final long bytes;
  private @Nullable BinaryWriter written;

  /**
   * @param isAnswered whether the client wants a reply
   * @param request whose answer is told of when it is ready; null where it is already
   * @param takenNanos when that was taken up
   * @param bytes that it holds until then, as far as they are counted here
   */
  Answer(boolean isAnswered, @Nullable Request request, long takenNanos, long bytes) {
    this.isAnswered = isAnswered;
    this.request = request;
    this.takenNanos = takenNanos;
    this.bytes = bytes;
  }

  @Nullable Request request() {
    return request;
  }

  long takenNanos() {
    return takenNanos;
  }

  long bytes() {
    return bytes;
  }

  boolean isAnswered() {
    return isAnswered;
  }

  void complete(BinaryWriter answer) {
    written = answer;
  }

  /** What it says; null until that is there. */
  @Nullable BinaryWriter written() {
    return written;
  }
}
