package io.gamut.protocol.memcached;

import io.gamut.core.Key;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The words of a line, between spaces, each byte a character. */
record Words(List<String> all) {
  static final int KEY_BYTES_MAX = 250;
  private static final char DELETE = 0x7f;

  static Words of(String line) {
    List<String> words = new ArrayList<>();
    int begin = 0;
    while (begin < line.length()) {
      int end = line.indexOf(' ', begin);
      if (end < 0) {
        end = line.length();
      }
      if (end > begin) {
        words.add(line.substring(begin, end));
      }
      begin = end + 1;
    }
    return new Words(words);
  }

  int count() {
    return all.size();
  }

  String get(int place) {
    return all.get(place);
  }

  /** Whether the last word says that no answer is wanted. */
  boolean isNoreply() {
    return count() > 1 && all.getLast().equals("noreply");
  }

  /** The key that a word is; null if it is none. */
  static @Nullable Key key(String word) {
    if (word.isEmpty() || word.length() > KEY_BYTES_MAX) {
      return null;
    }
    for (int i = 0; i < word.length(); i++) {
      char character = word.charAt(i);
      if (character <= ' ' || character == DELETE) {
        return null;
      }
    }
    return Key.of(word.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** The keys from a place on; null if one of them is none. */
  @Nullable List<Key> keys(int from) {
    List<Key> keys = new ArrayList<>(count() - from);
    for (int i = from; i < count(); i++) {
      Key key = key(get(i));
      if (key == null) {
        return null;
      }
      keys.add(key);
    }
    return keys;
  }
}
