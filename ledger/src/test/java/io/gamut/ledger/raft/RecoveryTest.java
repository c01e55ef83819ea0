package io.gamut.ledger.raft;

import static org.assertj.core.api.Assertions.assertThat;

import io.gamut.core.NodeId;
import io.gamut.ledger.log.AppliedPoint;
import io.gamut.ledger.log.Configuration;
import io.gamut.ledger.log.Entry;
import io.gamut.ledger.log.MemoryEntryLog;
import io.gamut.ledger.log.Participant;
import io.gamut.ledger.message.LedgerRecord;
import io.gamut.ledger.message.LedgerRecord.Entries;
import io.gamut.ledger.message.LedgerRecord.Restarted;
import io.gamut.ledger.message.LedgerRecord.TermAndVote;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a crash leaves is what was there, and nothing that had gone before. */
final class RecoveryTest {
  private static final Configuration ONE = Configuration.of(new Participant(new NodeId(1), 1));

  private static Entries entries(long term, long from, long to) {
    List<Entry> entries = new ArrayList<>();
    for (long index = from; index <= to; index++) {
      entries.add(new Entry(index, term, Entry.NoOp.NO_OP));
    }
    return new Entries(entries);
  }

  private static AppliedPoint point(long index, long term) {
    return new AppliedPoint(index, term, ONE);
  }

  private static Recovery recovered(AppliedPoint base, LedgerRecord... records) {
    Recovery recovery = new Recovery(new MemoryEntryLog(base.index(), base.term()), base);
    for (LedgerRecord record : records) {
      recovery.recover(record);
    }
    recovery.finish(base);
    return recovery;
  }

  private static String terms(Recovery recovery) {
    StringBuilder terms = new StringBuilder();
    for (long index = recovery.log().baseIndex(); index <= recovery.log().lastIndex(); index++) {
      terms.append(recovery.log().term(index)).append(' ');
    }
    return terms.toString().strip();
  }

  @Test
  void aTailThatWasCutOffStaysCutOff() {
    Recovery recovery = recovered(point(0, 0), entries(1, 1, 6), entries(2, 3, 4));
    assertThat(terms(recovery)).isEqualTo("0 1 1 2 2");
  }

  /** Otherwise it would vote by a last term that is not that of its log. */
  @Test
  void aTailThatWasCutOffByWhatTheBaseHoldsStaysCutOff() {
    assertThat(terms(recovered(point(4, 2), entries(1, 1, 6), entries(2, 3, 4)))).isEqualTo("2");
    assertThat(terms(recovered(point(4, 2), entries(1, 1, 9), entries(2, 3, 3), entries(2, 4, 5))))
        .isEqualTo("2 2");
  }

  @Test
  void aTailThatASnapshotHasReplacedStaysReplaced() {
    assertThat(terms(recovered(point(4, 3), entries(1, 1, 6), new Restarted(point(4, 3)))))
        .isEqualTo("3");
    assertThat(
            terms(
                recovered(
                    point(5, 3), entries(1, 1, 9), new Restarted(point(4, 3)), entries(3, 5, 6))))
        .isEqualTo("3 3");
  }

  /** The record of it was lost in the crash, the snapshot was not. */
  @Test
  void aSnapshotIsBelievedMoreThanEntriesThatDoNotAgreeWithIt() {
    Recovery recovery = new Recovery(new MemoryEntryLog(0, 0), point(0, 0));
    recovery.recover(entries(1, 1, 6));
    recovery.finish(point(4, 3));
    assertThat(terms(recovery)).isEqualTo("3");
    assertThat(recovery.unrecorded()).isEqualTo(new Restarted(point(4, 3)));
  }

  @Test
  void entriesBehindASnapshotThatAgreesStay() {
    Recovery recovery = new Recovery(new MemoryEntryLog(0, 0), point(0, 0));
    recovery.recover(entries(3, 1, 6));
    recovery.finish(point(4, 3));
    assertThat(terms(recovery)).isEqualTo("0 3 3 3 3 3 3");
    assertThat(recovery.unrecorded()).isNull();
  }

  /** A leader of the term before may not have what is in the snapshot. */
  @Test
  void theTermIsAtLeastThatOfTheLog() {
    Recovery recovery = new Recovery(new MemoryEntryLog(0, 0), point(0, 0));
    recovery.recover(new TermAndVote(2, new Participant(new NodeId(1), 1)));
    recovery.finish(point(4, 3));
    assertThat(recovery.termAndVote()).isEqualTo(new TermAndVote(3, null));
  }
}
