package io.gamut.cli.lab;

import io.gamut.cli.script.Step;
import java.io.IOException;
import java.util.Locale;

/** The report of dialect D: a line for each request, in columns. */
final class Report {
  private static final String COLUMNS = "%7s  %-4s  %-12s  %10s  %7s  %-28s  %s";

  private Report() {}

  /**
   * What became of a request.
   *
   * @param number from 1, of its client
   * @param replica which server answered, or {@code -}
   * @param clock the version written or read, a hybrid logical clock's; or {@code -}
   * @param outcome {@code stored}, the value read, or an error
   */
  record Row(
      int number, Step.Request request, long nanos, String replica, String clock, String outcome) {}

  static void head(Output out) throws IOException {
    out.line(
        COLUMNS
            .formatted(
                "request", "type", "consistency", "time ms", "replica", "logical clock", "outcome")
            .stripTrailing());
  }

  static void row(Row row, Output out) throws IOException {
    out.line(
        COLUMNS
            .formatted(
                row.number,
                row.request.type(),
                row.request.level(),
                String.format(Locale.ROOT, "%.3f", row.nanos / 1e6),
                row.replica,
                row.clock,
                row.outcome)
            .stripTrailing());
  }
}
