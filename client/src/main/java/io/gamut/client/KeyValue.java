package io.gamut.client;

import io.gamut.core.Version;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The sync face: each method waits for its answer and returns the value. Made for virtual threads;
 * a waiting thread holds nothing. Do not call it from threads of the client (see {@link
 * AsyncKeyValue}).
 *
 * <p>Each method throws {@link RequestFailedException} if the request certainly changed nothing,
 * {@link UnknownOutcomeException} if a write may have been carried out, and {@link
 * io.gamut.core.InvalidDataException} of keys and values that are too long. An interrupt ends the
 * wait with one of the first two, and the thread stays interrupted. Text is UTF-8.
 *
 * <p>Who also wants the receipt, or no exceptions, takes {@link #outcome}.
 */
public interface KeyValue {
  /** Waits for what becomes of a command. */
  <T> Outcome<T> outcome(Command<T> command);

  default <T> T run(Command<T> command) {
    return outcome(command).orElseThrow();
  }

  default Optional<Value> get(byte[] key) {
    return run(Command.get(key));
  }

  default Optional<Value> get(String key) {
    return get(utf8(key));
  }

  default List<Optional<Value>> getAll(List<String> keys) {
    return run(Command.getAll(keys.stream().map(KeyValue::utf8).toList()));
  }

  default boolean exists(String key) {
    return run(Command.exists(utf8(key)));
  }

  default void put(byte[] key, byte[] value) {
    var _ = run(Command.put(key, value));
  }

  default void put(String key, String value) {
    put(utf8(key), utf8(value));
  }

  /** Whether the condition held. */
  default boolean put(byte[] key, byte[] value, PutOptions options) {
    return run(Command.put(key, value, options));
  }

  /** Whether the condition held. */
  default boolean put(String key, String value, PutOptions options) {
    return put(utf8(key), utf8(value), options);
  }

  default void delete(byte[] key) {
    var _ = run(Command.delete(List.of(key)));
  }

  default void delete(String key) {
    delete(utf8(key));
  }

  /** Whether the key was absent and has the value now. */
  default boolean putIfAbsent(String key, String value) {
    return run(Command.putIfAbsent(utf8(key), utf8(value)));
  }

  /** Whether the key had the expected value and has the new one now. */
  default boolean compareAndSet(String key, String expected, String value) {
    return run(Command.compareAndSet(utf8(key), utf8(expected), utf8(value)));
  }

  /** Whether the key was as a receipt said (null: absent) and has the value now. */
  default boolean compareVersionAndSet(String key, @Nullable Version expected, String value) {
    return run(Command.compareVersionAndSet(utf8(key), expected, utf8(value)));
  }

  default long increment(String key, long by) {
    return run(Command.increment(utf8(key), by));
  }

  /** The bytes that the value has then. */
  default long append(String key, String suffix) {
    return run(Command.append(utf8(key), utf8(suffix)));
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
