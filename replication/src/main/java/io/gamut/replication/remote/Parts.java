package io.gamut.replication.remote;

import io.gamut.core.BinaryReader;
import io.gamut.core.BinaryWriter;
import io.gamut.core.Dot;
import io.gamut.core.InvalidDataException;
import io.gamut.core.Key;
import io.gamut.core.LedgerPosition;
import io.gamut.core.Limits;
import io.gamut.core.Mark;
import io.gamut.core.Pair;
import io.gamut.core.Requirement;
import io.gamut.core.Session;
import io.gamut.core.Version;
import io.gamut.core.VersionVector;
import io.gamut.replication.message.ContentCodec;
import org.jspecify.annotations.Nullable;

/** What questions and answers have in common, encoded. */
final class Parts {
  private static final int ABSENT = 0;
  private static final int BY_DOT = 1;
  private static final int BY_POSITION = 2;

  private Parts() {}

  static void writeKey(Key key, BinaryWriter out) {
    out.writeBytes(key.bytes());
  }

  static Key readKey(BinaryReader in) {
    return Key.of(in.readBytes(Limits.KEY_BYTES_MAX));
  }

  static void writeVersion(Version version, BinaryWriter out) {
    out.writeLong(version.timestamp());
    out.writeOrigin(version.stamper());
  }

  static Version readVersion(BinaryReader in) {
    return new Version(in.readLong(), in.readOrigin());
  }

  static void writeMark(@Nullable Mark mark, BinaryWriter out) {
    switch (mark) {
      case null -> out.writeByte(ABSENT);
      case Dot dot -> {
        out.writeByte(BY_DOT);
        out.writeOrigin(dot.origin());
        out.writeVarint(dot.sequence());
      }
      case LedgerPosition(long index) -> {
        out.writeByte(BY_POSITION);
        out.writeVarint(index);
      }
    }
  }

  static @Nullable Mark readMark(BinaryReader in) {
    int kind = in.readByte();
    return switch (kind) {
      case ABSENT -> null;
      case BY_DOT -> new Dot(in.readOrigin(), in.readVarint());
      case BY_POSITION -> new LedgerPosition(in.readVarint());
      default -> throw new InvalidDataException("a mark of kind " + kind);
    };
  }

  static void writePair(@Nullable Pair pair, BinaryWriter out) {
    writeMark(pair == null ? null : pair.mark(), out);
    if (pair != null) {
      writeKey(pair.key(), out);
      writeVersion(pair.version(), out);
      out.writeByte(ContentCodec.flags(pair.content()));
      ContentCodec.write(pair.content(), out);
    }
  }

  static @Nullable Pair readPair(BinaryReader in) {
    Mark mark = readMark(in);
    if (mark == null) {
      return null;
    }
    Key key = readKey(in);
    Version version = readVersion(in);
    return new Pair(key, ContentCodec.read(in.readByte(), in), version, mark);
  }

  static void writeRequirement(Requirement requirement, BinaryWriter out) {
    requirement.vector().write(out);
    out.writeVarint(requirement.index());
    Session.Seen seen = requirement.seen();
    writeMark(seen == null ? null : seen.mark(), out);
    if (seen != null) {
      writeVersion(seen.version(), out);
    }
  }

  static Requirement readRequirement(BinaryReader in) {
    VersionVector vector = VersionVector.read(in);
    long index = in.readVarint();
    Mark mark = readMark(in);
    Session.Seen seen = mark == null ? null : new Session.Seen(readVersion(in), mark);
    return new Requirement(vector, index, seen);
  }
}
