package io.gamut.cli.data;

import java.util.Locale;

/** How results are printed. */
public enum Form {
  /** Values as they are. */
  RAW,
  /** An object a line. */
  JSON,
  /** Columns for people. */
  TABLE;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
