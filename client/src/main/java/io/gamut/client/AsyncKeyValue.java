package io.gamut.client;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * The async face: each method returns at once, and its future always completes normally, with an
 * {@link Outcome}. Calls that do not wait for each other are concurrent, also of one thread and one
 * key; a {@link Session} orders them.
 *
 * <p>What depends on a future runs where the client's executor puts it, by default on a virtual
 * thread of its own, so it may block. To cancel a future changes nothing but that future.
 */
public interface AsyncKeyValue {
  /** Throws nothing but {@link NullPointerException}: also a full client is an outcome. */
  <T> CompletableFuture<Outcome<T>> run(Command<T> command);

  default CompletableFuture<Outcome<Optional<Value>>> get(byte[] key) {
    return run(Command.get(key));
  }

  default CompletableFuture<Outcome<Optional<Value>>> get(String key) {
    return get(utf8(key));
  }

  default CompletableFuture<Outcome<Boolean>> put(byte[] key, byte[] value) {
    return run(Command.put(key, value));
  }

  default CompletableFuture<Outcome<Boolean>> put(String key, String value) {
    return put(utf8(key), utf8(value));
  }

  default CompletableFuture<Outcome<Long>> delete(byte[] key) {
    return run(Command.delete(List.of(key)));
  }

  default CompletableFuture<Outcome<Long>> delete(String key) {
    return delete(utf8(key));
  }

  default CompletableFuture<Outcome<Long>> increment(String key, long by) {
    return run(Command.increment(utf8(key), by));
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
