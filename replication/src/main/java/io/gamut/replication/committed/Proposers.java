package io.gamut.replication.committed;

import io.gamut.core.BinaryReader;
import io.gamut.core.BinaryWriter;
import io.gamut.core.HybridClock;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What was applied of each proposer: so that a batch takes effect once, and only as the next.
 *
 * <p><b>Bounds.</b> A proposer that was not heard for {@value #KEPT_MILLIS} ms of ledger time may
 * be forgotten, and is once there are many. One that is unknown is accepted only if its boot, or
 * the stamp of its first batch, is younger than that: a late repetition of what a forgotten one had
 * done is then not taken for a beginning, since ledger time had been past its stamp when it was
 * used. The boot alone would shut out a server that was up for long before its first operation, or
 * was started while its clock was behind.
 */
final class Proposers {
  static final long KEPT_MILLIS = 3_600_000;

  /** From here on the old ones are forgotten. */
  private static final int MANY = 256;

  /** More are refused: each replica and gateway is one. */
  private static final int MAX = 4_096;

  private final TreeMap<Long, Standing> byId = new TreeMap<>();

  /**
   * How far a proposer is.
   *
   * @param last number that was applied
   * @param answered replies up to here are not kept any more
   * @param usedMillis ledger time when it was last heard
   */
  record Standing(long boot, long last, long answered, long usedMillis) {}

  private Proposers() {}

  static Proposers none() {
    return new Proposers();
  }

  static Proposers read(BinaryReader in) {
    Proposers proposers = new Proposers();
    for (int left = in.readCount(MAX, "proposers"); left > 0; left--) {
      long id = in.readLong();
      proposers.byId.put(
          id, new Standing(in.readLong(), in.readVarint(), in.readVarint(), in.readVarint()));
    }
    return proposers;
  }

  void write(BinaryWriter out) {
    out.writeVarint(byId.size());
    byId.forEach((id, standing) -> {
      out.writeLong(id);
      out.writeLong(standing.boot);
      out.writeVarint(standing.last);
      out.writeVarint(standing.answered);
      out.writeVarint(standing.usedMillis);
    });
  }

  @Nullable Standing find(long id) {
    return byId.get(id);
  }

  /** Whether a batch of this number is the next of its proposer. */
  boolean isNext(Proposer proposer, long number, long stamp, long millis) {
    Standing known = byId.get(proposer.id());
    if (known != null && proposer.boot() == known.boot) {
      return number == known.last + 1;
    }
    boolean isLater =
        known != null
            ? proposer.boot() > known.boot
            : HybridClock.millis(Math.max(proposer.boot(), stamp)) > millis - KEPT_MILLIS
                && hasRoom(millis);
    return isLater && number == 1;
  }

  private boolean hasRoom(long millis) {
    if (byId.size() >= MANY) {
      byId.values().removeIf(standing -> standing.usedMillis < millis - KEPT_MILLIS);
    }
    return byId.size() < MAX;
  }

  /** Its next batch was applied. */
  void onApplied(Proposer proposer, long number, long answered, long millis) {
    byId.put(proposer.id(), new Standing(proposer.boot(), number, answered, millis));
  }
}
