package io.gamut.storage.rocks;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** A column family of a store, named by an enum constant: on disk in lower case. */
public interface Table {
  /** The constant's name. */
  String name();

  /** The name on disk. */
  default byte[] diskName() {
    return name().toLowerCase(Locale.ROOT).getBytes(StandardCharsets.US_ASCII);
  }
}
