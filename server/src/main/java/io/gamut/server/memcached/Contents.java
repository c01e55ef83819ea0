package io.gamut.server.memcached;

import io.gamut.core.Change;
import io.gamut.core.Content;
import io.gamut.core.Key;
import io.gamut.protocol.memcached.Expiry;
import java.time.InstantSource;
import java.util.OptionalLong;

/**
 * What is left at keys by requests that say when it expires.
 *
 * @param clock by which that is
 */
record Contents(InstantSource clock) {
  /** A value; a deletion where it would expire at once. */
  Content of(byte[] bytes, int flags, long expiry) {
    OptionalLong millis = Expiry.millis(expiry, clock.millis());
    return millis.isPresent()
        ? new Content.Value(bytes, flags, millis.getAsLong())
        : Content.Tombstone.TOMBSTONE;
  }

  /** Gives a value a new expiry; deletes it where that is at once. */
  Change touch(Key key, long expiry) {
    OptionalLong millis = Expiry.millis(expiry, clock.millis());
    return millis.isPresent()
        ? new Change.ExpireAt(key, millis.getAsLong())
        : new Change.Put(key, Content.Tombstone.TOMBSTONE);
  }
}
