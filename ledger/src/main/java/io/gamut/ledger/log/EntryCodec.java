package io.gamut.ledger.log;

import io.gamut.core.BinaryReader;
import io.gamut.core.BinaryWriter;
import io.gamut.core.InvalidDataException;
import java.util.ArrayList;
import java.util.List;

/**
 * The encoding of {@link Entry entries} that follow each other: a count, then for each by how much
 * its term is above that of the one before, a kind and a body. Indexes follow from where the list
 * begins.
 */
public final class EntryCodec {
  /** Bytes of one command: a value of the greatest size, with room for what is said of it. */
  public static final int COMMAND_BYTES_MAX = 16 << 20;

  /** In one list. An entry takes more memory than bytes on the wire. */
  public static final int ENTRIES_MAX = 1 << 20;

  private static final int NO_OP = 0;
  private static final int COMMAND = 1;
  private static final int RECONFIGURED = 2;

  private EntryCodec() {}

  public static void write(List<Entry> entries, BinaryWriter out) {
    out.writeVarint(entries.size());
    long term = 0;
    for (Entry entry : entries) {
      out.writeVarint(entry.term() - term);
      term = entry.term();
      writeBody(entry.body(), out);
    }
  }

  private static void writeBody(Entry.Body body, BinaryWriter out) {
    switch (body) {
      case Entry.NoOp.NO_OP -> out.writeByte(NO_OP);
      case Entry.Command(byte[] bytes) -> {
        out.writeByte(COMMAND);
        out.writeBytes(bytes);
      }
      case Entry.Reconfigured(Configuration configuration) -> {
        out.writeByte(RECONFIGURED);
        configuration.write(out);
      }
    }
  }

  /**
   * Reads entries that follow an index. Throws {@link InvalidDataException} on anything else, so on
   * a term that is not a number from 1 on, and on an index beyond all numbers.
   */
  public static List<Entry> read(long previous, BinaryReader in) {
    int count = in.readCount(ENTRIES_MAX, "entries");
    if (previous > Long.MAX_VALUE - count) {
      throw new InvalidDataException("there is no room for entries behind " + previous);
    }
    List<Entry> entries = new ArrayList<>();
    long term = 0;
    for (int i = 1; i <= count; i++) {
      term += in.readVarint();
      if (term < 1) {
        throw new InvalidDataException("terms count from 1, not " + term);
      }
      entries.add(new Entry(previous + i, term, readBody(in)));
    }
    return List.copyOf(entries);
  }

  private static Entry.Body readBody(BinaryReader in) {
    int kind = in.readByte();
    return switch (kind) {
      case NO_OP -> Entry.NoOp.NO_OP;
      case COMMAND -> new Entry.Command(in.readBytes(COMMAND_BYTES_MAX));
      case RECONFIGURED -> new Entry.Reconfigured(Configuration.read(in));
      default -> throw new InvalidDataException("ledger entry of kind " + kind);
    };
  }
}
