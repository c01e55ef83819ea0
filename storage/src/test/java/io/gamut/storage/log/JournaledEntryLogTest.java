package io.gamut.storage.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gamut.ledger.log.Entry;
import io.gamut.ledger.log.EntryLog;
import io.gamut.storage.journal.JournalCorruptException;
import io.gamut.storage.journal.JournalOptions;
import io.gamut.storage.journal.ReadableJournal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** As the contract asks, though everything durable has left the memory; and what is its own. */
final class JournaledEntryLogTest extends EntryLogContract {
  private static final long SEGMENT_BYTES = JournalOptions.SEGMENT_BYTES_MIN + 2_000;

  private final LogOwner owner;

  JournaledEntryLogTest() throws IOException {
    owner = new LogOwner(1, SEGMENT_BYTES, 0, 700);
  }

  @Override
  EntryLog log() {
    return owner.log();
  }

  @Override
  void append(List<Entry> entries) {
    owner.model().truncateFrom(entries.getFirst().index());
    owner.append(entries);
    owner.write();
    owner.sync();
  }

  @Override
  void restartAt(long index, long term) {
    owner.restartAt(index, term);
    owner.write();
    owner.sync();
  }

  @Test
  void memoryStaysBoundedHoweverLongTheLogGrows() throws IOException {
    LogOwner large = new LogOwner(2, 64 << 10, 20_000, 10_000);
    for (int round = 0; round < 2_000; round++) {
      long next = large.log().lastIndex() + 1;
      large.append(Entries.of(next, next + 4, 1));
      large.write();
      large.sync();
      assertThat(large.log().memoryBytes()).isLessThanOrEqualTo(20_000);
    }
    assertThat(Entries.bytes(large.log().read(1, Integer.MAX_VALUE))).isGreaterThan(1_000_000);
    assertThat(large.log().memoryBytes()).as("with one batch").isLessThanOrEqualTo(30_000);
  }

  @Test
  void whatIsNotDurableStaysInMemoryWhateverTheBudget() {
    append(Entries.of(1, 10, 1));
    assertThat(owner.log().memoryBytes()).isZero();
    owner.append(Entries.of(11, 20, 1));
    owner.write();
    assertThat(owner.log().memoryBytes()).isPositive();
    assertThat(log().read(1, Integer.MAX_VALUE)).isEqualTo(Entries.of(1, 20, 1));
  }

  @Test
  void aFollowerThatIsBehindReadsOnWhereItsLastReadHasEnded() throws IOException {
    LogOwner unmarked = new LogOwner(3, SEGMENT_BYTES, 0, 1 << 30);
    for (int index = 1; index <= 400; index += 4) {
      unmarked.append(Entries.of(index, index + 3, 1));
      unmarked.write();
      unmarked.sync();
    }
    List<Long> readFrom = new ArrayList<>();
    ReadableJournal counted =
        position -> {
          readFrom.add(position);
          return unmarked.journal().readFrom(position);
        };
    unmarked.log().onRecovered(counted, unmarked.journal().syncedPosition());
    for (long next = 1; next <= 400; ) {
      next += unmarked.log().read(next, 500).size();
    }
    assertThat(readFrom).hasSizeGreaterThan(20).isSorted().doesNotHaveDuplicates();
  }

  @Test
  void damageToWhatIsReadBackIsReportedAndNothingOfItGiven() throws IOException {
    append(Entries.of(1, 3, 1));
    append(Entries.of(4, 6, 1));
    long synced = owner.journal().syncedPosition();
    String name = owner.volume.list().getFirst();
    owner.volume.flipBit(name, (4096 + synced - 10) * Byte.SIZE);
    assertThat(log().read(1, 1)).isEqualTo(Entries.of(1, 1, 1));
    assertThatThrownBy(() -> log().read(1, Integer.MAX_VALUE))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("entry 4")
        .cause()
        .isInstanceOfSatisfying(
            JournalCorruptException.class,
            e -> {
              assertThat(e.position()).isBetween(0L, synced - 10);
              assertThat(e.lostUpTo()).isEqualTo(synced);
            });
  }

  @Test
  void aJournalThatWasLetGoTooSoonIsReported() throws IOException {
    for (int index = 1; index <= 100; index += 4) {
      append(Entries.of(index, index + 3, 1));
    }
    owner.journal().truncateBefore(owner.journal().endPosition());
    assertThatThrownBy(() -> log().read(1, 100))
        .isInstanceOf(UncheckedIOException.class)
        .hasRootCauseMessage(
            "could not read the journal from position 56: what lay below "
                + owner.journal().firstPosition()
                + " has been deleted. It was let go while it was still needed");
  }

  @Test
  void theJournalIsNeededFromWhereTheBaseIs() {
    for (int index = 1; index <= 400; index += 4) {
      append(Entries.of(index, index + 3, 1));
    }
    long before = owner.log().neededFrom();
    owner.log().compactThrough(200);
    long middle = owner.log().neededFrom();
    owner.log().compactThrough(400);
    owner.addForeign(1, new byte[1000]);
    owner.write();
    owner.sync();
    assertThat(before).isEqualTo(56);
    assertThat(middle).isBetween(10_000L, 40_000L);
    assertThat(owner.log().neededFrom()).isEqualTo(owner.journal().syncedPosition());
  }

  /** Else a crash that loses the record leaves what cannot be put together. */
  @Test
  void beforeARestartIsDurableTheJournalIsNotLetGo() {
    append(Entries.of(1, 10, 1));
    owner.append(Entries.of(11, 20, 1));
    owner.write();
    long durable = owner.journal().syncedPosition();
    owner.restartAt(15, 2);
    owner.sync();
    assertThat(owner.log().isRestarting()).isTrue();
    assertThat(owner.log().neededFrom()).isLessThanOrEqualTo(durable);
    owner.write();
    owner.sync();
    assertThat(owner.log().isRestarting()).isFalse();
    assertThat(owner.log().neededFrom()).isEqualTo(owner.journal().syncedPosition());
  }

  /** Else a replay from there begins with entries that follow what the cut has taken away. */
  @Test
  void aSnapshotThatEndsBehindACutOnItsWaySaysNothingOfTheJournal() throws IOException {
    LogOwner marking = new LogOwner(4, SEGMENT_BYTES, 0, 0);
    marking.append(Entries.of(1, 10, 1));
    marking.write();
    marking.sync();
    marking.append(Entries.of(11, 15, 1));
    marking.write();
    marking.syncBeside(() -> {
      marking.append(Entries.of(16, 20, 1));
      marking.write();
      marking.replace(Entries.of(11, 13, 2));
      marking.write();
      marking.compactThrough(12);
    });
    marking.checkpoint();
    marking.crash(false);
    assertThat(marking.log().lastIndex()).isEqualTo(13);
    assertThat(marking.log().entry(13)).isEqualTo(Entries.of(13, 2));
  }

  @Test
  void aRestartIsDurableWhenAnEntryBehindItIs() throws IOException {
    JournaledEntryLog alone = new JournaledEntryLog(0, 0, 0);
    alone.onRecovered(owner.journal(), 100);
    alone.restartAt(5, 2);
    alone.onDurable(5, 200);
    assertThat(alone.isRestarting()).isTrue();
    alone.append(Entries.of(6, 6, 2));
    alone.onDurable(6, 300);
    assertThat(alone.isRestarting()).isFalse();
  }

  @Test
  void reportsThatContradictTheLogAreAFaultOfTheOwner() {
    append(Entries.of(1, 10, 1));
    long position = owner.journal().syncedPosition();
    assertThatThrownBy(() -> owner.log().onDurable(9, position)).hasMessageContaining("to 9");
    assertThatThrownBy(() -> owner.log().onDurable(11, position)).hasMessageContaining("to 11");
    assertThatThrownBy(() -> owner.log().onDurable(10, position - 1))
        .hasMessageContaining("only to " + (position - 1));
  }

  @Test
  void aReadBeforeRecoveryHasEndedIsAFaultOfTheOwner() {
    JournaledEntryLog early = new JournaledEntryLog(0, 0, 0);
    early.onRecovering(56);
    early.append(Entries.of(1, 3, 1));
    early.onRecovering(1000);
    assertThatThrownBy(() -> early.entry(1)).isInstanceOf(IllegalStateException.class);
  }
}
