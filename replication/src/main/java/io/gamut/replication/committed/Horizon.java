package io.gamut.replication.committed;

import io.gamut.core.BinaryReader;
import io.gamut.core.BinaryWriter;
import io.gamut.core.Content;
import io.gamut.core.Version;
import org.jspecify.annotations.Nullable;

/**
 * Behind it committed rows count as absent. So a range tombstone or a raised floor takes effect at
 * one moment, on all replicas at the same index, however long it takes to remove the rows from the
 * disk; what is still there is hidden.
 *
 * <p>It only ever moves forward, in all of its parts, so a row that is hidden stays so.
 *
 * @param cleared version of the newest range tombstone; it covers all keys
 * @param floor timestamp up to which tombstones are collected, 0 for none
 * @param millis ledger time: a value that has expired by it is collected as a tombstone is
 */
public record Horizon(Version cleared, long floor, long millis) {
  public static final Horizon NONE = new Horizon(Version.NONE, 0, 0);

  /**
   * What a key without a row counts as the tombstone of: what a collected tombstone has overtaken
   * stays overtaken. {@link Version#NONE} while nothing was ever collected.
   */
  public Version base() {
    Version collected = floor == 0 ? Version.NONE : Version.lastAt(floor);
    return collected.isAfter(cleared) ? collected : cleared;
  }

  /** Whether a row counts as absent. */
  public boolean hides(Row row) {
    if (!row.version().isAfter(cleared)) {
      return true;
    }
    return Long.compareUnsigned(row.version().timestamp(), floor) <= 0 && isOver(row.content());
  }

  private boolean isOver(Content content) {
    return !(content instanceof Content.Value value) || value.expiredAt(millis);
  }

  /** A row, unless it counts as absent. */
  public @Nullable Row shown(@Nullable Row row) {
    return row == null || hides(row) ? null : row;
  }

  public void write(BinaryWriter out) {
    OperationCodec.writeVersion(cleared, out);
    out.writeLong(floor);
    out.writeVarint(millis);
  }

  public static Horizon read(BinaryReader in) {
    return new Horizon(OperationCodec.readVersion(in), in.readLong(), in.readVarint());
  }
}
