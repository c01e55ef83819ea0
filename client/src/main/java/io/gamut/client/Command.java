package io.gamut.client;

import io.gamut.core.InvalidDataException;
import io.gamut.core.Key;
import io.gamut.core.Limits;
import io.gamut.core.Version;
import io.gamut.protocol.resp.RespValue;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A request as a value: its words, whether it may be repeated, and how its reply is read. Runs with
 * {@link KeyValue#run} or {@link AsyncKeyValue#run}, any number of times.
 *
 * <p>A key is 1 to 4,096 bytes, a value at most 8 MiB, else {@link InvalidDataException} is thrown
 * here. Arrays are not copied: do not write into them while a call is under way.
 */
public final class Command<T> {
  /** What a repetition would do, and who waits for whom. */
  public enum Kind {
    /** Changes nothing: may be asked again, anywhere. */
    READ,
    /** Writes, at the level that is asked for. */
    WRITE,
    /** Reads and modifies: strong, whatever is asked for. */
    MODIFY
  }

  private static final byte[] ABSENT = {'0'};

  private static final Set<String> OF_A_CONNECTION =
      Set.of(
          "MULTI",
          "EXEC",
          "DISCARD",
          "WATCH",
          "UNWATCH",
          "HELLO",
          "AUTH",
          "RESET",
          "QUIT",
          "SELECT",
          "CLIENT",
          "SUBSCRIBE",
          "PSUBSCRIBE",
          "GAMUT LEVEL",
          "GAMUT SESSION",
          "GAMUT WAIT",
          "GAMUT BOUND",
          "GAMUT RECEIPT",
          "GAMUT LAST");

  private final Kind kind;
  private final byte[][] words;
  private final Function<RespValue, T> decoder;

  private Command(Kind kind, Function<RespValue, T> decoder, byte[]... words) {
    this.kind = kind;
    this.decoder = decoder;
    this.words = words;
  }

  // Reading

  public static Command<Optional<Value>> get(byte[] key) {
    return new Command<>(Kind.READ, Command::optional, word("GET"), key(key));
  }

  /** The value with its expiry, and what memcached's clients have marked it with. */
  public static Command<Optional<Entry>> entry(byte[] key) {
    return new Command<>(
        Kind.READ,
        reply -> reply instanceof RespValue.Null ? Optional.empty() : Optional.of(Entry.of(reply)),
        word("GAMUT"),
        word("ENTRY"),
        key(key));
  }

  public static Command<Boolean> exists(byte[] key) {
    return new Command<>(Kind.READ, Command::isOne, word("EXISTS"), key(key));
  }

  /** The values of several keys, each read by itself, in the order of the keys. */
  public static Command<List<Optional<Value>>> getAll(List<byte[]> keys) {
    return new Command<>(Kind.READ, Command::optionals, words("MGET", keys));
  }

  /** Bytes of the value; 0 of an absent key. */
  public static Command<Long> length(byte[] key) {
    return new Command<>(Kind.READ, Command::whole, word("STRLEN"), key(key));
  }

  /** Bytes of the value from one place to another, both counted, negative ones from the end. */
  public static Command<Value> range(byte[] key, long from, long to) {
    return new Command<>(
        Kind.READ, Command::value, word("GETRANGE"), key(key), number(from), number(to));
  }

  /** How long the value stays; empty if there is none, or no end. */
  public static Command<Optional<Duration>> timeToLive(byte[] key) {
    return new Command<>(
        Kind.READ,
        reply -> Optional.of(whole(reply)).filter(left -> left >= 0).map(Duration::ofMillis),
        word("PTTL"),
        key(key));
  }

  /**
   * Some of the keys.
   *
   * @param after the key that the page goes on after; null for the first page
   * @param count about how many keys to look at
   */
  public static Command<ScanPage> scan(byte @Nullable [] after, int count) {
    List<byte[]> words = new ArrayList<>(List.of(word("GAMUT"), word("KEYS")));
    if (after != null) {
      words.addAll(List.of(word("AFTER"), key(after)));
    }
    words.addAll(List.of(word("COUNT"), number(count)));
    return new Command<>(Kind.READ, ScanPage::of, words.toArray(byte[][]::new));
  }

  // Writing

  /** Puts a value; always true. */
  public static Command<Boolean> put(byte[] key, byte[] value) {
    return new Command<>(Kind.WRITE, Command::isDone, word("SET"), key(key), value(value));
  }

  /** Puts a value; whether its condition held. */
  public static Command<Boolean> put(byte[] key, byte[] value, PutOptions options) {
    List<byte[]> words = new ArrayList<>(List.of(word("SET"), key(key), value(value)));
    words.addAll(options.words());
    Kind kind = options.modifies() ? Kind.MODIFY : Kind.WRITE;
    return new Command<>(kind, Command::isDone, words.toArray(byte[][]::new));
  }

  /** Puts all that an entry has; always true. */
  public static Command<Boolean> put(byte[] key, Entry entry) {
    List<byte[]> words =
        new ArrayList<>(
            List.of(word("GAMUT"), word("SET"), key(key), value(entry.value().bytes())));
    words.addAll(entry.words());
    return new Command<>(Kind.WRITE, Command::isDone, words.toArray(byte[][]::new));
  }

  /** How many of the keys there were; at a weak level, how many were deleted. */
  public static Command<Long> delete(List<byte[]> keys) {
    return new Command<>(Kind.WRITE, Command::whole, words("DEL", keys));
  }

  // Reading and modifying

  /** Puts values of several keys at once: all or none. */
  public static Command<Boolean> putAll(Map<String, byte[]> values) {
    List<byte[]> words = new ArrayList<>(List.of(word("MSET")));
    values.forEach((key, value) -> {
      words.add(key(key.getBytes(StandardCharsets.UTF_8)));
      words.add(value(value));
    });
    return new Command<>(Kind.MODIFY, Command::isDone, words.toArray(byte[][]::new));
  }

  /** Whether the key was absent and has the value now. */
  public static Command<Boolean> putIfAbsent(byte[] key, byte[] value) {
    return new Command<>(Kind.MODIFY, Command::isOne, word("SETNX"), key(key), value(value));
  }

  /**
   * Puts a value if the key is as a receipt said.
   *
   * @param expected null for a key that must be absent
   */
  public static Command<Boolean> compareVersionAndSet(
      byte[] key, @Nullable Version expected, byte[] value) {
    byte[] version = expected == null ? ABSENT : word(expected.exact());
    return new Command<>(
        Kind.MODIFY, Command::isOne, word("GAMUT"), word("CAS"), key(key), version, value(value));
  }

  /** Puts a value if the key has another. */
  public static Command<Boolean> compareAndSet(byte[] key, byte[] expected, byte[] value) {
    return new Command<>(
        Kind.MODIFY,
        Command::isOne,
        word("GAMUT"),
        word("CASV"),
        key(key),
        value(expected),
        value(value));
  }

  /** Adds to a number, 0 if the key is absent; the sum. */
  public static Command<Long> increment(byte[] key, long by) {
    return new Command<>(Kind.MODIFY, Command::whole, word("INCRBY"), key(key), number(by));
  }

  public static Command<Double> increment(byte[] key, double by) {
    return new Command<>(
        Kind.MODIFY,
        reply -> Double.valueOf(value(reply).text()),
        word("INCRBYFLOAT"),
        key(key),
        word(BigDecimal.valueOf(by).toPlainString()));
  }

  /** Appends to the value; the bytes that it has then. */
  public static Command<Long> append(byte[] key, byte[] suffix) {
    return new Command<>(Kind.MODIFY, Command::whole, word("APPEND"), key(key), value(suffix));
  }

  /** Overwrites a part of the value; the bytes that it has then. */
  public static Command<Long> setRange(byte[] key, long offset, byte[] part) {
    return new Command<>(
        Kind.MODIFY, Command::whole, word("SETRANGE"), key(key), number(offset), value(part));
  }

  public static Command<Optional<Value>> getAndDelete(byte[] key) {
    return new Command<>(Kind.MODIFY, Command::optional, word("GETDEL"), key(key));
  }

  /** Whether there is a value, which then goes at that time. */
  public static Command<Boolean> expireAt(byte[] key, Instant when) {
    return new Command<>(
        Kind.MODIFY, Command::isOne, word("PEXPIREAT"), key(key), number(when.toEpochMilli()));
  }

  /** Whether there is a value that would have gone, and stays now. */
  public static Command<Boolean> persist(byte[] key) {
    return new Command<>(Kind.MODIFY, Command::isOne, word("PERSIST"), key(key));
  }

  // Anything else

  /**
   * Any command that is one request with one reply, and leaves its connection as it was. Throws
   * {@link InvalidDataException} of one that is known not to (MULTI, WATCH, GAMUT LEVEL and their
   * like): connections are shared, and it would change what others' requests mean.
   *
   * @param kind must be READ only of what changes nothing: it is repeated as need be
   */
  public static Command<RespValue> of(Kind kind, byte[]... words) {
    if (words.length == 0) {
      throw new InvalidDataException("a command has a name");
    }
    Command<RespValue> command = new Command<>(kind, Function.identity(), words.clone());
    if (OF_A_CONNECTION.contains(command.name().toUpperCase(Locale.ROOT))) {
      throw new InvalidDataException(
          command.name() + " changes its connection, which others share: use GamutConnection");
    }
    return command;
  }

  /** {@link #of(Kind, byte[][])} with text as UTF-8. */
  public static Command<RespValue> of(Kind kind, String... words) {
    byte[][] encoded = new byte[words.length][];
    for (int i = 0; i < words.length; i++) {
      encoded[i] = words[i].getBytes(StandardCharsets.UTF_8);
    }
    return of(kind, encoded);
  }

  public Kind kind() {
    return kind;
  }

  /** Its first word, or {@code GAMUT} and the second. */
  public String name() {
    String first = text(words[0]);
    return first.equalsIgnoreCase("GAMUT") && words.length > 1
        ? first + " " + text(words[1])
        : first;
  }

  boolean isRead() {
    return kind == Kind.READ;
  }

  byte[][] words() {
    return words;
  }

  /** Throws a {@link RuntimeException} of a reply that is not one to this command. */
  T decode(RespValue reply) {
    return decoder.apply(reply);
  }

  @Override
  public String toString() {
    return name();
  }

  private static String text(byte[] word) {
    return new String(word, StandardCharsets.UTF_8);
  }

  private static byte[] word(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] number(long number) {
    return word(Long.toString(number));
  }

  private static byte[] key(byte[] bytes) {
    return Key.of(bytes).bytes();
  }

  private static byte[] value(byte[] bytes) {
    if (bytes.length > Limits.VALUE_BYTES_MAX) {
      throw new InvalidDataException(
          "a value has at most " + Limits.VALUE_BYTES_MAX + " bytes, not " + bytes.length);
    }
    return bytes;
  }

  private static byte[][] words(String name, List<byte[]> keys) {
    if (keys.isEmpty()) {
      throw new InvalidDataException(name + " needs a key");
    }
    byte[][] words = new byte[1 + keys.size()][];
    words[0] = word(name);
    for (int i = 0; i < keys.size(); i++) {
      words[1 + i] = key(keys.get(i));
    }
    return words;
  }

  // Reading replies

  private static InvalidDataException unexpected(RespValue reply) {
    return new InvalidDataException("an unexpected " + reply.getClass().getSimpleName());
  }

  static Value value(RespValue reply) {
    if (reply instanceof RespValue.Text(byte[] bytes)) {
      return Value.of(bytes);
    }
    throw unexpected(reply);
  }

  private static Optional<Value> optional(RespValue reply) {
    return reply instanceof RespValue.Null ? Optional.empty() : Optional.of(value(reply));
  }

  private static List<Optional<Value>> optionals(RespValue reply) {
    if (reply instanceof RespValue.Sequence(List<RespValue> elements)) {
      return elements.stream().map(Command::optional).toList();
    }
    throw unexpected(reply);
  }

  private static Long whole(RespValue reply) {
    if (reply instanceof RespValue.Whole(long number)) {
      return number;
    }
    throw unexpected(reply);
  }

  private static Boolean isOne(RespValue reply) {
    return whole(reply) == 1;
  }

  /** OK, or null where a condition did not hold. */
  private static Boolean isDone(RespValue reply) {
    return optional(reply).isPresent();
  }
}
