package io.gamut.verify.history;

import java.util.Locale;

/** What has become of a request. */
public enum Outcome {
  OK,
  /** It had no effect and never will. */
  FAILED,
  /** It may have had its effect, or have it later, or never. */
  UNKNOWN;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
