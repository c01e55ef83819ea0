package io.gamut.cli;

import io.gamut.core.Consistency;
import io.gamut.overlay.Endpoint;
import io.gamut.storage.journal.Durability;
import picocli.CommandLine.TypeConversionException;

/** Reads the types that options have. */
final class Converters {
  private Converters() {}

  static Endpoint endpoint(String text) {
    try {
      return Endpoint.parse(text);
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException(e.getMessage());
    }
  }

  static Durability durability(String text) {
    try {
      return Durability.parse(text);
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException(e.getMessage());
    }
  }

  /** A level that a server can have as its default. */
  static Consistency level(String text) {
    return Consistency.parse(text)
        .orElseThrow(() ->
            new TypeConversionException(
                "a level is eventual, session, causal, sequential, bounded or linearizable, not '"
                    + text
                    + "'"));
  }
}
