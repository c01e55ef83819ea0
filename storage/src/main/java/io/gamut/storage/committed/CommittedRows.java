package io.gamut.storage.committed;

import io.gamut.core.BinaryReader;
import io.gamut.core.BinaryWriter;
import io.gamut.core.InvalidDataException;
import io.gamut.core.Version;
import io.gamut.replication.committed.Row;
import io.gamut.replication.message.ContentCodec;

/** What the rows of a {@link RocksCommittedStore} look like. */
final class CommittedRows {
  private static final int NAME_BYTES = 2 * Long.BYTES;

  /** Flags, version, the content's flags, expiry and length. */
  private static final int ROW_OVERHEAD_BYTES = 1 + 3 * Long.BYTES + 20;

  private CommittedRows() {}

  /** How far the ledger has been applied, and the state that was kept beside it. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Applied(long position, byte[] state) {}

  static byte[] row(Row row) {
    BinaryWriter out = new BinaryWriter(ROW_OVERHEAD_BYTES + row.content().size());
    out.writeByte(ContentCodec.flags(row.content()));
    out.writeLong(row.version().timestamp());
    out.writeOrigin(row.version().stamper());
    ContentCodec.write(row.content(), out);
    return out.toByteArray();
  }

  static Row row(byte[] bytes) {
    BinaryReader in = new BinaryReader(bytes);
    int flags = in.readByte();
    if ((flags & ~ContentCodec.FLAGS) != 0) {
      throw new InvalidDataException("a row has no flags beside its content's, not " + flags);
    }
    Version version = new Version(in.readLong(), in.readOrigin());
    Row row = new Row(version, ContentCodec.read(flags, in));
    in.requireEnd();
    return row;
  }

  /** In fixed width, most significant byte first, so that a proposer's numbers lie in order. */
  static byte[] name(ReplyName name) {
    BinaryWriter out = new BinaryWriter(NAME_BYTES);
    out.writeLong(name.proposer());
    out.writeLong(name.number());
    return out.toByteArray();
  }

  static byte[] applied(Applied applied) {
    BinaryWriter out = new BinaryWriter(Long.BYTES + applied.state().length);
    out.writeLong(applied.position());
    out.writeRaw(applied.state());
    return out.toByteArray();
  }

  static Applied applied(byte[] bytes) {
    BinaryReader in = new BinaryReader(bytes);
    long position = in.readLong();
    if (position < 0) {
      throw new InvalidDataException("a position is not negative: " + position);
    }
    return new Applied(position, in.readRaw(in.remaining()));
  }
}
