package io.gamut.replication.message;

import io.gamut.core.BinaryReader;
import io.gamut.core.BinaryWriter;
import io.gamut.core.Content;
import io.gamut.core.Content.Tombstone;
import io.gamut.core.Content.Value;
import io.gamut.core.InvalidDataException;
import io.gamut.core.Limits;

/**
 * The encoding of a write's content, the same wherever one is sent or kept.
 *
 * <p>What it lacks it does not say: which parts follow is told by three bits of a byte that stands
 * before it, and that whoever encodes the write has other uses for.
 */
public final class ContentCodec {
  private static final int TOMBSTONE = 1 << 4;
  private static final int MARKS = 1 << 5;
  private static final int EXPIRES = 1 << 6;

  /** The bits that belong to the content. */
  public static final int FLAGS = TOMBSTONE | MARKS | EXPIRES;

  private ContentCodec() {}

  /** Which parts {@link #write} writes: some of {@link #FLAGS}. */
  public static int flags(Content content) {
    return switch (content) {
      case Tombstone.TOMBSTONE -> TOMBSTONE;
      case Value value ->
          (value.marks() == 0 ? 0 : MARKS) | (value.expiresAtMillis() == 0 ? 0 : EXPIRES);
    };
  }

  public static void write(Content content, BinaryWriter out) {
    if (content instanceof Value value) {
      if (value.marks() != 0) {
        out.writeVarint(value.marks());
      }
      if (value.expiresAtMillis() != 0) {
        out.writeVarint(value.expiresAtMillis());
      }
      out.writeBytes(value.bytes());
    }
  }

  /**
   * Reads what {@link #write} wrote, by a byte with its flags. Throws {@link InvalidDataException}
   * on anything that it never says.
   */
  public static Content read(int flags, BinaryReader in) {
    if (has(flags, TOMBSTONE)) {
      return Tombstone.TOMBSTONE;
    }
    long marks = has(flags, MARKS) ? in.readVarint() : 0;
    long expiresAtMillis = has(flags, EXPIRES) ? in.readVarint() : 0;
    return Value.marked(in.readBytes(Limits.VALUE_BYTES_MAX), marks, expiresAtMillis);
  }

  private static boolean has(int flags, int flag) {
    return (flags & flag) != 0;
  }
}
