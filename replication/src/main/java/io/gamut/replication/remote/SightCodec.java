package io.gamut.replication.remote;

import io.gamut.core.BinaryReader;
import io.gamut.core.BinaryWriter;
import io.gamut.core.InvalidDataException;
import io.gamut.core.Limits;
import io.gamut.core.Pair;
import org.jspecify.annotations.Nullable;

/** The encoding of a {@link Sight}. */
final class SightCodec {
  private SightCodec() {}

  static void write(Sight sight, BinaryWriter out) {
    StandingCodec.write(sight.standing(), out);
    write(sight.committed(), out);
    write(sight.shown(), out);
    out.writeLong(sight.ageNanos());
    out.writeLong(sight.wallMillis());
  }

  private static void write(@Nullable Glimpse glimpse, BinaryWriter out) {
    Parts.writePair(glimpse == null ? null : glimpse.pair(), out);
    if (glimpse != null) {
      out.writeVarint(glimpse.length());
    }
  }

  static Sight read(BinaryReader in) {
    return new Sight(
        StandingCodec.read(in), readGlimpse(in), readGlimpse(in), in.readLong(), in.readLong());
  }

  private static @Nullable Glimpse readGlimpse(BinaryReader in) {
    Pair pair = Parts.readPair(in);
    if (pair == null) {
      return null;
    }
    long length = in.readVarint();
    if (pair.content().size() > Glimpse.BYTES_MAX || length > Limits.VALUE_BYTES_MAX) {
      throw new InvalidDataException("a glimpse of " + pair.content() + " of " + length);
    }
    return new Glimpse(pair, length);
  }
}
