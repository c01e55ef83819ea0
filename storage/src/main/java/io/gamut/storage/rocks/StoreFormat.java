package io.gamut.storage.rocks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Which format a store says that it has, in a row of its own.
 *
 * @param meta the table with that row
 * @param current what this version writes and reads, 1 to 127
 */
public record StoreFormat(RocksTables tables, Table meta, int current) {
  private static final byte[] ROW = "format".getBytes(StandardCharsets.US_ASCII);

  private byte @Nullable [] found() {
    return tables.latest().get(meta, ROW);
  }

  /** Whether the store says that it has this format. */
  public boolean is(int format) {
    byte[] found = found();
    return found != null && found.length == 1 && found[0] == format;
  }

  /** Gives a new store its mark. Throws {@link IOException} if it has another than the current. */
  public void require() throws IOException {
    byte[] found = found();
    if (found == null && tables.isEmpty()) {
      mark();
    } else if (!is(current)) {
      throw new IOException(
          "the store in "
              + tables.directory()
              + " has format "
              + (found == null || found.length != 1 ? "unknown" : "" + found[0])
              + ", this version reads "
              + current
              + ": use the version that wrote it, or delete it to fetch all from the others");
    }
  }

  /** From now on the store has the current format. */
  public void mark() {
    tables.write(batch -> batch.put(meta, ROW, new byte[] {(byte) current}));
    tables.flush();
  }
}
