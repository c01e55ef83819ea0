package io.gamut.protocol.memcached;

import io.gamut.core.Key;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What a client asks for. */
public sealed interface MemcachedRequest {
  /** Whether the client wants no answer, whatever becomes of it. */
  default boolean noreply() {
    return false;
  }

  // Text commands

  /** {@code get}, and {@code gets}, which wants cas tokens. */
  record Get(List<Key> keys, boolean wantsCas) implements MemcachedRequest {}

  /** {@code gat}, and {@code gats}: the same, with a new expiry. */
  record GetAndTouch(long expiry, List<Key> keys, boolean wantsCas) implements MemcachedRequest {}

  /** How a value is stored. */
  enum Storing {
    SET,
    ADD,
    REPLACE,
    APPEND,
    PREPEND,
    /** If the cas token is still that of the key. */
    CAS;

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * {@code set}, {@code add}, {@code replace}, {@code append}, {@code prepend}, {@code cas}. The
   * array is not copied: read only.
   *
   * @param flags 32 bits that the client keeps with the value
   * @param expiry as the protocol says it: see {@link Expiry}
   * @param cas of {@link Storing#CAS}; else 0
   */
  @SuppressWarnings("ArrayRecordComponent") // compared by content below
  record Store(
      Storing how, Key key, int flags, long expiry, long cas, byte[] value, boolean noreply)
      implements MemcachedRequest {
    @Override
    public boolean equals(Object other) {
      return other instanceof Store store
          && how == store.how
          && key.equals(store.key)
          && flags == store.flags
          && expiry == store.expiry
          && cas == store.cas
          && Arrays.equals(value, store.value)
          && noreply == store.noreply;
    }

    @Override
    public int hashCode() {
      return 31 * key.hashCode() + Arrays.hashCode(value);
    }

    @Override
    public String toString() {
      return "Store[" + how + ", " + key + ", " + value.length + " bytes]";
    }
  }

  record Delete(Key key, boolean noreply) implements MemcachedRequest {}

  /** {@code incr} and {@code decr}; the delta is unsigned. */
  record Count(Key key, boolean isUp, long delta, boolean noreply) implements MemcachedRequest {}

  record Touch(Key key, long expiry, boolean noreply) implements MemcachedRequest {}

  /**
   * {@code flush_all}.
   *
   * @param delay in seconds, or a time, as an expiry is
   */
  record FlushAll(long delay, boolean noreply) implements MemcachedRequest {}

  /**
   * {@code stats}.
   *
   * @param what the word behind it; empty for none
   */
  record Stats(String what) implements MemcachedRequest {}

  /** {@code version}. */
  record Version() implements MemcachedRequest {}

  /** {@code verbosity}. */
  record Verbosity(boolean noreply) implements MemcachedRequest {}

  /** {@code quit}. */
  record Quit() implements MemcachedRequest {}

  /** {@code get-servers}: who else can be asked. */
  record GetServers() implements MemcachedRequest {}

  /** {@code level}: of the requests of this connection that name none. */
  record Level(String name) implements MemcachedRequest {}

  /** {@code session}: what this connection has met, as a token. */
  record TellSession() implements MemcachedRequest {}

  /** {@code session} and a length: this connection has met what a token stands for. */
  record TakeSession(String token) implements MemcachedRequest {}

  /** {@code receipt}: how the last request on data was answered. */
  record TellReceipt() implements MemcachedRequest {}

  // Meta commands

  /** A command with flags. */
  sealed interface Meta extends MemcachedRequest {
    MetaKey key();

    MetaFlags flags();
  }

  /** {@code mg}. */
  record MetaGet(MetaKey key, MetaFlags flags) implements Meta {}

  /** {@code ms}. The array is not copied: read only. */
  @SuppressWarnings("ArrayRecordComponent") // compared by content below
  record MetaSet(MetaKey key, MetaFlags flags, byte[] value) implements Meta {
    @Override
    public boolean equals(Object other) {
      return other instanceof MetaSet set
          && key.equals(set.key)
          && flags.equals(set.flags)
          && Arrays.equals(value, set.value);
    }

    @Override
    public int hashCode() {
      return 31 * key.hashCode() + Arrays.hashCode(value);
    }

    @Override
    public String toString() {
      return "MetaSet[" + key + ", " + flags + ", " + value.length + " bytes]";
    }
  }

  /** {@code md}. */
  record MetaDelete(MetaKey key, MetaFlags flags) implements Meta {}

  /** {@code ma}. */
  record MetaCount(MetaKey key, MetaFlags flags) implements Meta {}

  /** {@code me}: what is known of a key beside its value. */
  record MetaDebug(MetaKey key) implements MemcachedRequest {}

  /** {@code mn}: answered when all before it is. */
  record MetaNoop() implements MemcachedRequest {}

  /**
   * What is no request, in its place among the others.
   *
   * @param answer the line that says so
   */
  record Wrong(String answer, boolean noreply) implements MemcachedRequest {
    static final String ERROR = "ERROR";
    static final String BAD_LINE = "CLIENT_ERROR bad command line format";
    static final String BAD_CHUNK = "CLIENT_ERROR bad data chunk";
    static final String TOO_LARGE = "SERVER_ERROR object too large for cache";

    /** Whether its value was. */
    public boolean isTooLarge() {
      return answer.equals(TOO_LARGE);
    }
  }
}
