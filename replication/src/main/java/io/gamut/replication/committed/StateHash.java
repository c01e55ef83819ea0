package io.gamut.replication.committed;

import io.gamut.core.Content;
import io.gamut.core.Key;
import io.gamut.core.Origin;
import java.util.zip.CRC32C;

/**
 * A chain over all changes of rows: replicas whose chains are equal have made the same changes in
 * the same order. It finds faults, not forgery.
 */
final class StateHash {
  private static final long MULTIPLIER = 0x9E3779B97F4A7C15L;

  private StateHash() {}

  /** The hash after a row was set. */
  static long next(long hash, Key key, Row row) {
    Origin stamper = row.version().stamper();
    long next = mix(hash, key.hashCode());
    next = mix(next, row.version().timestamp());
    next = mix(next, stamper.high() ^ Long.rotateLeft(stamper.low(), 1));
    return switch (row.content()) {
      case Content.Tombstone.TOMBSTONE -> mix(next, -1);
      case Content.Value value -> {
        CRC32C crc = new CRC32C();
        crc.update(value.bytes());
        next = mix(next, crc.getValue());
        next = mix(next, value.marks());
        yield mix(next, value.expiresAtMillis());
      }
    };
  }

  /** The hash after something else than a row was changed. */
  static long next(long hash, byte[] change) {
    CRC32C crc = new CRC32C();
    crc.update(change);
    return mix(hash, ~crc.getValue());
  }

  private static long mix(long hash, long value) {
    long mixed = (hash ^ value) * MULTIPLIER;
    return mixed ^ (mixed >>> 32);
  }
}
