package io.gamut.storage.update;

import io.gamut.core.BinaryReader;
import io.gamut.core.BinaryWriter;
import io.gamut.core.Dot;
import io.gamut.core.InvalidDataException;
import io.gamut.core.Origin;
import io.gamut.core.Pair;
import io.gamut.core.Version;
import io.gamut.replication.message.Update;
import io.gamut.replication.message.UpdateCodec;
import java.util.List;

/**
 * What the rows of a {@link RocksUpdateStore} look like. Dots are in fixed width, most significant
 * byte first, so that an origin's updates lie one behind the other.
 */
final class Rows {
  static final int DOT_BYTES = 3 * Long.BYTES;
  private static final int WINNER_BYTES = 3 * Long.BYTES + DOT_BYTES;

  private Rows() {}

  /** Which update has won a key: the content stands in the log. */
  record Winner(Version version, Dot dot) {}

  static byte[] dot(Dot dot) {
    BinaryWriter out = new BinaryWriter(DOT_BYTES);
    writeDot(dot, out);
    return out.toByteArray();
  }

  static Dot dot(byte[] row) {
    BinaryReader in = new BinaryReader(row);
    Dot dot = readDot(in);
    in.requireEnd();
    return dot;
  }

  /** A key behind all that begin with this dot. */
  static byte[] behind(Dot dot) {
    byte[] key = dot(dot);
    int last = key.length - 1;
    while (last >= 0 && ++key[last] == 0) {
      last--;
    }
    return last >= 0 ? key : new byte[0];
  }

  static byte[] overtaking(Overtaking overtaking) {
    BinaryWriter out = new BinaryWriter(2 * DOT_BYTES);
    writeDot(overtaking.awaited(), out);
    writeDot(overtaking.loser(), out);
    return out.toByteArray();
  }

  static Overtaking overtaking(byte[] row) {
    BinaryReader in = new BinaryReader(row);
    Overtaking overtaking = new Overtaking(readDot(in), readDot(in));
    in.requireEnd();
    return overtaking;
  }

  static byte[] winner(Pair pair) {
    BinaryWriter out = new BinaryWriter(WINNER_BYTES);
    out.writeLong(pair.version().timestamp());
    out.writeOrigin(pair.version().stamper());
    writeDot(pair.dot(), out);
    return out.toByteArray();
  }

  static Winner winner(byte[] row) {
    BinaryReader in = new BinaryReader(row);
    Winner winner = new Winner(new Version(in.readLong(), in.readOrigin()), readDot(in));
    in.requireEnd();
    return winner;
  }

  static byte[] update(Update update) {
    BinaryWriter out = new BinaryWriter(update.size());
    UpdateCodec.write(List.of(update), out);
    return out.toByteArray();
  }

  static Update update(byte[] row) {
    BinaryReader in = new BinaryReader(row);
    List<Update> updates = UpdateCodec.read(in);
    in.requireEnd();
    if (updates.size() != 1) {
      throw new InvalidDataException("a row holds one update, not " + updates.size());
    }
    return updates.getFirst();
  }

  private static void writeDot(Dot dot, BinaryWriter out) {
    out.writeOrigin(dot.origin());
    out.writeLong(dot.sequence());
  }

  private static Dot readDot(BinaryReader in) {
    Origin origin = in.readOrigin();
    long sequence = in.readLong();
    if (sequence < 1) {
      throw new InvalidDataException("a sequence counts from 1, not " + sequence);
    }
    return new Dot(origin, sequence);
  }
}
