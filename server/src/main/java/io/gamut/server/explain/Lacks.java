package io.gamut.server.explain;

import io.gamut.core.Dot;
import io.gamut.core.LedgerPosition;
import io.gamut.core.Origin;
import io.gamut.core.Requirement;
import io.gamut.core.Session;
import io.gamut.core.Version;
import io.gamut.core.VersionVector;
import io.gamut.replication.remote.Glimpse;
import io.gamut.replication.remote.Sight;
import io.gamut.replication.remote.Standing;
import io.gamut.server.explain.Lack.Stage;
import io.gamut.server.passing.Looked;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a replica lacks of a requirement: nothing where {@link Requirement#isSatisfiedBy} says that
 * it is satisfied.
 *
 * @param first some of it, at most {@value #SHOWN_MAX}
 * @param count of all
 * @param isLost whether some of it is gone for good
 */
public record Lacks(List<Lack> first, int count, boolean isLost) {
  static final int SHOWN_MAX = 16;

  public Lacks {
    first = List.copyOf(first);
  }

  /** What weak reads lack: what they need must be visible. */
  public static Lacks ofWeak(Requirement requirement, Sight sight) {
    VersionVector visible = sight.standing().visible().join(sight.standing().absorbed());
    return of(requirement, sight.standing(), visible, version(sight.shown()), false);
  }

  /** What strong reads lack: what they need must be absorbed by the ledger. */
  public static Lacks ofStrong(Requirement requirement, Sight sight) {
    VersionVector absorbed = sight.standing().absorbed();
    return of(requirement, sight.standing(), absorbed, version(sight.committed()), true);
  }

  private static @Nullable Version version(@Nullable Glimpse glimpse) {
    return glimpse == null ? null : glimpse.pair().version();
  }

  private static Lacks of(
      Requirement requirement,
      Standing standing,
      VersionVector there,
      @Nullable Version current,
      boolean isStrong) {
    if (requirement.isSatisfiedBy(there, standing.applied(), current)) {
      return new Lacks(List.of(), 0, false);
    }
    TreeMap<Origin, Long> updates = new TreeMap<>();
    long index = requirement.index();
    requirement.vector().forEach(updates::put);
    Session.Seen seen = requirement.seen();
    if (seen != null && (current == null || current.compareTo(seen.version()) < 0)) {
      switch (seen.mark()) {
        case Dot dot -> updates.merge(dot.origin(), dot.sequence(), Math::max);
        case LedgerPosition(long at) -> index = Math.max(index, at);
      }
    }
    List<Lack> all = new ArrayList<>();
    if (index > standing.applied()) {
      all.add(new Lack.OfLedger(index, standing.applied()));
    }
    updates.forEach((origin, wanted) -> {
      if (there.get(origin) < wanted) {
        all.add(lack(origin, wanted, standing, isStrong));
      }
    });
    List<Lack> first = all.subList(0, Math.min(all.size(), SHOWN_MAX));
    return new Lacks(first, all.size(), requirement.isLost(standing.ends(), current));
  }

  /** The first that has not been done. What is absorbed need not have been received. */
  private static Lack lack(Origin origin, long wanted, Standing standing, boolean isStrong) {
    long received = Math.max(standing.received().get(origin), standing.absorbed().get(origin));
    long visible = Math.max(standing.visible().get(origin), standing.absorbed().get(origin));
    if (received < wanted) {
      return new Lack.OfOrigin(origin, wanted, received, Stage.RECEIVED);
    }
    return isStrong && visible >= wanted
        ? new Lack.OfOrigin(origin, wanted, standing.absorbed().get(origin), Stage.ABSORBED)
        : new Lack.OfOrigin(origin, wanted, visible, Stage.VISIBLE);
  }

  public boolean isNone() {
    return count == 0 && !isLost;
  }

  /** In words, behind "for". */
  String words(Looked looked) {
    String words = Objects.requireNonNull(first.getFirst()).words(looked);
    return count == 1 ? words : words + " and " + (count - 1) + " more";
  }
}
