package io.gamut.bench.ledger;

import java.util.Locale;

/**
 * What a load has come to.
 *
 * @param perSecond operations a second
 * @param medianMicros how long half of the requests took at most
 * @param slowMicros how long 99 of 100 took at most
 * @param failed requests that were refused, or whose outcome is unknown
 */
record LoadResult(double perSecond, long medianMicros, long slowMicros, long failed) {
  String encode() {
    return String.format(Locale.ROOT, "%.0f %d %d %d", perSecond, medianMicros, slowMicros, failed);
  }

  static LoadResult decode(String line) {
    String[] words = line.split(" ", -1);
    return new LoadResult(
        Double.parseDouble(words[0]),
        Long.parseLong(words[1]),
        Long.parseLong(words[2]),
        Long.parseLong(words[3]));
  }
}
