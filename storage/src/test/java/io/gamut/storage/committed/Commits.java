package io.gamut.storage.committed;

import static org.assertj.core.api.Assertions.assertThat;

import io.gamut.core.Content;
import io.gamut.core.Key;
import io.gamut.core.LedgerPosition;
import io.gamut.core.Origin;
import io.gamut.core.Pair;
import io.gamut.core.Version;
import io.gamut.replication.committed.CommittedStore;
import io.gamut.replication.committed.Row;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * A history of commits, of which everybody knows what each one does: it puts or removes the keys of
 * one group together, keeps a reply, and removes old ones. So what a store must hold at a position
 * can be told without having seen it.
 *
 * @param paddingMax bytes, about half of which a value has
 */
record Commits(int paddingMax) {
  static final int GROUPS = 10;
  static final int KEYS = GROUPS * 5;
  static final int PROPOSERS = 3;
  private static final int REPLIES_KEPT = 40;
  private static final Origin STAMPER = new Origin(7, 7);

  static Key key(int index) {
    return Key.of("k%02d".formatted(index));
  }

  private static SplittableRandom random(long position, int index) {
    return new SplittableRandom(position * 1_000 + index);
  }

  private static boolean changes(long position, int index) {
    return random(position, KEYS).nextInt(GROUPS) == index % GROUPS;
  }

  /** What the commit of a position leaves at a key that it changes. */
  private @Nullable Row rowOf(long position, int index) {
    SplittableRandom random = random(position, index);
    int dice = random.nextInt(10);
    if (dice < 3) {
      return null;
    }
    byte[] bytes = new byte[random.nextInt(paddingMax)];
    random.nextBytes(bytes);
    Content content = dice == 3 ? Content.Tombstone.TOMBSTONE : Content.Value.of(bytes);
    return new Row(new Version(position, STAMPER), content);
  }

  /** What a key holds after the commit of a position. */
  @Nullable Row rowAt(long position, int index) {
    long last = position;
    while (last > 0 && !changes(last, index)) {
      last--;
    }
    return last == 0 ? null : rowOf(last, index);
  }

  /** The pairs after the commit of a position. */
  List<Pair> pairsAt(long position, @Nullable Key after) {
    List<Pair> pairs = new ArrayList<>();
    for (int index = 0; index < KEYS; index++) {
      Row row = rowAt(position, index);
      Key key = key(index);
      if (row != null && (after == null || key.compareTo(after) > 0)) {
        LedgerPosition mark = new LedgerPosition(position);
        pairs.add(new Pair(key, row.content(), row.version(), mark));
      }
    }
    return pairs;
  }

  static byte[] state(long position) {
    return ByteBuffer.allocate(2 * Long.BYTES).putLong(position).putLong(~position).array();
  }

  private static byte @Nullable [] replyAt(long position, long number) {
    long proposer = number % PROPOSERS;
    long last = position - Math.floorMod(position - proposer, (long) PROPOSERS);
    return number <= position && number > last - REPLIES_KEPT ? state(number) : null;
  }

  /** Does what the commit of a position does, but for the commit. */
  void change(CommittedStore store, long position) {
    for (int index = 0; index < KEYS; index++) {
      if (changes(position, index)) {
        Row row = rowOf(position, index);
        if (row == null) {
          store.remove(key(index));
        } else {
          store.put(key(index), row);
        }
      }
    }
    long proposer = position % PROPOSERS;
    store.putReply(proposer, position, state(position));
    store.removeReplies(proposer, 0, position - REPLIES_KEPT);
  }

  void commit(CommittedStore store, long position) {
    change(store, position);
    store.commit(position, state(position));
  }

  /** Checks that a store, seen by its own thread, holds what its position says. */
  void check(CommittedStore store) {
    long position = store.position();
    if (position == 0) {
      assertThat(store.state()).isNull();
    } else {
      assertThat(store.state()).isEqualTo(state(position));
    }
    assertThat(store.scan(null, KEYS + 1)).isEqualTo(pairsAt(position, null));
    for (int index = 0; index < KEYS; index++) {
      assertThat(store.find(key(index))).isEqualTo(rowAt(position, index));
    }
    for (long number = Math.max(1, position - 100); number <= position + 10; number++) {
      assertThat(store.findReply(number % PROPOSERS, number))
          .as("reply %s at %s", number, position)
          .isEqualTo(replyAt(position, number));
    }
  }
}
