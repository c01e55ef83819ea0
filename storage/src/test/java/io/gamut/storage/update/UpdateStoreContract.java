package io.gamut.storage.update;

import static io.gamut.storage.update.Updates.A;
import static io.gamut.storage.update.Updates.B;
import static org.assertj.core.api.Assertions.assertThat;

import io.gamut.core.Content;
import io.gamut.core.Dot;
import io.gamut.core.Key;
import io.gamut.core.Origin;
import io.gamut.core.Pair;
import io.gamut.core.Version;
import io.gamut.core.VersionVector;
import io.gamut.replication.message.Update;
import io.gamut.replication.store.UpdateStore;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every store of updates must do. */
abstract class UpdateStoreContract {
  private static final int MUCH = 1 << 20;

  /** The store under test, open. */
  abstract UpdateStore store();

  /** Lets the store crash and come back: {@link #store} is what is left. */
  abstract void crash() throws Exception;

  private @Nullable Pair write(Update update) {
    store().append(update);
    return store().show(update);
  }

  private static Pair pair(Update update) {
    return new Pair(update.key(), update.content(), update.version(), update.dot());
  }

  @Test
  void anEmptyStoreHoldsNothing() {
    assertThat(store().find(new Dot(A, 1))).isNull();
    assertThat(store().read(A, 1, 100, MUCH)).isEmpty();
    assertThat(store().lookup(Key.of("k"))).isNull();
    assertThat(store().scan(null, 10)).isEmpty();
    assertThat(store().dropOvertaken(through(100, 100), 10)).isZero();
    assertThat(store().checkpointed()).isNull();
  }

  @Test
  void whatWasAppendedIsFoundButNotShown() {
    Update update = Updates.write(A, 1, 10, "k", "v");
    store().append(update);
    assertThat(store().find(update.dot())).isEqualTo(update);
    assertThat(store().lookup(update.key())).isNull();
    store().commit();
    assertThat(store().find(update.dot())).isEqualTo(update);
    assertThat(store().lookup(update.key())).isNull();
    assertThat(store().scan(null, 10)).isEmpty();
  }

  @Test
  void whatWasShownIsSeenByItsOwnThreadBeforeTheCommitAndAfterIt() {
    Update update = Updates.write(A, 1, 10, "k", "v");
    assertThat(write(update)).isNull();
    assertThat(store().lookup(update.key())).isEqualTo(pair(update));
    assertThat(store().scan(null, 10)).containsExactly(pair(update));
    store().commit();
    assertThat(store().lookup(update.key())).isEqualTo(pair(update));
    assertThat(store().scan(null, 10)).containsExactly(pair(update));
  }

  @Test
  void everyPartOfAnUpdateComesBack() throws Exception {
    Version version = new Version(77, B);
    VersionVector dependencies = VersionVector.of(new Dot(B, 5)).with(new Origin(9, 9), 1L << 40);
    Content content = new Content.Value(new byte[] {0, -1, 7}, -2, 1_999_999_999_999L);
    Key key = Key.of(new byte[] {0, -1, 127, -128});
    Update update = new Update(new Dot(A, 1L << 40), version, dependencies, key, content);
    write(update);
    store().checkpoint(new byte[0]);
    crash();
    assertThat(store().find(update.dot())).isEqualTo(update);
    assertThat(store().lookup(key)).isEqualTo(pair(update));
  }

  @Test
  void theGreaterVersionWinsInWhateverOrderTheyAreShown() {
    Update older = Updates.write(A, 1, 10, "k", "older");
    Update newer = Updates.write(B, 1, 11, "k", "newer");
    assertThat(write(newer)).isNull();
    assertThat(write(older)).isEqualTo(pair(newer));
    assertThat(store().lookup(older.key())).isEqualTo(pair(newer));
    Update newest = Updates.write(A, 2, 12, "k", "newest");
    assertThat(write(newest)).isEqualTo(pair(newer));
    store().commit();
    assertThat(store().lookup(older.key())).isEqualTo(pair(newest));
  }

  @Test
  void atTheSameTimeTheGreaterStamperWins() {
    Update lesser = Updates.write(A, 1, 10, "k", "a");
    Update greater = Updates.write(B, 1, 10, "k", "b");
    write(greater);
    write(lesser);
    store().commit();
    assertThat(store().lookup(lesser.key())).isEqualTo(pair(greater));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void ofTwoTriesOfOneWriteTheSameOneStaysInWhateverOrderTheyAreShown(boolean lesserFirst) {
    Version version = new Version(10, A);
    Update one = Updates.of(A, 1, version, "k", Content.Value.of(new byte[] {1}));
    Update other = Updates.of(B, 1, version, "k", Content.Value.of(new byte[] {1}));
    Update greater = one.dot().compareTo(other.dot()) > 0 ? one : other;
    Update lesser = greater.equals(one) ? other : one;
    Update first = lesserFirst ? lesser : greater;
    write(first);
    store().commit();
    assertThat(write(lesserFirst ? greater : lesser)).isEqualTo(pair(first));
    store().commit();
    assertThat(store().lookup(one.key())).isEqualTo(pair(greater));
    assertThat(store().dropOvertaken(VersionVector.of(lesser.dot()), 10)).isZero();
    assertThat(store().dropOvertaken(through(1, 1), 10)).isEqualTo(1);
    assertThat(store().find(lesser.dot())).isNull();
  }

  @Test
  void aTombstoneIsAPairLikeAnyOther() {
    Update put = Updates.write(A, 1, 10, "k", "v");
    Update delete = Updates.delete(A, 2, 11, "k");
    write(put);
    assertThat(write(delete)).isEqualTo(pair(put));
    store().commit();
    assertThat(store().lookup(put.key())).isEqualTo(pair(delete));
    assertThat(store().scan(null, 10)).containsExactly(pair(delete));
  }

  @Test
  void updatesOfOneOriginAreReadInOrderWithoutItsGapsAndWithoutOthers() {
    for (long sequence : new long[] {1, 2, 3, 7, 256, 65_536}) {
      store().append(Updates.write(A, sequence, sequence, "k" + sequence, "v"));
      store().append(Updates.write(B, sequence, sequence, "k" + sequence, "v"));
      if (sequence == 3) {
        store().commit();
      }
    }
    assertThat(sequences(store().read(A, 1, 70_000, MUCH)))
        .containsExactly(1L, 2L, 3L, 7L, 256L, 65_536L);
    assertThat(sequences(store().read(A, 2, 7, MUCH))).containsExactly(2L, 3L, 7L);
    assertThat(sequences(store().read(A, 4, 6, MUCH))).isEmpty();
    assertThat(sequences(store().read(A, 65_537, 70_000, MUCH))).isEmpty();
    assertThat(store().read(B, 1, 70_000, MUCH)).allMatch(each -> each.dot().origin().equals(B));
    assertThat(sequences(store().read(B, 256, 70_000, MUCH))).containsExactly(256L, 65_536L);
  }

  private static List<Long> sequences(List<Update> updates) {
    return updates.stream().map(update -> update.dot().sequence()).toList();
  }

  @Test
  void aReadStopsBehindTheUpdateThatReachesItsLimitAndGivesOneInAnyCase() {
    for (int sequence = 1; sequence <= 10; sequence++) {
      store().append(Updates.of(A, sequence, sequence, "k", new byte[100]));
    }
    int size = Updates.of(A, 1, 1, "k", new byte[100]).size();
    assertThat(sequences(store().read(A, 1, 10, 3 * size))).containsExactly(1L, 2L, 3L);
    assertThat(sequences(store().read(A, 1, 10, 3 * size + 1))).containsExactly(1L, 2L, 3L, 4L);
    assertThat(sequences(store().read(A, 5, 10, 1))).containsExactly(5L);
    assertThat(sequences(store().read(A, 5, 10, 0))).containsExactly(5L);
  }

  @Test
  void aScanGoesByUnsignedBytesAndInPages() {
    List<Key> keys =
        List.of(
            Key.of(new byte[] {0}),
            Key.of(new byte[] {0, 0}),
            Key.of("a"),
            Key.of("a\0"),
            Key.of("aa"),
            Key.of("b"),
            Key.of(new byte[] {(byte) 0x80}),
            Key.of(new byte[] {(byte) 0xFF, (byte) 0xFF}));
    for (int i = keys.size() - 1; i >= 0; i--) {
      Content content = Content.Value.of(new byte[] {(byte) i});
      Dot dot = new Dot(A, keys.size() - i);
      write(new Update(dot, new Version(i, A), VersionVector.EMPTY, keys.get(i), content));
    }
    store().commit();
    assertThat(store().scan(null, 100)).extracting(Pair::key).containsExactlyElementsOf(keys);
    Key after = null;
    for (int i = 0; i < keys.size(); i += 3) {
      List<Pair> page = store().scan(after, 3);
      assertThat(page)
          .extracting(Pair::key)
          .containsExactlyElementsOf(keys.subList(i, Math.min(i + 3, keys.size())));
      after = page.getLast().key();
    }
    assertThat(store().scan(after, 3)).isEmpty();
    assertThat(store().scan(Key.of("aX"), 1)).extracting(Pair::key).containsExactly(keys.get(4));
  }

  @Test
  void onlyWhatWasOvertakenIsDroppedUpToTheWinnersSequenceAndTheLimit() {
    for (int sequence = 1; sequence <= 6; sequence++) {
      write(Updates.write(A, sequence, sequence, "k", "v" + sequence));
    }
    write(Updates.write(B, 1, 1, "other", "v"));
    assertThat(store().dropOvertaken(through(0, 0), 10)).isZero();
    assertThat(store().dropOvertaken(through(10, 10), 0)).isZero();
    assertThat(store().dropOvertaken(through(5, 0), 3)).isEqualTo(3);
    assertThat(sequences(store().read(A, 1, 10, MUCH))).containsExactly(4L, 5L, 6L);
    assertThat(store().dropOvertaken(through(5, 0), 3)).isEqualTo(1);
    assertThat(store().dropOvertaken(through(5, 0), 3)).isZero();
    assertThat(store().dropOvertaken(through(100, 0), 3)).isEqualTo(1);
    assertThat(store().dropOvertaken(through(100, 100), 3)).isZero();
    assertThat(sequences(store().read(A, 1, 10, MUCH))).containsExactly(6L);
    assertThat(store().lookup(Key.of("k"))).isEqualTo(pair(Updates.write(A, 6, 6, "k", "v6")));
  }

  private static VersionVector through(long ofA, long ofB) {
    return VersionVector.EMPTY.with(A, ofA).with(B, ofB);
  }

  @Test
  void whatIsDroppedLiesWithinTheVectorItselfWhicheverOfTheTwoComesLast() {
    Update winner = Updates.write(A, 1, 9, "k", "winner");
    Update loser = Updates.write(B, 5, 1, "k", "loser");
    write(winner);
    write(loser);
    store().commit();
    assertThat(store().dropOvertaken(through(1, 4), 10)).isZero();
    assertThat(store().dropOvertaken(through(1, 4), 10)).isZero();
    assertThat(store().find(loser.dot())).isEqualTo(loser);
    assertThat(store().dropOvertaken(through(1, 5), 10)).isEqualTo(1);
    assertThat(store().find(loser.dot())).isNull();
    assertThat(store().find(winner.dot())).isEqualTo(winner);
  }

  @Test
  void whatWaitsToBeDroppedStillWaitsAfterACrash() throws Exception {
    write(Updates.write(A, 1, 9, "k", "winner"));
    write(Updates.write(B, 5, 1, "k", "loser"));
    assertThat(store().dropOvertaken(through(1, 4), 10)).isZero();
    store().checkpoint(new byte[0]);
    crash();
    assertThat(store().dropOvertaken(through(1, 4), 10)).isZero();
    assertThat(store().dropOvertaken(through(1, 5), 10)).isEqualTo(1);
  }

  @Test
  void anOldUpdateThatIsOvertakenLateIsDroppedToo() {
    write(Updates.write(A, 1, 1, "old", "v"));
    write(Updates.write(A, 2, 2, "k", "v"));
    write(Updates.write(A, 3, 3, "k", "w"));
    assertThat(store().dropOvertaken(through(3, 0), 10)).isEqualTo(1);
    assertThat(store().dropOvertaken(through(3, 0), 10)).isZero();
    write(Updates.write(B, 1, 4, "old", "w"));
    assertThat(store().dropOvertaken(through(3, 0), 10)).isZero();
    assertThat(store().dropOvertaken(through(3, 1), 10)).isEqualTo(1);
    assertThat(store().find(new Dot(A, 1))).isNull();
    assertThat(sequences(store().read(A, 1, 10, MUCH))).containsExactly(3L);
  }

  @Test
  void whatLosesAgainstAnUpdateThatWasHereLongBeforeIsDroppedToo() {
    write(Updates.write(A, 1, 9, "k", "v"));
    write(Updates.write(A, 2, 10, "other", "v"));
    assertThat(store().dropOvertaken(through(2, 0), 10)).isZero();
    write(Updates.write(B, 1, 1, "k", "older"));
    write(Updates.write(B, 2, 2, "k", "older, too"));
    store().commit();
    assertThat(store().dropOvertaken(through(2, 2), 1)).isEqualTo(1);
    assertThat(sequences(store().read(B, 1, 2, MUCH))).containsExactly(2L);
    assertThat(store().dropOvertaken(through(2, 2), 10)).isEqualTo(1);
    assertThat(store().read(B, 1, 2, MUCH)).isEmpty();
  }

  @Test
  void whatIsDiscardedIsGoneAndMayComeAgainOtherwise() throws Exception {
    for (int sequence = 1; sequence <= 4; sequence++) {
      store().append(Updates.write(A, sequence, sequence, "k" + sequence, "v"));
      store().append(Updates.write(B, sequence, sequence, "k" + sequence, "v"));
    }
    store().discard(through(2, 4), through(4, 4));
    assertThat(sequences(store().read(A, 1, 10, MUCH))).containsExactly(1L, 2L);
    assertThat(sequences(store().read(B, 1, 10, MUCH))).containsExactly(1L, 2L, 3L, 4L);
    assertThat(store().find(new Dot(A, 3))).isNull();
    Update again = Updates.write(A, 3, 7, "k", "another");
    store().append(again);
    store().checkpoint(new byte[0]);
    crash();
    assertThat(store().read(A, 3, 10, MUCH)).containsExactly(again);
    store().discard(through(0, 4), through(3, 4));
    assertThat(store().read(A, 1, 10, MUCH)).isEmpty();
  }

  @Test
  void manyAreDiscardedAndThoseInTheViewAmongThemStay() {
    int count = 25_000;
    for (int sequence = 1; sequence <= count; sequence++) {
      store().append(Updates.write(A, sequence, sequence, "k" + sequence, "v"));
    }
    store().show(Updates.write(A, 12_345, 12_345, "k12345", "v"));
    store().commit();
    store().discard(through(10, 0), through(count, 0));
    assertThat(sequences(store().read(A, 11, count, MUCH))).containsExactly(12_345L);
    assertThat(store().read(A, 1, 10, MUCH)).hasSize(10);
  }

  /** When the journal is repeated over a store that is ahead, it may have come again, and won. */
  @Test
  void whatStandsInTheViewIsNotDiscarded() {
    write(Updates.write(A, 1, 1, "k", "v"));
    store().append(Updates.write(A, 2, 2, "k", "w"));
    store().commit();
    store().discard(through(0, 0), through(2, 0));
    assertThat(sequences(store().read(A, 1, 10, MUCH))).containsExactly(1L);
    assertThat(store().lookup(Key.of("k"))).isEqualTo(pair(Updates.write(A, 1, 1, "k", "v")));
  }

  @Test
  void aCrashLeavesAtLeastTheCheckpoint() throws Exception {
    Update before = Updates.write(A, 1, 1, "k", "before");
    Update waiting = Updates.write(B, 1, 2, "other", "not shown yet");
    write(before);
    store().append(waiting);
    store().checkpoint(new byte[] {1, 2, 3});
    assertThat(store().checkpointed()).containsExactly(1, 2, 3);
    write(Updates.write(A, 2, 3, "later", "v"));
    crash();
    assertThat(store().checkpointed()).containsExactly(1, 2, 3);
    assertThat(store().find(before.dot())).isEqualTo(before);
    assertThat(store().lookup(before.key())).isEqualTo(pair(before));
    assertThat(store().find(waiting.dot())).isEqualTo(waiting);
    assertThat(store().lookup(waiting.key())).isNull();
  }

  @Test
  void theLastCheckpointCounts() throws Exception {
    write(Updates.write(A, 1, 1, "k", "one"));
    store().checkpoint(new byte[] {1});
    write(Updates.write(A, 2, 2, "k", "two"));
    store().checkpoint(new byte[] {2});
    crash();
    assertThat(store().checkpointed()).containsExactly(2);
    assertThat(store().lookup(Key.of("k"))).isEqualTo(pair(Updates.write(A, 2, 2, "k", "two")));
    crash();
    assertThat(store().checkpointed()).containsExactly(2);
  }

  @Test
  void everythingMayBeRepeatedAfterACrash() throws Exception {
    Update overtaken = Updates.write(A, 1, 1, "k", "overtaken");
    Update winner = Updates.write(B, 1, 2, "k", "winner");
    write(overtaken);
    write(winner);
    assertThat(store().dropOvertaken(through(1, 1), 10)).isEqualTo(1);
    store().checkpoint(new byte[0]);
    crash();
    for (int round = 0; round < 2; round++) {
      assertThat(write(overtaken)).isEqualTo(pair(winner));
      assertThat(write(winner)).isEqualTo(pair(winner));
      store().commit();
      assertThat(store().lookup(winner.key())).isEqualTo(pair(winner));
      assertThat(store().find(winner.dot())).isEqualTo(winner);
      assertThat(store().dropOvertaken(through(1, 0), 10)).isZero();
      assertThat(store().dropOvertaken(through(1, 1), 10)).isEqualTo(1);
      assertThat(store().find(overtaken.dot())).isNull();
    }
  }

  @Test
  void whatIsRepeatedFromTheMiddleLeavesWhatCameLaterInItsPlace() throws Exception {
    for (int sequence = 1; sequence <= 10; sequence++) {
      write(Updates.write(A, sequence, sequence, "k" + sequence % 3, "v" + sequence));
    }
    store().checkpoint(new byte[0]);
    crash();
    write(Updates.write(A, 5, 5, "k2", "v5"));
    assertThat(sequences(store().read(A, 5, 10, MUCH))).containsExactly(5L, 6L, 7L, 8L, 9L, 10L);
    assertThat(store().lookup(Key.of("k2"))).isEqualTo(pair(Updates.write(A, 8, 8, "k2", "v8")));
  }
}
