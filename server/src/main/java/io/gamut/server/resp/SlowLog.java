package io.gamut.server.resp;

import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * The requests that took longest, from when they were taken up until their answer was ready; what
 * they waited for others of their connection before that does not count. Shortened as Redis does,
 * and without passwords. For any thread.
 */
final class SlowLog {
  static final long SLOWER_THAN_MICROS_DEFAULT = 10_000;
  static final long LENGTH_MAX_DEFAULT = 128;

  private static final int WORDS_MAX = 32;
  private static final int WORD_BYTES_MAX = 128;
  private static final Set<String> WITH_PASSWORD = Set.of("AUTH", "HELLO", "GAMUT");
  private static final byte[] REDACTED = bytes("(redacted)");

  private final InstantSource clock;
  private final ArrayDeque<Entry> entries = new ArrayDeque<>();
  private volatile long slowerThanMicros = SLOWER_THAN_MICROS_DEFAULT;
  private volatile long slowerThanNanos = nanos(SLOWER_THAN_MICROS_DEFAULT);
  private long lengthMax = LENGTH_MAX_DEFAULT;
  private long nextId;

  /**
   * One request.
   *
   * @param atSeconds when it was answered, since 1970
   */
  record Entry(
      long id, long atSeconds, long micros, List<byte[]> words, String address, String name) {}

  SlowLog(InstantSource clock) {
    this.clock = clock;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static long nanos(long micros) {
    return micros < 0 ? Long.MAX_VALUE : TimeUnit.MICROSECONDS.toNanos(micros);
  }

  long slowerThanMicros() {
    return slowerThanMicros;
  }

  /** 0 for all requests, less for none. */
  void setSlowerThanMicros(long to) {
    slowerThanMicros = to;
    slowerThanNanos = nanos(to);
  }

  synchronized long lengthMax() {
    return lengthMax;
  }

  synchronized void setLengthMax(long to) {
    lengthMax = to;
    shorten();
  }

  /** Of every request: most cost no more than the comparison. */
  void onAnswered(List<byte[]> words, long nanos, ClientFacts client) {
    if (nanos >= slowerThanNanos) {
      add(shortened(words), nanos, client);
    }
  }

  private synchronized void add(List<byte[]> words, long nanos, ClientFacts client) {
    long now = TimeUnit.MILLISECONDS.toSeconds(clock.millis());
    long micros = TimeUnit.NANOSECONDS.toMicros(nanos);
    entries.addFirst(new Entry(nextId++, now, micros, words, client.address(), client.name()));
    shorten();
  }

  private void shorten() {
    while (entries.size() > lengthMax) {
      entries.removeLast();
    }
  }

  private static List<byte[]> shortened(List<byte[]> words) {
    int kept = words.size() > WORDS_MAX ? WORDS_MAX - 1 : words.size();
    boolean mayHavePassword = WITH_PASSWORD.contains(Arguments.word(words.getFirst()));
    int secretUntil = 0;
    List<byte[]> shown = new ArrayList<>();
    for (int i = 0; i < kept; i++) {
      byte[] word = words.get(i);
      shown.add(i < secretUntil ? REDACTED : shortened(word));
      if (mayHavePassword && i >= secretUntil && Arguments.word(word).equals("AUTH")) {
        secretUntil = i + 3;
      }
    }
    if (kept < words.size()) {
      shown.add(bytes("... (" + (words.size() - kept) + " more arguments)"));
    }
    return List.copyOf(shown);
  }

  private static byte[] shortened(byte[] word) {
    if (word.length <= WORD_BYTES_MAX) {
      return word;
    }
    byte[] more = bytes("... (" + (word.length - WORD_BYTES_MAX) + " more bytes)");
    byte[] shown = Arrays.copyOf(word, WORD_BYTES_MAX + more.length);
    System.arraycopy(more, 0, shown, WORD_BYTES_MAX, more.length);
    return shown;
  }

  /** The latest, the last one first. */
  synchronized List<Entry> latest(long count) {
    return entries.stream().limit(count).toList();
  }

  synchronized int length() {
    return entries.size();
  }

  synchronized void reset() {
    entries.clear();
  }
}
