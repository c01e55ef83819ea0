package io.gamut.server.trail;

import static org.assertj.core.api.Assertions.assertThat;

import io.gamut.core.Consistency;
import io.gamut.core.Content;
import io.gamut.core.Dot;
import io.gamut.core.HybridClock;
import io.gamut.core.Key;
import io.gamut.core.Origin;
import io.gamut.core.Version;
import io.gamut.core.VersionVector;
import io.gamut.replication.committed.CommittedStore;
import io.gamut.replication.committed.Horizon;
import io.gamut.replication.committed.Row;
import io.gamut.replication.message.Update;
import io.gamut.replication.remote.Glimpse;
import io.gamut.server.trail.Trace.Kind;
import io.gamut.server.trail.Trace.State;
import io.gamut.storage.committed.MemoryCommittedStore;
import io.gamut.storage.update.MemoryUpdateStore;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is kept of the versions of keys, and how much of that. */
final class TrailTest {
  private static final Origin ORIGIN = new Origin(7, 8);
  private static final Origin PROPOSER = new Origin(7, 9);
  private static final Key KEY = Key.of("k");
  private static final Past NOTHING = new Past(VersionVector.EMPTY, null);

  private long millis = 1_000;
  private final Trail trail = new Trail(() -> millis);
  private final TrailedUpdates updates = new TrailedUpdates(new MemoryUpdateStore(), trail);
  private final CommittedStore committed = new TrailedCommitted(new MemoryCommittedStore(), trail);

  private void begin() {
    trail.begin(PROPOSER::equals);
  }

  private static Version version(long at, Origin stamper) {
    return new Version(HybridClock.fromMillis(at), stamper);
  }

  private static Content.Value value(String text) {
    return Content.Value.of(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }

  private static Update update(Key key, long at, VersionVector dependencies) {
    return new Update(new Dot(ORIGIN, at), version(at, ORIGIN), dependencies, key, value("v" + at));
  }

  private void show(Update update) {
    updates.append(update);
    updates.show(update);
  }

  private void show(Key key, long at) {
    show(update(key, at, VersionVector.EMPTY));
  }

  private void commit(Version version, Content content) {
    committed.put(KEY, new Row(version, content));
    committed.commit(committed.position() + 1, new byte[0]);
  }

  private List<Trace> traces(Past past) {
    return trail.history(KEY, 100, past).traces();
  }

  @Test
  void aWeakWriteIsTentativeUntilItIsCommitted() {
    begin();
    show(KEY, 5);
    millis = 1_010;
    assertThat(traces(NOTHING))
        .containsExactly(
            new Trace(
                version(5, ORIGIN),
                new Dot(ORIGIN, 5),
                Kind.WEAK,
                null,
                State.TENTATIVE,
                value("v5"),
                2,
                false,
                1_000,
                0));
    commit(version(5, ORIGIN), value("v5"));
    Trace after = traces(NOTHING).getFirst();
    assertThat(after.state()).isEqualTo(State.COMMITTED);
    assertThat(after.shownMillis()).isEqualTo(1_000);
    assertThat(after.committedMillis()).isEqualTo(1_010);
  }

  @Test
  void versionsAreToldNewestFirstWhateverTheOrderInWhichTheyCame() {
    begin();
    show(KEY, 7);
    show(KEY, 3);
    show(update(KEY, 5, VersionVector.of(new Dot(ORIGIN, 1))));
    assertThat(traces(NOTHING))
        .extracting(Trace::version)
        .containsExactly(version(7, ORIGIN), version(5, ORIGIN), version(3, ORIGIN));
    assertThat(traces(NOTHING).get(1).level()).isEqualTo(Consistency.CAUSAL);
    assertThat(trail.history(KEY, 1, NOTHING).traces()).hasSize(1);
    Past absorbed = new Past(VersionVector.of(new Dot(ORIGIN, 5)), version(5, ORIGIN));
    assertThat(traces(absorbed))
        .extracting(Trace::state)
        .containsExactly(State.TENTATIVE, State.COMMITTED, State.OVERTAKEN);
  }

  @Test
  void whatIsCommittedUnseenTellsByItsStamperHowItWasWritten() {
    begin();
    commit(version(1, PROPOSER), value("strong"));
    commit(version(2, ORIGIN), value("weak"));
    commit(version(3, Version.LEDGER), Content.Tombstone.TOMBSTONE);
    assertThat(traces(NOTHING))
        .extracting(Trace::kind)
        .containsExactly(Kind.STRONG, Kind.WEAK, Kind.STRONG);
    assertThat(traces(NOTHING)).extracting(Trace::shownMillis).containsOnly(1_000L);
  }

  @Test
  void aDeletionOfAllKeysIsAmongTheVersionsOfEach() {
    begin();
    show(KEY, 5);
    committed.hide(new Horizon(version(6, Version.LEDGER), 0, 0));
    committed.hide(new Horizon(version(6, Version.LEDGER), 0, 0));
    show(KEY, 7);
    assertThat(traces(NOTHING)).extracting(Trace::ofAllKeys).containsExactly(false, true, false);
    assertThat(trail.history(Key.of("other"), 9, NOTHING).traces()).hasSize(1);
  }

  @Test
  void whatTheDiskRemembersIsNotKept() {
    show(KEY, 5);
    commit(version(6, PROPOSER), value("old"));
    millis = 2_000;
    begin();
    assertThat(traces(NOTHING)).isEmpty();
    assertThat(trail.history(KEY, 9, NOTHING).sinceMillis()).isEqualTo(2_000);
  }

  @Test
  void ofAKeyTheGreatestVersionsAreKeptAndOfAValueTheBeginning() {
    begin();
    for (int at = 1; at <= 20; at++) {
      show(KEY, at);
    }
    Content.Value large = new Content.Value(new byte[1 << 20], 5, 77);
    show(new Update(new Dot(ORIGIN, 30), version(30, ORIGIN), VersionVector.EMPTY, KEY, large));
    assertThat(traces(NOTHING)).hasSize(Trail.VERSIONS_MAX);
    assertThat(trail.history(KEY, 9, NOTHING).forgotten()).isEqualTo(5);
    commit(version(2, ORIGIN), value("v2"));
    assertThat(traces(NOTHING)).hasSize(Trail.VERSIONS_MAX);
    assertThat(trail.history(KEY, 9, NOTHING).forgotten()).as("once each").isEqualTo(5);
    Trace newest = traces(NOTHING).getFirst();
    assertThat(newest.length()).isEqualTo(1 << 20);
    assertThat(newest.content().size()).isEqualTo(Glimpse.BYTES_MAX);
    assertThat(trail.bytes()).isLessThan(10_000);
  }

  @Test
  void theKeyThatWasWrittenLeastRecentlyIsForgottenFirst() {
    begin();
    for (int i = 0; i < Trail.STEPS_MAX; i++) {
      show(Key.of("k" + i), i + 1);
    }
    show(Key.of("k0"), Trail.STEPS_MAX + 1);
    assertThat(trail.steps()).isLessThanOrEqualTo(Trail.STEPS_MAX);
    assertThat(trail.bytes()).isLessThanOrEqualTo(Trail.BYTES_MAX);
    assertThat(trail.history(Key.of("k0"), 9, NOTHING).traces()).hasSize(2);
    assertThat(trail.history(Key.of("k1"), 9, NOTHING).traces()).isEmpty();
  }

  @Test
  void longKeysTakeTheirPartOfTheMemory() {
    begin();
    for (int i = 0; i < 10_000; i++) {
      show(Key.of("%04096d".formatted(i)), i + 1);
    }
    assertThat(trail.bytes()).isLessThanOrEqualTo(Trail.BYTES_MAX);
    assertThat(trail.keys()).isBetween(7_000, 8_000);
  }
}
