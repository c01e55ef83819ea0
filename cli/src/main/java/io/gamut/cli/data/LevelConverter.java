package io.gamut.cli.data;

import io.gamut.client.Level;
import io.gamut.core.Consistency;
import java.time.Duration;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a level, with the bound of one that has any. */
public final class LevelConverter implements ITypeConverter<Level> {
  private static final int BOUND_MILLIS_DEFAULT = 1_000;

  @Override
  public Level convert(String text) {
    int colon = text.indexOf(':');
    String name = colon < 0 ? text : text.substring(0, colon);
    Consistency consistency =
        Consistency.parse(name)
            .orElseThrow(() ->
                new TypeConversionException(
                    "a level is eventual, session, causal, sequential, bounded:MS or"
                        + " linearizable, not '"
                        + text
                        + "'"));
    if (consistency != Consistency.BOUNDED) {
      if (colon >= 0) {
        throw new TypeConversionException("only bounded has a bound, not '" + text + "'");
      }
      return new Level(consistency, null);
    }
    String bound = colon < 0 ? Integer.toString(BOUND_MILLIS_DEFAULT) : text.substring(colon + 1);
    if (!bound.matches("\\d{1,6}")) {
      throw new TypeConversionException("a bound is milliseconds, not '" + bound + "'");
    }
    return Level.bounded(Duration.ofMillis(Integer.parseInt(bound)));
  }
}
