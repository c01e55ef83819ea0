package io.gamut.client;

import io.gamut.core.InvalidDataException;
import io.gamut.protocol.resp.RespValue;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All that is kept at a key: beside the value and its expiry what memcached's clients have marked
 * it with.
 *
 * @param flags memcached's 32 bits, which a memcached client library may need to read the value; 0
 *     of a value that was not written over memcached
 * @param expiresAt in whole milliseconds; null for never
 * @param isStale whether one client of memcached's meta commands is to make it anew
 */
public record Entry(Value value, int flags, @Nullable Instant expiresAt, boolean isStale) {
  /** A value without flags that does not expire. */
  public static Entry of(Value value) {
    return new Entry(value, 0, null, false);
  }

  /** Of a map of names and values in turn. */
  static Entry of(RespValue reply) {
    Map<String, RespValue> fields = new HashMap<>();
    if (reply instanceof RespValue.Sequence(List<RespValue> elements)) {
      for (int i = 0; i + 1 < elements.size(); i += 2) {
        fields.put(elements.get(i).toString(), elements.get(i + 1));
      }
    }
    if (fields.get("value") instanceof RespValue.Text(byte[] bytes)
        && fields.get("flags") instanceof RespValue.Whole(long flags)
        && fields.get("stale") instanceof RespValue.Whole(long stale)) {
      return new Entry(
          Value.of(bytes),
          (int) flags,
          fields.get("expiresAt") instanceof RespValue.Whole(long millis)
              ? Instant.ofEpochMilli(millis)
              : null,
          stale == 1);
    }
    throw new InvalidDataException("no entry");
  }

  /** What says the same behind a key and a value; least where there is nothing to say. */
  List<byte[]> words() {
    List<String> words = new ArrayList<>();
    if (expiresAt != null) {
      words.addAll(List.of("PXAT", Long.toString(expiresAt.toEpochMilli())));
    }
    if (flags != 0) {
      words.addAll(List.of("FLAGS", Integer.toUnsignedString(flags)));
    }
    if (isStale) {
      words.add("STALE");
    }
    return words.stream().map(word -> word.getBytes(StandardCharsets.US_ASCII)).toList();
  }
}
