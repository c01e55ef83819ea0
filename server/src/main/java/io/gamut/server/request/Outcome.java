package io.gamut.server.request;

import io.gamut.core.ErrorCode;

/** What has become of a data request, and how it was come by. */
public sealed interface Outcome<T> {
  Receipt receipt();

  /** It was answered. */
  record Done<T>(T value, Receipt receipt) implements Outcome<T> {}

  /**
   * It was not, and why.
   *
   * @param message for people; without the code
   */
  record Refused<T>(ErrorCode code, String message, Receipt receipt) implements Outcome<T> {}
}
