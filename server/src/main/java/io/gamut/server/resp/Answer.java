package io.gamut.server.resp;

import org.jspecify.annotations.Nullable;

/**
 * The place of one request's answer in the order of its connection: written when it and all before
 * it are there.
 */
final class Answer {
  private byte @Nullable [] bytes;

  void complete(byte[] answer) {
    bytes = answer;
  }

  byte @Nullable [] bytes() {
    return bytes;
  }
}
