package io.gamut.server.explain;

import static org.assertj.core.api.Assertions.assertThat;

import io.gamut.core.Consistency;
import io.gamut.core.Content;
import io.gamut.core.Dot;
import io.gamut.core.Ends;
import io.gamut.core.Key;
import io.gamut.core.LedgerPosition;
import io.gamut.core.NodeId;
import io.gamut.core.Origin;
import io.gamut.core.Pair;
import io.gamut.core.Session;
import io.gamut.core.Version;
import io.gamut.core.VersionVector;
import io.gamut.ledger.log.Configuration;
import io.gamut.replication.message.Member;
import io.gamut.replication.message.MemberTable;
import io.gamut.replication.remote.Glimpse;
import io.gamut.replication.remote.Sight;
import io.gamut.replication.remote.Standing;
import io.gamut.server.explain.Forecast.Price;
import io.gamut.server.explain.Lack.Stage;
import io.gamut.server.passing.Looked;
import io.gamut.server.passing.Seen;
import io.gamut.server.request.Asked;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What reads would return, of replicas that stand as the tests say. */
final class ForecastsTest {
  private static final NodeId HERE = new NodeId(0);
  private static final NodeId LEADER = new NodeId(1);
  private static final Key KEY = Key.of("k");
  private static final Origin ORIGIN = new Origin(44, 8);
  private static final Dot DOT = new Dot(ORIGIN, 3);
  private static final long SECOND_NANOS = 1_000_000_000;
  private static final Pair OLD = pair("old", 5, new LedgerPosition(7));
  private static final Pair NEW = pair("new", 9, DOT);

  private final Session session = new Session();
  private int waitMillis = 100;
  private boolean isHopeless;
  private @Nullable NodeId leader = LEADER;
  private VersionVector received = VersionVector.EMPTY;
  private VersionVector visible = VersionVector.EMPTY;
  private VersionVector absorbed = VersionVector.EMPTY;
  private Ends ends = Ends.NONE;
  private boolean isAdmitted = true;
  private long ageNanos = -1;
  private long wallMillis = 1_000;
  private Pair committed = OLD;
  private Pair shown = OLD;

  private static Pair pair(String text, long version, io.gamut.core.Mark mark) {
    Content.Value value = Content.Value.of(text.getBytes(StandardCharsets.UTF_8));
    return new Pair(KEY, value, new Version(version, ORIGIN), mark);
  }

  private Sight sight() {
    Standing standing =
        new Standing(
            isAdmitted,
            isHopeless,
            0,
            500,
            leader,
            4,
            7,
            7,
            0,
            0,
            0,
            Configuration.NOBODY,
            ends,
            absorbed,
            received,
            visible,
            VersionVector.EMPTY,
            true,
            MemberTable.EMPTY,
            0);
    return new Sight(standing, Glimpse.of(committed), Glimpse.of(shown), ageNanos, wallMillis);
  }

  private Forecast of(Consistency level) {
    List<Seen> seen = new ArrayList<>(List.of(new Seen(HERE, sight(), 0)));
    if (leader != null && !leader.equals(HERE)) {
      seen.add(new Seen(leader, sight(), 2_500_000));
    }
    MemberTable members =
        new MemberTable(List.of(new Member(HERE, "zero.example:1", Member.Standing.ACTIVE, 4, 44)));
    Asked asked = new Asked(1, Consistency.SESSION, SECOND_NANOS, waitMillis, session, false);
    return Forecasts.of(KEY, asked, new Looked(HERE, false, seen, members)).stream()
        .filter(forecast -> forecast.level() == level)
        .findFirst()
        .orElseThrow();
  }

  private void requires(Consistency level, Price price, String words) {
    Forecast forecast = of(level);
    assertThat(forecast.price()).as("%s", forecast).isEqualTo(price);
    assertThat(forecast.words()).contains(words);
  }

  private String value(Consistency level) {
    Glimpse glimpse = Objects.requireNonNull(Objects.requireNonNull(of(level).answer()).glimpse());
    return new String(
        Objects.requireNonNull(glimpse.pair().value()).bytes(), StandardCharsets.UTF_8);
  }

  @Test
  void inCalmWeatherAllIsAtOnceButWhatALeaderConfirms() {
    for (Consistency level : Consistency.values()) {
      boolean isConfirmed = level.compareTo(Consistency.BOUNDED) >= 0;
      requires(level, isConfirmed ? Price.ROUND : Price.AT_ONCE, "");
      assertThat(value(level)).isEqualTo("old");
      assertThat(of(level).millisMax()).isEqualTo(isConfirmed ? 5_000 : 0);
    }
    requires(Consistency.LINEARIZABLE, Price.ROUND, "server 1 (2.5 ms there and back just now)");
    requires(Consistency.BOUNDED, Price.ROUND, "it is not known here how old the state is");
    leader = HERE;
    requires(Consistency.LINEARIZABLE, Price.ROUND, "server 0 leads");
  }

  @Test
  void stateThatIsFreshEnoughNeedsNoRound() {
    ageNanos = SECOND_NANOS / 2;
    requires(Consistency.BOUNDED, Price.AT_ONCE, "at most 500 ms old");
    ageNanos = SECOND_NANOS + 1;
    requires(Consistency.BOUNDED, Price.ROUND, "may be 1001 ms old (bound 1000 ms)");
  }

  @Test
  void withoutAMajorityWeakLevelsGoOnAndTheOthersSayWhatTheyLack() {
    isHopeless = true;
    leader = null;
    shown = NEW;
    received = VersionVector.of(DOT);
    visible = received;
    session.observe(KEY, NEW.version(), DOT, Consistency.SESSION);
    for (Consistency level :
        List.of(Consistency.EVENTUAL, Consistency.SESSION, Consistency.CAUSAL)) {
      requires(level, Price.AT_ONCE, "as server 0 has it");
      assertThat(value(level)).isEqualTo("new");
    }
    requires(
        Consistency.SEQUENTIAL,
        Price.WAIT,
        "update 3 of server 0 in the ledger (absorbed up to 0), which needs a majority");
    requires(Consistency.BOUNDED, Price.REFUSED, "NOQUORUM");
    requires(Consistency.LINEARIZABLE, Price.REFUSED, "NOQUORUM");
    assertThat(of(Consistency.LINEARIZABLE).answer()).isNull();
    isHopeless = false;
    requires(Consistency.LINEARIZABLE, Price.WAIT, "until somebody leads");
  }

  @Test
  void whatIsLackingIsToldByHowFarItHasCome() {
    session.observe(KEY, NEW.version(), DOT, Consistency.CAUSAL);
    requires(Consistency.SESSION, Price.WAIT, "update 3 of server 0 (received up to 0)");
    assertThat(of(Consistency.SESSION).millisMax()).isEqualTo(100);
    received = VersionVector.of(DOT);
    requires(Consistency.CAUSAL, Price.WAIT, "update 3 of server 0 (received, visible up to 0)");
    requires(Consistency.LINEARIZABLE, Price.WAIT, ", and waits for update 3 of server 0");
    waitMillis = 0;
    requires(Consistency.CAUSAL, Price.REFUSED, "ERR_DEP");
    requires(Consistency.SEQUENTIAL, Price.WAIT, "");
    session.observe(new LedgerPosition(9));
    requires(
        Consistency.SEQUENTIAL, Price.WAIT, "entry 9 of the ledger (applied up to 7) and 1 more");
    ends = new Ends(Map.of(ORIGIN, 1L), Set.of());
    requires(Consistency.SESSION, Price.REFUSED, "ERR_LOST");
  }

  @Test
  void lacksAreTheSameAsWhatIsNotSatisfiedAndBounded() {
    for (int i = 1; i <= 40; i++) {
      Dot dot = new Dot(new Origin(i, i), 5);
      session.observe(Key.of("k" + i), new Version(i, dot.origin()), dot, Consistency.CAUSAL);
      received = received.raisedTo(new Dot(dot.origin(), i % 2 == 0 ? 5 : 4));
    }
    Lacks lacks = Lacks.ofStrong(session.requirement(KEY, Consistency.LINEARIZABLE), sight());
    assertThat(lacks.count()).isEqualTo(40);
    assertThat(lacks.first()).hasSize(Lacks.SHOWN_MAX);
    assertThat(lacks.first())
        .extracting(Lack::stage)
        .contains(Stage.RECEIVED, Stage.VISIBLE)
        .doesNotContain(Stage.ABSORBED);
    absorbed = session.causal();
    assertThat(Lacks.ofStrong(session.requirement(KEY, Consistency.CAUSAL), sight()).isNone())
        .isTrue();
    assertThat(Lacks.ofWeak(session.requirement(KEY, Consistency.CAUSAL), sight()).isNone())
        .isTrue();
  }

  @Test
  void expiryIsJudgedByTheClockThatTheLevelGoesBy() {
    Content.Value expiring = Content.Value.of(new byte[1]).withExpiry(800);
    committed = new Pair(KEY, expiring, OLD.version(), OLD.mark());
    shown = committed;
    assertThat(Objects.requireNonNull(of(Consistency.EVENTUAL).answer()).hasValue()).isFalse();
    requires(Consistency.SEQUENTIAL, Price.WAIT, "until ledger time has passed");
    wallMillis = 700;
    assertThat(Objects.requireNonNull(of(Consistency.EVENTUAL).answer()).hasValue()).isTrue();
    assertThat(Objects.requireNonNull(of(Consistency.SEQUENTIAL).answer()).hasValue()).isTrue();
  }

  @Test
  void whoIsNoMemberHasOneAnswerAndWhoReachesNobodyRefuses() {
    isAdmitted = false;
    requires(Consistency.EVENTUAL, Price.PASSED, "has a member answer");
    Asked asked = new Asked(1, Consistency.SESSION, SECOND_NANOS, 100, session, false);
    Looked nobody = new Looked(null, true, List.of(), MemberTable.EMPTY);
    assertThat(Forecasts.of(KEY, asked, nobody))
        .hasSize(6)
        .allMatch(forecast -> forecast.price() == Price.REFUSED);
  }
}
