package io.gamut.storage.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gamut.ledger.log.Entry;
import io.gamut.ledger.log.EntryLog;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What every log of entries must do. */
abstract class EntryLogContract {
  /** The log under test, empty behind no snapshot at first. */
  abstract EntryLog log();

  /** Appends, and makes durable what can be. */
  abstract void append(List<Entry> entries);

  /** As {@link EntryLog#restartAt}, recorded durably. */
  abstract void restartAt(long index, long term);

  /** Three terms, of which the second is long. */
  private List<Entry> appendThreeTerms() {
    List<Entry> entries = new ArrayList<>(Entries.of(1, 3, 1));
    entries.addAll(Entries.of(4, 60, 4));
    entries.addAll(Entries.of(61, 70, 5));
    append(entries.subList(0, 10));
    append(entries.subList(10, 11));
    append(entries.subList(11, 70));
    return entries;
  }

  private void assertHolds(List<Entry> expected) {
    assertThat(log().lastIndex()).isEqualTo(log().baseIndex() + expected.size());
    assertThat(log().read(log().baseIndex() + 1, Integer.MAX_VALUE)).isEqualTo(expected);
    for (Entry entry : expected) {
      assertThat(log().entry(entry.index())).isEqualTo(entry);
      assertThat(log().term(entry.index())).isEqualTo(entry.term());
    }
  }

  @Test
  void anEmptyLogEndsWhereItBegins() {
    assertThat(log().baseIndex()).isZero();
    assertThat(log().lastIndex()).isZero();
    assertThat(log().lastTerm()).isZero();
    assertThat(log().read(1, 1000)).isEmpty();
    assertThat(log().firstOfTermAt(0)).isZero();
  }

  @Test
  void whatWasAppendedIsRead() {
    assertHolds(appendThreeTerms());
    assertThat(log().lastTerm()).isEqualTo(5);
  }

  @Test
  void aReadStopsAfterTheEntryThatReachesItsLimitAndGivesAtLeastOne() {
    List<Entry> entries = appendThreeTerms();
    for (int first = 1; first <= 70; first += 7) {
      for (int count = 1; count <= 71 - first; count++) {
        List<Entry> expected = entries.subList(first - 1, first - 1 + count);
        int bytes = (int) Entries.bytes(expected);
        assertThat(log().read(first, bytes)).isEqualTo(expected);
        assertThat(log().read(first, bytes - 1)).isEqualTo(expected);
      }
      assertThat(log().read(first, 0)).isEqualTo(entries.subList(first - 1, first));
    }
    assertThat(log().read(71, 1000)).isEmpty();
  }

  @Test
  void aTermIsFoundByItsFirstEntry() {
    appendThreeTerms();
    for (long index = 0; index <= 70; index++) {
      long first = index == 0 ? 0 : index < 4 ? 1 : index < 61 ? 4 : 61;
      assertThat(log().firstOfTermAt(index)).as("at %s", index).isEqualTo(first);
    }
    log().compactThrough(20);
    assertThat(log().firstOfTermAt(30)).isEqualTo(20);
    assertThat(log().firstOfTermAt(65)).isEqualTo(61);
  }

  @Test
  void whatWasCutOffIsReplaced() {
    List<Entry> entries = appendThreeTerms();
    log().truncateFrom(71);
    assertHolds(entries);
    log().truncateFrom(30);
    assertHolds(entries.subList(0, 29));
    append(Entries.of(30, 90, 6));
    List<Entry> replaced = new ArrayList<>(entries.subList(0, 29));
    replaced.addAll(Entries.of(30, 90, 6));
    assertHolds(replaced);
    assertThat(log().firstOfTermAt(90)).isEqualTo(30);
  }

  @Test
  void anEntryThatWasCutOffMayComeBack() {
    appendThreeTerms();
    log().truncateFrom(30);
    append(Entries.of(30, 40, 6));
    log().truncateFrom(30);
    append(Entries.of(30, 50, 4));
    List<Entry> expected = new ArrayList<>(Entries.of(1, 3, 1));
    expected.addAll(Entries.of(4, 50, 4));
    assertHolds(expected);
  }

  @Test
  void everythingMayBeCutOff() {
    appendThreeTerms();
    log().truncateFrom(1);
    assertHolds(List.of());
    append(Entries.of(1, 5, 7));
    assertHolds(Entries.of(1, 5, 7));
  }

  @Test
  void whatASnapshotHoldsIsForgottenButForTheTermOfItsEnd() {
    List<Entry> entries = appendThreeTerms();
    log().compactThrough(20);
    log().compactThrough(10);
    assertThat(log().baseIndex()).isEqualTo(20);
    assertThat(log().term(20)).isEqualTo(4);
    assertHolds(entries.subList(20, 70));
    log().compactThrough(70);
    assertHolds(List.of());
    assertThat(log().lastTerm()).isEqualTo(5);
    append(Entries.of(71, 80, 5));
    assertHolds(Entries.of(71, 80, 5));
  }

  @Test
  void aRestartLeavesNothingOfWhatWas() {
    appendThreeTerms();
    restartAt(50, 9);
    assertHolds(List.of());
    assertThat(log().baseIndex()).isEqualTo(50);
    assertThat(log().lastTerm()).isEqualTo(9);
    append(Entries.of(51, 80, 9));
    assertHolds(Entries.of(51, 80, 9));
    restartAt(1000, 10);
    append(Entries.of(1001, 1002, 11));
    assertHolds(Entries.of(1001, 1002, 11));
  }

  @Test
  void whatIsNotThereIsAFaultOfTheCaller() {
    appendThreeTerms();
    log().compactThrough(20);
    assertFault(() -> log().entry(20));
    assertFault(() -> log().entry(71));
    assertFault(() -> log().term(19));
    assertFault(() -> log().term(71));
    assertFault(() -> log().firstOfTermAt(19));
    assertFault(() -> log().read(20, 100));
    assertFault(() -> log().truncateFrom(20));
    assertFault(() -> log().compactThrough(71));
    assertFault(() -> log().append(Entries.of(72, 72, 9)));
    assertThat(log().lastIndex()).isEqualTo(70);
  }

  private static void assertFault(Runnable call) {
    assertThatThrownBy(call::run).isInstanceOf(IllegalArgumentException.class);
  }
}
