package io.gamut.storage.committed;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gamut.core.Content;
import io.gamut.core.Content.Tombstone;
import io.gamut.core.Content.Value;
import io.gamut.core.Key;
import io.gamut.core.LedgerPosition;
import io.gamut.core.Origin;
import io.gamut.core.Pair;
import io.gamut.core.Version;
import io.gamut.replication.committed.CommittedStore;
import io.gamut.replication.committed.Horizon;
import io.gamut.replication.committed.Row;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What every store of the committed state must do. */
abstract class CommittedStoreContract {
  static final Key K = Key.of("k");
  private static final Origin STAMPER = new Origin(0xFFFF_FFFF_0000_000AL, 3);
  private static final byte[] STATE = {1, 2, 3};

  /** The store under test, open. */
  abstract CommittedStore store();

  /** Lets the store crash and come back: {@link #store} is what is left. */
  abstract void crash() throws Exception;

  static Row row(long time, String text) {
    return new Row(new Version(time, STAMPER), Value.of(text.getBytes(UTF_8)));
  }

  static Pair pair(Key key, Row row, long position) {
    return new Pair(key, row.content(), row.version(), new LedgerPosition(position));
  }

  /** Commits, and brings everything to disk. */
  private void settle(long position) throws Exception {
    store().commit(position, STATE);
    store().checkpoint();
    crash();
  }

  @Test
  void anEmptyStoreHoldsNothing() {
    assertThat(store().find(K)).isNull();
    assertThat(store().findReply(1, 1)).isNull();
    assertThat(store().state()).isNull();
    assertThat(store().position()).isZero();
    assertThat(store().lookup(K)).isNull();
    assertThat(store().scan(null, 10)).isEmpty();
  }

  @Test
  void whatIsNotCommittedIsFoundButNotShown() {
    store().put(K, row(1, "v"));
    assertThat(store().find(K)).isEqualTo(row(1, "v"));
    assertThat(store().lookup(K)).isNull();
    assertThat(store().scan(null, 10)).isEmpty();
    assertThat(store().position()).isZero();
    store().commit(7, STATE);
    assertThat(store().find(K)).isEqualTo(row(1, "v"));
    assertThat(store().lookup(K)).isEqualTo(pair(K, row(1, "v"), 7));
    assertThat(store().scan(null, 10)).containsExactly(pair(K, row(1, "v"), 7));
    assertThat(store().position()).isEqualTo(7);
    store().put(K, row(2, "w"));
    assertThat(store().find(K)).isEqualTo(row(2, "w"));
    assertThat(store().lookup(K)).isEqualTo(pair(K, row(1, "v"), 7));
    store().remove(K);
    assertThat(store().find(K)).isNull();
    assertThat(store().lookup(K)).isEqualTo(pair(K, row(1, "v"), 7));
  }

  @Test
  void everyPartOfARowComesBack() throws Exception {
    Key key = Key.of(new byte[] {0, -1, 127, -128});
    Content content = new Value(new byte[] {0, -1, 7}, -2, 1_999_999_999_999L);
    Row row = new Row(new Version(-77, STAMPER), content);
    Row deleted = new Row(new Version(78, STAMPER), Tombstone.TOMBSTONE);
    Row empty = new Row(new Version(79, STAMPER), Value.of(new byte[0]));
    store().put(key, row);
    store().put(K, deleted);
    store().put(Key.of("empty"), empty);
    settle(1);
    assertThat(store().find(key)).isEqualTo(row);
    assertThat(store().lookup(key)).isEqualTo(pair(key, row, 1));
    assertThat(store().find(K)).isEqualTo(deleted);
    assertThat(store().lookup(K)).isEqualTo(pair(K, deleted, 1));
    assertThat(store().lookup(Key.of("empty"))).isEqualTo(pair(Key.of("empty"), empty, 1));
  }

  @Test
  void stateAndPositionAreThoseOfTheLastCommit() throws Exception {
    store().commit(3, new byte[] {3});
    assertThat(store().state()).containsExactly(3);
    byte[] state = {5};
    store().commit(5, state);
    state[0] = 6;
    Objects.requireNonNull(store().state())[0] = 7;
    assertThat(store().state()).containsExactly(5);
    store().checkpoint();
    crash();
    assertThat(store().state()).containsExactly(5);
    assertThat(store().position()).isEqualTo(5);
    store().commit(6, new byte[0]);
    assertThat(store().state()).isEmpty();
  }

  private static Horizon cleared(long time) {
    return new Horizon(new Version(time, Version.LEDGER), 0, 0);
  }

  private static Pair absent(Key key, Horizon horizon, long position) {
    return new Pair(key, Tombstone.TOMBSTONE, horizon.base(), new LedgerPosition(position));
  }

  @Test
  void aRangeTombstoneIsShownWithItsCommitAndStaysForEver() throws Exception {
    Key later = Key.of("later");
    store().put(K, row(1, "v"));
    store().put(Key.of("other"), row(2, "w"));
    store().commit(1, STATE);
    assertThat(store().lookup(K)).isEqualTo(pair(K, row(1, "v"), 1));
    store().hide(cleared(5));
    store().put(later, row(6, "after"));
    assertThat(store().find(K)).isNull();
    assertThat(store().lookup(K)).isEqualTo(pair(K, row(1, "v"), 1));
    store().commit(2, STATE);
    for (int i = 0; i < 2; i++) {
      assertThat(store().find(K)).isNull();
      assertThat(store().lookup(K)).isEqualTo(absent(K, cleared(5), 2));
      assertThat(store().scan(null, 10)).containsExactly(pair(later, row(6, "after"), 2));
      assertThat(store().base()).isEqualTo(cleared(5).base());
      assertThat(store().horizon()).isEqualTo(cleared(5));
      store().checkpoint();
      crash();
    }
  }

  @Test
  void whatIsCollectedIsHiddenAtOnceAndRemovedLittleByLittle() throws Exception {
    Row deleted = new Row(new Version(3, STAMPER), Tombstone.TOMBSTONE);
    Row expired = new Row(new Version(3, STAMPER), new Value(new byte[1], 0, 1_000));
    Row expiring = new Row(new Version(3, STAMPER), new Value(new byte[1], 0, 3_000));
    for (int i = 0; i < 5; i++) {
      store().put(Key.of("deleted" + i), deleted);
    }
    store().put(Key.of("expired"), expired);
    store().put(Key.of("expiring"), expiring);
    store().put(K, row(3, "v"));
    store().put(Key.of("young"), new Row(new Version(5, STAMPER), Tombstone.TOMBSTONE));
    store().commit(1, STATE);
    Horizon horizon = new Horizon(Version.NONE, 4, 2_000);
    store().hide(horizon);
    assertThat(store().find(Key.of("deleted0"))).isNull();
    assertThat(store().scan(null, 20)).hasSize(9);
    store().commit(2, STATE);
    for (int i = 0; i < 3; i++) {
      assertThat(store().lookup(Key.of("deleted0")))
          .isEqualTo(absent(Key.of("deleted0"), horizon, 2));
      assertThat(store().lookup(Key.of("expired")))
          .isEqualTo(absent(Key.of("expired"), horizon, 2));
      assertThat(store().scan(null, 2))
          .extracting(Pair::key)
          .containsExactly(Key.of("expiring"), K);
      assertThat(store().scan(null, 20)).hasSize(3);
      while (!store().sweep(2)) {
        assertThat(store().find(K)).isEqualTo(row(3, "v"));
      }
      if (i > 0) {
        store().checkpoint();
        crash();
      }
    }
  }

  @Test
  void aPositionThatGoesBackIsRefused() {
    store().commit(5, STATE);
    assertThatThrownBy(() -> store().commit(4, STATE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("5")
        .hasMessageContaining("4");
    assertThat(store().position()).isEqualTo(5);
  }

  @Test
  void theMarkIsNotBeforeThePosition() throws Exception {
    store().put(K, row(1, "v"));
    settle(3);
    assertThat(store().lookup(K)).isEqualTo(pair(K, row(1, "v"), 3));
    store().put(Key.of("other"), row(2, "w"));
    store().commit(9, STATE);
    assertThat(store().lookup(K)).isEqualTo(pair(K, row(1, "v"), 9));
    assertThat(store().scan(null, 10))
        .containsExactly(pair(K, row(1, "v"), 9), pair(Key.of("other"), row(2, "w"), 9));
  }

  @Test
  void aRemovedRowIsGoneWhereverItWas() throws Exception {
    List<Key> keys = List.of(Key.of("table"), Key.of("cached"), Key.of("commit"), Key.of("new"));
    store().put(keys.get(0), row(1, "v"));
    store().put(keys.get(1), row(1, "v"));
    settle(1);
    assertThat(store().lookup(keys.get(1))).isNotNull();
    store().put(keys.get(2), row(1, "v"));
    store().commit(2, STATE);
    store().put(keys.get(3), row(1, "v"));
    keys.forEach(store()::remove);
    store().remove(Key.of("never"));
    for (int round = 3; round < 6; round++) {
      for (Key key : keys) {
        assertThat(store().find(key)).isNull();
      }
      settle(round);
      assertThat(store().scan(null, 10)).isEmpty();
      assertThat(keys).allMatch(key -> store().lookup(key) == null);
    }
  }

  @Test
  void whatIsRemovedMayComeAgain() throws Exception {
    store().put(K, row(1, "v"));
    settle(1);
    store().remove(K);
    store().put(K, row(2, "w"));
    store().commit(2, STATE);
    assertThat(store().lookup(K)).isEqualTo(pair(K, row(2, "w"), 2));
    store().remove(K);
    store().commit(3, STATE);
    assertThat(store().lookup(K)).isNull();
    store().put(K, row(1, "older"));
    settle(4);
    assertThat(store().lookup(K)).isEqualTo(pair(K, row(1, "older"), 4));
  }

  @Test
  void aReplyIsFoundUnderItsProposerAndNumberOnly() throws Exception {
    store().putReply(-1, 5, new byte[] {5});
    store().putReply(1, 5, new byte[0]);
    for (int round = 1; round < 3; round++) {
      assertThat(store().findReply(-1, 5)).containsExactly(5);
      assertThat(store().findReply(1, 5)).isEmpty();
      assertThat(store().findReply(1, 4)).isNull();
      assertThat(store().findReply(2, 5)).isNull();
      settle(round);
    }
    store().putReply(-1, 5, new byte[] {6});
    assertThat(store().findReply(-1, 5)).containsExactly(6);
    settle(3);
    assertThat(store().findReply(-1, 5)).containsExactly(6);
  }

  @Test
  void aRangeOfRepliesIsRemovedWhereverTheyAre() throws Exception {
    for (long proposer : new long[] {-2, -1, 0, 1}) {
      putReplies(proposer, 0, 9);
    }
    store().commit(1, STATE);
    store().checkpoint();
    putReplies(-1, 10, 12);
    store().commit(2, STATE);
    putReplies(-1, 13, 15);
    store().removeReplies(-1, 3, 14);
    for (int round = 3; round < 5; round++) {
      assertReplies(-1, List.of(0L, 1L, 2L, 15L));
      for (long proposer : new long[] {-2, 0, 1}) {
        assertReplies(proposer, List.of(0L, 1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L));
      }
      settle(round);
    }
  }

  private void putReplies(long proposer, long first, long last) {
    for (long number = first; number <= last; number++) {
      store().putReply(proposer, number, new byte[] {(byte) number});
    }
  }

  private void assertReplies(long proposer, List<Long> numbers) {
    for (long number = 0; number < 20; number++) {
      if (numbers.contains(number)) {
        assertThat(store().findReply(proposer, number)).containsExactly((int) number);
      } else {
        assertThat(store().findReply(proposer, number)).isNull();
      }
    }
  }

  @Test
  void allRepliesOfAProposerAreRemovedAndItsNextOneStays() throws Exception {
    for (long proposer : new long[] {-1, 0, 1}) {
      store().putReply(proposer, 0, new byte[] {0});
      store().putReply(proposer, 1_000, new byte[] {1});
      store().putReply(proposer, Long.MAX_VALUE, new byte[] {2});
    }
    settle(1);
    store().removeReplies(0, Long.MIN_VALUE, Long.MAX_VALUE);
    store().removeReplies(-1, 0, Long.MAX_VALUE);
    store().putReply(0, 1_000, new byte[] {3});
    for (int round = 2; round < 4; round++) {
      assertThat(store().findReply(0, 0)).isNull();
      assertThat(store().findReply(0, 1_000)).containsExactly(3);
      assertThat(store().findReply(0, Long.MAX_VALUE)).isNull();
      assertThat(store().findReply(-1, Long.MAX_VALUE)).isNull();
      assertThat(store().findReply(1, 0)).containsExactly(0);
      assertThat(store().findReply(1, Long.MAX_VALUE)).containsExactly(2);
      settle(round);
    }
  }

  @Test
  void anEmptyRangeOfRepliesRemovesNone() {
    store().putReply(1, 0, new byte[] {0});
    store().removeReplies(1, 0, -1);
    store().removeReplies(1, 1, 0);
    assertThat(store().findReply(1, 0)).containsExactly(0);
  }

  @Test
  void aNegativeNumberIsRefused() {
    assertThatThrownBy(() -> store().putReply(1, -1, STATE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("-1");
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
      store().put(keys.get(i), row(i, "v"));
      store().commit(10 - i, STATE);
      if (i % 3 == 0) {
        store().checkpoint();
      }
    }
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
  void aScanPassesOverRemovedRowsAndStillFillsItsPage() {
    for (int i = 10; i < 40; i++) {
      store().put(Key.of("k" + i), row(i, "old"));
    }
    store().commit(1, STATE);
    store().checkpoint();
    for (int i = 10; i < 30; i += 2) {
      store().remove(Key.of("k" + i));
    }
    store().put(Key.of("k11"), row(50, "new"));
    store().put(Key.of("k105"), row(51, "new"));
    store().commit(2, STATE);
    assertThat(store().scan(null, 4))
        .containsExactly(
            pair(Key.of("k105"), row(51, "new"), 2),
            pair(Key.of("k11"), row(50, "new"), 2),
            pair(Key.of("k13"), row(13, "old"), 2),
            pair(Key.of("k15"), row(15, "old"), 2));
    assertThat(store().scan(null, 100)).hasSize(21);
  }

  @Test
  void aCrashLeavesAtLeastTheCheckpointAndNothingThatWasNotCommitted() throws Exception {
    store().put(K, row(1, "v"));
    store().putReply(1, 1, new byte[] {1});
    store().commit(1, STATE);
    store().put(Key.of("other"), row(2, "not committed"));
    store().remove(K);
    store().putReply(1, 2, new byte[] {2});
    store().removeReplies(1, 1, 1);
    store().checkpoint();
    assertThat(store().find(Key.of("other"))).isNotNull();
    assertThat(store().find(K)).isNull();
    assertThat(store().findReply(1, 1)).isNull();
    assertThat(store().findReply(1, 2)).isNotNull();
    crash();
    assertThat(store().position()).isEqualTo(1);
    assertThat(store().state()).isEqualTo(STATE);
    assertThat(store().scan(null, 10)).containsExactly(pair(K, row(1, "v"), 1));
    assertThat(store().find(K)).isEqualTo(row(1, "v"));
    assertThat(store().find(Key.of("other"))).isNull();
    assertThat(store().findReply(1, 1)).containsExactly(1);
    assertThat(store().findReply(1, 2)).isNull();
  }

  @Test
  void whatWasNotCommittedBeforeACheckpointIsCommittedAfterIt() throws Exception {
    store().commit(1, STATE);
    store().put(K, row(1, "v"));
    store().putReply(1, 1, new byte[] {1});
    store().checkpoint();
    settle(2);
    assertThat(store().lookup(K)).isEqualTo(pair(K, row(1, "v"), 2));
    assertThat(store().findReply(1, 1)).containsExactly(1);
  }

  @Test
  void aLargeCommitIsOne() throws Exception {
    int count = 3_000;
    for (int i = 0; i < count; i++) {
      store().put(Key.of("key" + i), row(i, "x".repeat(1_000)));
      store().putReply(1, i, new byte[100]);
    }
    assertThat(store().scan(null, 1)).isEmpty();
    settle(1);
    assertThat(store().scan(null, count + 1)).hasSize(count);
    assertThat(store().findReply(1, count - 1)).hasSize(100);
  }
}
