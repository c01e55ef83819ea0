package io.gamut.storage.update;

import io.gamut.core.Content;
import io.gamut.core.Dot;
import io.gamut.core.Key;
import io.gamut.core.Origin;
import io.gamut.core.Version;
import io.gamut.core.VersionVector;
import io.gamut.replication.message.Update;
import java.nio.charset.StandardCharsets;

/** Updates for tests. */
final class Updates {
  static final Origin A = new Origin(0xA, 1);
  static final Origin B = new Origin(0xFFFF_FFFF_0000_000BL, 2);

  private Updates() {}

  /** A write of text, stamped at {@code time} by its own origin. */
  static Update write(Origin origin, long sequence, long time, String key, String value) {
    return of(origin, sequence, time, key, value.getBytes(StandardCharsets.UTF_8));
  }

  static Update of(Origin origin, long sequence, long time, String key, byte[] value) {
    return of(origin, sequence, new Version(time, origin), key, Content.Value.of(value));
  }

  static Update delete(Origin origin, long sequence, long time, String key) {
    Version version = new Version(time, origin);
    return of(origin, sequence, version, key, Content.Tombstone.TOMBSTONE);
  }

  static Update of(Origin origin, long sequence, Version version, String key, Content content) {
    return new Update(
        new Dot(origin, sequence), version, VersionVector.EMPTY, Key.of(key), content);
  }
}
