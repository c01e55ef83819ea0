package io.gamut.server.explain;

import io.gamut.core.Consistency;
import io.gamut.core.Key;
import io.gamut.core.NodeId;
import io.gamut.core.Reply;
import io.gamut.core.Requirement;
import io.gamut.replication.remote.Glimpse;
import io.gamut.replication.remote.Sight;
import io.gamut.server.explain.Forecast.Expected;
import io.gamut.server.explain.Forecast.Price;
import io.gamut.server.passing.Looked;
import io.gamut.server.passing.Seen;
import io.gamut.server.request.Asked;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What reads of a key would return now, level by level, for one session: the rules of
 * docs/consistency.md, section 4, looked at from outside. It asks nobody and changes nothing; by
 * the time somebody reads, things may stand otherwise.
 */
public final class Forecasts {
  private final Key key;
  private final Asked asked;
  private final Looked looked;
  private final NodeId server;
  private final Sight here;

  private Forecasts(Key key, Asked asked, Looked looked, NodeId server, Sight here) {
    this.key = key;
    this.asked = asked;
    this.looked = looked;
    this.server = server;
    this.here = here;
  }

  /**
   * Of all six levels.
   *
   * @param asked whose session, bound and patience count
   */
  public static List<Forecast> of(Key key, Asked asked, Looked looked) {
    NodeId server = looked.server();
    Sight here = looked.at(server);
    List<Consistency> levels = Arrays.asList(Consistency.values());
    if (server == null || here == null) {
      String words = "no server is known here that could answer";
      return levels.stream()
          .map(level -> new Forecast(level, Price.REFUSED, words, patience(level, asked), null))
          .toList();
    }
    Forecasts forecasts = new Forecasts(key, asked, looked, server, here);
    Forecasts latest = forecasts.ofLatest(here.standing().leader());
    return levels.stream()
        .map(level -> (level == Consistency.LINEARIZABLE ? latest : forecasts).of(level))
        .toList();
  }

  /** Gateways have linearizable reads answered by the leader, if they can. */
  private Forecasts ofLatest(@Nullable NodeId leader) {
    Sight there = looked.isPassedOn() ? looked.at(leader) : null;
    return leader == null || there == null
        ? this
        : new Forecasts(key, asked, looked, leader, there);
  }

  private Forecast of(Consistency level) {
    return switch (level) {
      case EVENTUAL, SESSION, CAUSAL -> weak(level);
      case SEQUENTIAL -> applied(level, Freshness.ANY);
      case BOUNDED -> isFresh() ? applied(level, Freshness.WITHIN) : confirmed(level, tooOld());
      case LINEARIZABLE -> confirmed(level, "");
    };
  }

  private static int patience(Consistency level, Asked asked) {
    return asked.at(level).patienceMillis();
  }

  private Forecast forecast(
      Consistency level, Price price, String words, @Nullable Expected answer) {
    Integer most =
        switch (price) {
          case AT_ONCE -> Integer.valueOf(0);
          case REFUSED -> Integer.valueOf(0);
          case WAIT, ROUND, PASSED -> Integer.valueOf(patience(level, asked));
        };
    String way = looked.isPassedOn() ? "by server " + server + ": " : "";
    return new Forecast(level, price, way + words, most, answer);
  }

  // Weak reads

  private Forecast weak(Consistency level) {
    Requirement requirement = asked.session().requirement(key, level);
    Lacks lacks = Lacks.ofWeak(requirement, here);
    if (lacks.isLost()) {
      return lost(level);
    }
    if (!here.standing().isAdmitted()) {
      String words = "server " + server + " is no member (yet), and has a member answer";
      return forecast(level, Price.PASSED, words, null);
    }
    if (!here.standing().settled()) {
      return waiting(level, "until server " + server + " has caught up so far that it may show");
    }
    return lacks.isNone()
        ? forecast(level, Price.AT_ONCE, "at once, as server " + server + " has it", shown())
        : waiting(level, "for " + lacks.words(looked));
  }

  private Forecast waiting(Consistency level, String forWhat) {
    return asked.at(level).patienceMillis() == 0
        ? forecast(level, Price.REFUSED, "ERR_DEP: it would have to wait " + forWhat, null)
        : forecast(level, Price.WAIT, "waits " + forWhat + ", then ERR_DEP", null);
  }

  private Forecast lost(Consistency level) {
    String words = "ERR_LOST, once: what the session depends on is gone with a disk";
    return forecast(level, Price.REFUSED, words, null);
  }

  private Expected shown() {
    Glimpse glimpse = here.shown();
    boolean hasValue = glimpse != null && glimpse.pair().valueAt(here.wallMillis()) != null;
    return new Expected(server, glimpse, hasValue);
  }

  // Strong reads

  private enum Freshness {
    ANY,
    WITHIN
  }

  private boolean isFresh() {
    return here.ageNanos() != Reply.Read.AGE_UNKNOWN && here.ageNanos() <= asked.boundNanos();
  }

  private String tooOld() {
    String bound = TimeUnit.NANOSECONDS.toMillis(asked.boundNanos()) + " ms";
    return here.ageNanos() == Reply.Read.AGE_UNKNOWN
        ? "it is not known here how old the state is (bound " + bound + "): "
        : "the state here may be " + age() + " old (bound " + bound + "): ";
  }

  private String age() {
    return TimeUnit.NANOSECONDS.toMillis(here.ageNanos() + 999_999) + " ms";
  }

  /** A read of what is committed and applied here. */
  private Forecast applied(Consistency level, Freshness freshness) {
    Lacks lacks = Lacks.ofStrong(asked.session().requirement(key, level), here);
    if (lacks.isLost()) {
      return lost(level);
    }
    if (!lacks.isNone()) {
      return waiting(level, "for " + lacks.words(looked) + withoutMajority());
    }
    if (isExpiring()) {
      return waiting(level, "until ledger time has passed the value's expiry" + withoutMajority());
    }
    String age = here.ageNanos() == Reply.Read.AGE_UNKNOWN ? "" : ", at most " + age() + " old";
    String words =
        freshness == Freshness.ANY
            ? "at once, as server " + server + " has applied the ledger" + age
            : "at once" + age;
    return forecast(level, Price.AT_ONCE, words, committed(server, here));
  }

  private String withoutMajority() {
    return here.standing().isHopeless() ? ", which needs a majority, and none is known here" : "";
  }

  /** Whether a value is over by the server's clock, and not by that of the ledger. */
  private boolean isExpiring() {
    Glimpse glimpse = here.committed();
    return glimpse != null
        && glimpse.pair().value() != null
        && glimpse.pair().valueAt(here.wallMillis()) == null
        && glimpse.pair().valueAt(here.standing().ledgerMillis()) != null;
  }

  /** A read that a leader must confirm first. */
  private Forecast confirmed(Consistency level, String because) {
    Requirement requirement = asked.session().requirement(key, level);
    Lacks lacks = Lacks.ofStrong(requirement, here);
    if (lacks.isLost()) {
      return lost(level);
    }
    NodeId leader = here.standing().leader();
    if (here.standing().isHopeless()) {
      String words = because + "NOQUORUM: no majority of the voters is known here";
      return forecast(level, Price.REFUSED, words, null);
    }
    if (leader == null) {
      String words = because + "waits until somebody leads, then NOQUORUM";
      return forecast(level, Price.WAIT, words, null);
    }
    String words = because + round(leader);
    if (lacks.isNone()) {
      return forecast(level, Price.ROUND, words, expected(requirement, leader));
    }
    return forecast(level, Price.WAIT, words + ", and waits for " + lacks.words(looked), null);
  }

  private String round(NodeId leader) {
    if (leader.equals(server)) {
      return "a round: server " + leader + " leads, and asks a majority whether it still does";
    }
    Seen seen = looked.seen(leader);
    String way =
        seen == null || seen.sight() == null || looked.server() == null || seen.nanos() == 0
            ? ""
            : String.format(Locale.ROOT, " (%.1f ms there and back just now)", seen.nanos() / 1e6);
    return "a round to the leader, server " + leader + way;
  }

  /** What the leader has applied is the latest, as far as anybody can tell. */
  private @Nullable Expected expected(Requirement requirement, NodeId leader) {
    Sight there = looked.at(leader);
    return there == null || !Lacks.ofStrong(requirement, there).isNone()
        ? null
        : committed(leader, there);
  }

  private static Expected committed(NodeId at, Sight sight) {
    Glimpse glimpse = sight.committed();
    boolean hasValue =
        glimpse != null && Objects.nonNull(glimpse.pair().valueAt(sight.standing().ledgerMillis()));
    return new Expected(at, glimpse, hasValue);
  }
}
