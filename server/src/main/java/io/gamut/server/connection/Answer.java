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
  private @Nullable BinaryWriter written;

  /**
   * @param isAnswered whether the client wants a reply
   * @param request whose answer is told of when it is ready; null where it is already
   * @param takenNanos when that was taken up
   */
  Answer(boolean isAnswered, @Nullable Request request, long takenNanos) {
    this.isAnswered = isAnswered;
    this.request = request;
    this.takenNanos = takenNanos;
  }

  @Nullable Request request() {
    return request;
  }

  long takenNanos() {
    return takenNanos;
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
