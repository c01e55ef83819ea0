package io.gamut.replication.committed;

import io.gamut.core.BinaryReader;
import io.gamut.core.BinaryWriter;
import io.gamut.core.Ends;
import io.gamut.core.InvalidDataException;
import io.gamut.core.Limits;
import io.gamut.core.NodeId;
import io.gamut.core.Origin;
import io.gamut.core.VersionVector;
import io.gamut.ledger.log.Configuration;
import io.gamut.ledger.log.Participant;
import io.gamut.replication.committed.Command.Close;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The disks that are gone for good, and the ends of the origins that were written on them.
 *
 * <p>An origin carries the {@linkplain Origin#isOf incarnation} of the disk that it was drawn on,
 * so nobody has to know beforehand which ones a disk wrote under. A disk is never taken back: its
 * server may come again, with another.
 */
final class GoneDisks {
  /** More are refused: as many as there can be origins. */
  static final int MAX = Limits.ORIGINS_MAX;

  private final TreeMap<Participant, Standing> byDisk = new TreeMap<>();
  private Ends ends = Ends.NONE;
  private @Nullable LostDisks lost;

  /**
   * How far the closing of a disk's origins has come.
   *
   * @param round how often they were closed
   * @param gone how many disks were gone by then: when there are more, an end may be gone too
   */
  record Standing(boolean forgets, long round, int gone) {}

  /** What the weak world is told. */
  LostDisks lost() {
    LostDisks known = lost;
    if (known == null) {
      TreeMap<Long, Long> rounds = new TreeMap<>();
      byDisk.forEach((disk, standing) -> rounds.put(disk.incarnation(), standing.round));
      known = new LostDisks(ends, rounds);
      lost = known;
    }
    return known;
  }

  /**
   * Ends of origins. An origin of which nobody held anything when its disk was closed ends at 0: it
   * is in no list, but a session may depend on it.
   */
  Ends ends() {
    return ends;
  }

  List<Participant> all() {
    return new ArrayList<>(byDisk.keySet());
  }

  boolean contains(Participant disk) {
    return byDisk.containsKey(disk);
  }

  boolean isForgotten(Participant disk) {
    Standing standing = byDisk.get(disk);
    return standing != null && standing.forgets;
  }

  boolean isForgotten(NodeId node) {
    for (Map.Entry<Participant, Standing> each : byDisk.entrySet()) {
      if (each.getKey().node().equals(node) && each.getValue().forgets) {
        return true;
      }
    }
    return false;
  }

  /**
   * A disk is gone; or its server is to be forgotten too, which was only thought to come again.
   *
   * @return whether this changes anything
   */
  boolean add(Participant disk, boolean forgets) {
    lost = null;
    Standing before = byDisk.get(disk);
    if (before == null) {
      return byDisk.size() < MAX && byDisk.put(disk, new Standing(forgets, 0, 0)) == null;
    }
    boolean isMore = forgets && !before.forgets;
    if (isMore) {
      byDisk.put(disk, new Standing(true, before.round, before.gone));
    }
    return isMore;
  }

  /**
   * Whether every disk that is gone and no member any more was closed: nobody promises for it, so
   * what it may have stamped must be known first.
   */
  boolean areClosed(Configuration configuration) {
    for (Map.Entry<Participant, Standing> each : byDisk.entrySet()) {
      if (each.getValue().round == 0 && !configuration.contains(each.getKey())) {
        return false;
      }
    }
    return true;
  }

  /**
   * The first disk whose origins have to be closed, or closed again; null for none. Its server must
   * have been taken out of the configuration: else it would have to be asked itself.
   */
  @Nullable Participant toClose(VersionVector absorbed, Configuration configuration) {
    int removed = removedFrom(configuration);
    for (Map.Entry<Participant, Standing> each : byDisk.entrySet()) {
      Standing standing = each.getValue();
      boolean mayBeGone = standing.gone < removed && !isComplete(each.getKey(), absorbed);
      if (!configuration.contains(each.getKey()) && (standing.round == 0 || mayBeGone)) {
        return each.getKey();
      }
    }
    return null;
  }

  private int removedFrom(Configuration configuration) {
    return (int) byDisk.keySet().stream().filter(each -> !configuration.contains(each)).count();
  }

  private boolean isComplete(Participant disk, VersionVector absorbed) {
    for (Map.Entry<Origin, Long> each : ends.byOrigin().entrySet()) {
      if (each.getKey().isOf(disk.incarnation()) && absorbed.get(each.getKey()) < each.getValue()) {
        return false;
      }
    }
    return true;
  }

  /** Whether a closing takes effect. */
  boolean mayClose(Close close, Configuration configuration) {
    Standing standing = byDisk.get(close.gone());
    return standing != null
        && close.round() == standing.round + 1
        && close.asked().containsAll(configuration.everyone())
        && !configuration.contains(close.gone());
  }

  /** Ends get lower only, and nothing that is absorbed is beyond them. */
  void close(Close close, VersionVector absorbed, Configuration configuration) {
    TreeSet<Origin> origins = new TreeSet<>(close.ends().byOrigin().keySet());
    origins.addAll(ends.byOrigin().keySet());
    absorbed.forEach((origin, _) -> origins.add(origin));
    TreeMap<Origin, Long> closed = new TreeMap<>();
    for (Origin origin : origins) {
      if (origin.isOf(close.gone().incarnation())) {
        long held = close.ends().byOrigin().getOrDefault(origin, 0L);
        long end = Math.max(held, absorbed.get(origin));
        closed.put(origin, Math.min(end, ends.of(origin)));
      }
    }
    ends = ends.with(closed).withDisks(List.of(close.gone().incarnation()));
    lost = null;
    int removed = removedFrom(configuration);
    byDisk.computeIfPresent(
        close.gone(), (_, before) -> new Standing(before.forgets, close.round(), removed));
  }

  void write(BinaryWriter out) {
    out.writeVarint(byDisk.size());
    byDisk.forEach((disk, standing) -> {
      disk.write(out);
      out.writeByte(standing.forgets ? 1 : 0);
      out.writeVarint(standing.round);
      out.writeVarint(standing.gone);
    });
    ends.write(out);
  }

  static GoneDisks read(BinaryReader in) {
    GoneDisks gone = new GoneDisks();
    for (int left = in.readCount(MAX, "disks"); left > 0; left--) {
      Participant disk = Participant.read(in);
      Standing standing = new Standing(in.readByte() != 0, in.readVarint(), (int) in.readVarint());
      if (gone.byDisk.put(disk, standing) != null) {
        throw new InvalidDataException("a disk is gone once");
      }
    }
    TreeSet<Long> closed = new TreeSet<>();
    gone.byDisk.forEach((disk, standing) -> {
      if (standing.round > 0) {
        closed.add(disk.incarnation());
      }
    });
    gone.ends = Ends.read(in).withDisks(closed);
    return gone;
  }
}
