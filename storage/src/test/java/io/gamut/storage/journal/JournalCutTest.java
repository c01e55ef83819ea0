package io.gamut.storage.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.gamut.storage.volume.CrashChooser;
import io.gamut.storage.volume.SimulatedFault;
import io.gamut.storage.volume.SimulatedVolume;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * A batch that a recovery has cut off never comes back, not even when a later batch ends exactly
 * where it begins.
 *
 * <p>The layout, by position: the mark of the first opening up to 56, batch A up to 512, batch B
 * behind it in a sector of its own. A crash loses A and keeps B, so B is cut. The next opening's
 * mark and batch C together are as long as A: B would continue the chain if it were still there.
 */
final class JournalCutTest {
  private static final int MARK = BatchHeader.BYTES;
  private static final int OVERHEAD = BatchHeader.BYTES + JournalBatch.RECORD_HEADER_BYTES;
  private static final int A_BYTES = 512 - MARK - OVERHEAD;
  private static final int B_BYTES = 300 - OVERHEAD;

  private static SimulatedVolume withAHoleBeforeB() throws IOException {
    SimulatedVolume volume = SimulatedVolume.seeded(1);
    SegmentedJournal journal = JournalWorkload.open(volume, 1, new ArrayList<>());
    assertThat(append(journal, A_BYTES)).isEqualTo(512);
    append(journal, B_BYTES);
    int[] sectors = {0};
    volume.crash(states -> sectors[0]++ == 0 ? 0 : states - 1);
    assertThat(sectors[0]).isEqualTo(2);
    return volume;
  }

  private static long append(SegmentedJournal journal, int bytes) throws IOException {
    return journal.append(new JournalBatch().add(1, new byte[bytes]));
  }

  private static List<Integer> replayedLengths(SimulatedVolume volume) throws IOException {
    List<JournalModel.Replayed> replayed = new ArrayList<>();
    JournalWorkload.open(volume, 9, replayed);
    return replayed.stream().map(record -> record.body().remaining()).toList();
  }

  /** Opens, and appends what ends where B begins; returns its length. */
  private static int appendC(SimulatedVolume volume) throws IOException {
    SegmentedJournal journal = JournalWorkload.open(volume, 2, new ArrayList<>());
    int bytes = (int) (512 - journal.endPosition()) - OVERHEAD;
    assertThat(append(journal, bytes)).isEqualTo(512);
    journal.sync();
    return bytes;
  }

  @Test
  void aBatchBehindAHoleIsCutAndStaysCut() throws IOException {
    SimulatedVolume volume = withAHoleBeforeB();
    SegmentedJournal journal = JournalWorkload.open(volume.copy(), 2, new ArrayList<>());
    assertThat(journal.recovery().cutBytes()).isGreaterThan(B_BYTES);
    assertThat(journal.recovery().endPosition()).isEqualTo(MARK);
    int bytes = appendC(volume);
    volume.crash(CrashChooser.LOSE_ALL);
    assertThat(replayedLengths(volume)).containsExactly(bytes);
  }

  @Test
  void itStaysCutWhenTheZerosOverItAreLostBecauseTheirSyncFailed() throws IOException {
    SimulatedVolume crashed = withAHoleBeforeB();
    int failures = 0;
    for (int more = 0; ; more++) {
      SimulatedVolume volume = crashed.copy();
      volume.inject(volume.operations() + more, SimulatedFault.ERROR);
      try {
        JournalWorkload.open(volume, 2, new ArrayList<>());
        break;
      } catch (IOException e) {
        failures++;
      }
      volume.killProcess();
      int bytes = appendC(volume);
      volume.crash(CrashChooser.LOSE_ALL);
      assertThat(replayedLengths(volume)).as("error at %s", more).containsExactly(bytes);
    }
    assertThat(failures).isGreaterThan(3);
  }
}
