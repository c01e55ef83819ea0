package io.gamut.server.resp;

import io.gamut.core.Decimals;
import io.gamut.core.InvalidDataException;
import io.gamut.core.Key;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The words of a command, its name first, and the clock of the server that they came to. What
 * cannot be read throws {@link InvalidDataException} with the words that Redis has for it.
 */
record Arguments(List<byte[]> words, InstantSource clock) {
  int size() {
    return words.size();
  }

  byte[] bytes(int place) {
    return words.get(place);
  }

  String text(int place) {
    return new String(words.get(place), StandardCharsets.UTF_8);
  }

  /** A word that means the same in capitals. */
  String word(int place) {
    return word(words.get(place));
  }

  static String word(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1).toUpperCase(Locale.ROOT);
  }

  /** The command's name, as it stands in errors. */
  String name() {
    return word(0).toLowerCase(Locale.ROOT);
  }

  Key key(int place) {
    return Key.of(words.get(place));
  }

  /** Every {@code step}-th word from one on. */
  List<Key> keys(int from, int step) {
    List<Key> keys = new ArrayList<>();
    for (int place = from; place < words.size(); place += step) {
      keys.add(key(place));
    }
    return keys;
  }

  long number(int place) {
    String text = new String(words.get(place), StandardCharsets.ISO_8859_1);
    try {
      long number = Long.parseLong(text);
      if (Long.toString(number).equals(text)) {
        return number;
      }
    } catch (NumberFormatException _) {
      // Told below, as a number that is written in another way is.
    }
    throw new InvalidDataException("value is not an integer or out of range");
  }

  BigDecimal decimal(int place) {
    BigDecimal number = Decimals.parse(words.get(place));
    if (number == null) {
      throw new InvalidDataException("value is not a valid float");
    }
    return number;
  }

  Arguments from(int place) {
    return new Arguments(words.subList(place, words.size()), clock);
  }

  /** What time it is for the server, in milliseconds since 1970. */
  long nowMillis() {
    return clock.millis();
  }

  static InvalidDataException syntaxError() {
    return new InvalidDataException("syntax error");
  }

  InvalidDataException wrongNumber() {
    return new InvalidDataException("wrong number of arguments for '" + name() + "' command");
  }
}
