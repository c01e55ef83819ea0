package io.gamut.cli.script;

import io.gamut.core.Consistency;
import io.gamut.core.Limits;
import java.util.ArrayList;
import java.util.List;

/** The arguments of one command, read as what the command takes them for. */
final class Words {
  private static final int MILLIS_MAX = 24 * 60 * 60 * 1_000;

  /** As servers have it: the most that a disk is slowed down, and that a clock is put off. */
  private static final int SLOWNESS_MILLIS_MAX = 5_000;

  private static final int AHEAD_MILLIS_MAX = 60 * 60 * 1_000;

  private final List<String> words;

  Words(List<String> words) {
    this.words = words;
  }

  int count() {
    return words.size();
  }

  String text(int index) {
    return words.get(index);
  }

  String all() {
    return String.join(" ", words);
  }

  int id(int index) throws ScriptException {
    return number(words.get(index), "an id");
  }

  int number(int index, int least, int most, String what) throws ScriptException {
    int number = number(words.get(index), what);
    if (number < least || number > most) {
      throw new ScriptException(what + " is from " + least + " to " + most + ", not " + number);
    }
    return number;
  }

  /** {@code 0} or {@code 1}, {@code false} or {@code true}. */
  boolean flag(int index) throws ScriptException {
    return switch (words.get(index)) {
      case "0", "false" -> false;
      case "1", "true" -> true;
      default ->
          throw new ScriptException(
              "a flag is 0 or 1, not '" + ScriptText.shown(words.get(index)) + "'");
    };
  }

  int millis(int index) throws ScriptException {
    int millis = number(words.get(index), "a time in milliseconds");
    if (millis > MILLIS_MAX) {
      throw new ScriptException("a time is at most " + MILLIS_MAX + " ms, not " + millis);
    }
    return millis;
  }

  int slownessMillis(int index) throws ScriptException {
    return number(index, 0, SLOWNESS_MILLIS_MAX, "a delay of a disk in milliseconds");
  }

  /** A whole number with a sign, or without. */
  int aheadMillis(int index) throws ScriptException {
    String word = words.get(index);
    try {
      int millis = Integer.parseInt(word);
      if (Math.abs((long) millis) <= AHEAD_MILLIS_MAX) {
        return millis;
      }
    } catch (NumberFormatException _) {
      // Said below, as of numbers out of range.
    }
    throw new ScriptException(
        "a clock is ahead by -%d to %d ms, not '%s'"
            .formatted(AHEAD_MILLIS_MAX, AHEAD_MILLIS_MAX, ScriptText.shown(word)));
  }

  /** {@code on} or {@code off}. */
  boolean isOn(int index) throws ScriptException {
    return switch (words.get(index)) {
      case "on" -> true;
      case "off" -> false;
      default ->
          throw new ScriptException(
              "it is on or off, not '" + ScriptText.shown(words.get(index)) + "'");
    };
  }

  String key(int index) throws ScriptException {
    String key = words.get(index);
    if (key.length() > Limits.KEY_BYTES_MAX) {
      throw new ScriptException(
          "a key has at most " + Limits.KEY_BYTES_MAX + " bytes, not " + key.length());
    }
    return key;
  }

  String value(int index) throws ScriptException {
    return checkedValue(words.get(index));
  }

  /** A value that holds what separates words. */
  String valueFrom(int index, String separator) throws ScriptException {
    return checkedValue(String.join(separator, words.subList(index, words.size())));
  }

  private static String checkedValue(String value) throws ScriptException {
    if (value.length() > Limits.VALUE_BYTES_MAX) {
      throw new ScriptException(
          "a value has at most " + Limits.VALUE_BYTES_MAX + " bytes, not " + value.length());
    }
    return value;
  }

  /** {@code @level}, behind a put or get. */
  Consistency levelBehindAt(int index) throws ScriptException {
    String word = words.get(index);
    if (!word.startsWith("@")) {
      throw new ScriptException(
          "'" + ScriptText.shown(word) + "' is one word too many, or a level without its @");
    }
    return level(word.substring(1));
  }

  Consistency level(int index) throws ScriptException {
    return level(words.get(index));
  }

  private static Consistency level(String name) throws ScriptException {
    return Consistency.parse(name)
        .orElseThrow(() -> new ScriptException(Suggestion.unknownLevel(name)));
  }

  /** Ids with commas between them. */
  List<Integer> ids(int index) throws ScriptException {
    List<Integer> ids = new ArrayList<>();
    for (String id : words.get(index).split(",", -1)) {
      ids.add(number(id, "an id"));
    }
    return ids;
  }

  private static int number(String word, String what) throws ScriptException {
    try {
      int number = Integer.parseInt(word);
      if (number >= 0) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Said below, as of negative numbers.
    }
    throw new ScriptException(
        what + " is a whole number from 0, not '" + ScriptText.shown(word) + "'");
  }
}
