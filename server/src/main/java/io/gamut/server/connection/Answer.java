package io.gamut.server.connection;

import org.jspecify.annotations.Nullable;

/**
 * The place of one request's answer in the order of its connection: written when it and all before
 * it are there.
 */
public final class Answer {
  private final boolean isAnswered;
  private byte @Nullable [] bytes;

  /**
   * @param isAnswered whether the client wants a reply
   */
  Answer(boolean isAnswered) {
    this.isAnswered = isAnswered;
  }

  boolean isAnswered() {
    return isAnswered;
  }

  void complete(byte[] answer) {
    bytes = answer;
  }

  byte @Nullable [] bytes() {
    return bytes;
  }
}
