package io.gamut.replication.message;

import io.gamut.core.BinaryReader;
import io.gamut.core.BinaryWriter;
import io.gamut.core.Dot;
import io.gamut.core.InvalidDataException;
import io.gamut.core.Key;
import io.gamut.core.Limits;
import io.gamut.core.Origin;
import io.gamut.core.Version;
import io.gamut.core.VersionVector;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The encoding of a list of updates, the same in the journal, in the store and between replicas.
 *
 * <p>Neighbours in a list resemble each other, so each update says only what differs from the one
 * before it: its origin if it changed, its sequence if it is not the next, its dependencies if they
 * changed (and then only the entries that did, with 0 for one that went away), and the ledger's
 * index that it depends on if that changed. A list thus carries its first vector once and then
 * differences.
 */
public final class UpdateCodec {
  /** A list never holds more; a reader refuses more before it allocates. */
  public static final int UPDATES_MAX = 65_536;

  // The bits beside those of the content.
  private static final int NEW_ORIGIN = 1;
  private static final int SEQUENCE_GIVEN = 1 << 1;
  private static final int STAMPED_ELSEWHERE = 1 << 2;
  private static final int DEPENDENCIES_CHANGED = 1 << 3;
  private static final int INDEX_CHANGED = 1 << 7;

  private UpdateCodec() {}

  public static void write(List<Update> updates, BinaryWriter out) {
    out.writeVarint(updates.size());
    Update before = null;
    for (Update update : updates) {
      writeOne(update, before, out);
      before = update;
    }
  }

  private static void writeOne(Update update, @Nullable Update before, BinaryWriter out) {
    Origin origin = update.dot().origin();
    boolean sameOrigin = before != null && before.dot().origin().equals(origin);
    boolean next =
        before != null && sameOrigin && before.dot().sequence() + 1 == update.dot().sequence();
    VersionVector reference = before == null ? VersionVector.EMPTY : before.dependencies();
    boolean sameDependencies = reference.equals(update.dependencies());
    boolean sameIndex = (before == null ? 0 : before.index()) == update.index();
    boolean stampedElsewhere = !update.version().stamper().equals(origin);
    out.writeByte(
        (sameOrigin ? 0 : NEW_ORIGIN)
            | (next ? 0 : SEQUENCE_GIVEN)
            | (stampedElsewhere ? STAMPED_ELSEWHERE : 0)
            | (sameDependencies ? 0 : DEPENDENCIES_CHANGED)
            | (sameIndex ? 0 : INDEX_CHANGED)
            | ContentCodec.flags(update.content()));
    if (!sameOrigin) {
      out.writeOrigin(origin);
    }
    if (!next) {
      out.writeVarint(update.dot().sequence());
    }
    out.writeLong(update.version().timestamp());
    if (stampedElsewhere) {
      out.writeOrigin(update.version().stamper());
    }
    if (!sameDependencies) {
      writeDifference(reference, update.dependencies(), out);
    }
    if (!sameIndex) {
      out.writeVarint(update.index());
    }
    out.writeBytes(update.key().bytes());
    ContentCodec.write(update.content(), out);
  }

  private static void writeDifference(VersionVector from, VersionVector to, BinaryWriter out) {
    VersionVector changed = to;
    List<Origin> gone = new ArrayList<>();
    for (Origin origin : originsOf(from)) {
      if (to.get(origin) == from.get(origin)) {
        changed = changed.with(origin, 0);
      } else if (to.get(origin) == 0) {
        gone.add(origin);
      }
    }
    changed.write(out);
    out.writeVarint(gone.size());
    gone.forEach(out::writeOrigin);
  }

  private static List<Origin> originsOf(VersionVector vector) {
    List<Origin> origins = new ArrayList<>(vector.size());
    vector.forEach((origin, sequence) -> origins.add(origin));
    return origins;
  }

  /**
   * Reads a list. Throws {@link InvalidDataException} on anything that {@link #write} never says.
   */
  public static List<Update> read(BinaryReader in) {
    int count = in.readCount(UPDATES_MAX, "updates");
    List<Update> updates = new ArrayList<>(count);
    Update before = null;
    for (int i = 0; i < count; i++) {
      before = readOne(before, in);
      updates.add(before);
    }
    return updates;
  }

  private static Update readOne(@Nullable Update before, BinaryReader in) {
    int flags = in.readByte();
    boolean newOrigin = has(flags, NEW_ORIGIN);
    if (before == null && !(newOrigin && has(flags, SEQUENCE_GIVEN))) {
      throw new InvalidDataException("the first update of a list names its dot in full");
    }
    Origin origin = newOrigin || before == null ? in.readOrigin() : before.dot().origin();
    long sequence =
        has(flags, SEQUENCE_GIVEN) || before == null
            ? in.readVarint()
            : before.dot().sequence() + 1;
    if (sequence < 1) {
      throw new InvalidDataException("a sequence counts from 1");
    }
    long timestamp = in.readLong();
    Origin stamper = has(flags, STAMPED_ELSEWHERE) ? in.readOrigin() : origin;
    VersionVector dependencies = before == null ? VersionVector.EMPTY : before.dependencies();
    if (has(flags, DEPENDENCIES_CHANGED)) {
      dependencies = readDifference(dependencies, in);
    }
    long index = before == null ? 0 : before.index();
    if (has(flags, INDEX_CHANGED)) {
      index = in.readVarint();
    }
    Key key = Key.of(in.readBytes(Limits.KEY_BYTES_MAX));
    return new Update(
        new Dot(origin, sequence),
        new Version(timestamp, stamper),
        dependencies,
        index,
        key,
        ContentCodec.read(flags, in));
  }

  private static VersionVector readDifference(VersionVector from, BinaryReader in) {
    VersionVector changed = VersionVector.read(in);
    VersionVector[] result = {from};
    changed.forEach((origin, sequence) -> result[0] = result[0].with(origin, sequence));
    int gone = in.readCount(Limits.ORIGINS_MAX, "origins");
    for (int i = 0; i < gone; i++) {
      result[0] = result[0].with(in.readOrigin(), 0);
    }
    if (result[0].size() > Limits.ORIGINS_MAX) {
      throw new InvalidDataException("a vector has at most " + Limits.ORIGINS_MAX + " origins");
    }
    return result[0];
  }

  private static boolean has(int flags, int flag) {
    return (flags & flag) != 0;
  }
}
