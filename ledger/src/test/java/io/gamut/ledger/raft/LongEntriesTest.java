package io.gamut.ledger.raft;

import static org.assertj.core.api.Assertions.assertThat;

import io.gamut.ledger.LedgerEffects;
import io.gamut.ledger.log.Entry;
import io.gamut.ledger.message.LedgerMessage;
import io.gamut.ledger.message.LedgerRecord.Entries;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Entries so long that few of them fit into a record or a message. */
final class LongEntriesTest {
  private static final int LONG = LedgerMessage.LONG_BYTES + 1;
  private static final long MILLI = 1_000_000;

  private final List<List<Entry>> records = new ArrayList<>();
  private final LedgerEffects effects =
      (LedgerEffects)
          Proxy.newProxyInstance(
              LedgerEffects.class.getClassLoader(),
              new Class<?>[] {LedgerEffects.class},
              (_, _, arguments) -> {
                if (arguments[0] instanceof Entries(List<Entry> entries)) {
                  records.add(entries);
                }
                return null;
              });

  private static Entry entry(long index, int bytes) {
    return new Entry(index, 1, new Entry.Command(new byte[bytes]));
  }

  private static List<List<Long>> indexes(List<List<Entry>> records) {
    return records.stream().map(each -> each.stream().map(Entry::index).toList()).toList();
  }

  @Test
  void eachHasARecordOfItsOwnAndShortOnesShareOne() {
    Journaling journaling = new Journaling(0);
    int[] bytes = {10, 10, 8 << 20, 10, 600_000, 600_000, 8 << 20, 8 << 20};
    for (int i = 0; i < bytes.length; i++) {
      journaling.gather(entry(i + 1, bytes[i]));
    }
    journaling.flush(effects);
    assertThat(indexes(records))
        .containsExactly(
            List.of(1L, 2L), List.of(3L), List.of(4L, 5L), List.of(6L), List.of(7L), List.of(8L));
    journaling.onPersisted(3, effects);
    assertThat(journaling.durableIndex()).as("as far as the records are").isEqualTo(5);
    journaling.onPersisted(6, effects);
    assertThat(journaling.durableIndex()).isEqualTo(8);
  }

  @Test
  void nothingFollowsALongMessageBeforeItIsAnswered() {
    Progress progress = new Progress(LedgerTiming.DEFAULT, 1, 0);
    progress.onSent(0, 0, 0, 0, 0);
    progress.onMatch(0);
    assertThat(progress.isProbing()).isFalse();
    progress.onSent(1, 100, 0, 0, 0);
    assertThat(progress.hasRoom()).isTrue();
    progress.onSent(2, LONG, 0, 0, 0);
    assertThat(progress.hasRoom()).isFalse();
    assertThat(progress.isLongUnderWay()).isTrue();
    progress.onMatch(1);
    assertThat(progress.hasRoom()).isFalse();
    progress.onMatch(2);
    assertThat(progress.hasRoom()).isTrue();
    assertThat(progress.isLongUnderWay()).isFalse();
  }

  @Test
  void aLongMessageCountsAsLostLater() {
    Progress progress = new Progress(LedgerTiming.DEFAULT, 1, 0);
    progress.onMatch(0);
    progress.onSent(1, 8 << 20, 0, 0, 0);
    progress.onTick(900 * MILLI);
    assertThat(progress.next()).isEqualTo(2);
    progress.onTick(1_100 * MILLI);
    assertThat(progress.next()).isEqualTo(1);
    assertThat(progress.isProbing()).isTrue();
  }
}
