package io.gamut.storage.committed;

import static org.assertj.core.api.Assertions.assertThat;

import io.gamut.core.Content.Value;
import io.gamut.core.Key;
import io.gamut.core.LedgerPosition;
import io.gamut.core.Origin;
import io.gamut.core.Pair;
import io.gamut.core.Version;
import io.gamut.replication.committed.Horizon;
import io.gamut.replication.committed.Row;
import io.gamut.storage.rocks.RocksOptions;
import io.gamut.storage.rocks.RocksTables;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A lookup is made slow by committing and writing in the middle of its read of the tables. */
final class CommittedViewTest {
  private static final Key K = Key.of("k");
  private static final Key OTHER = Key.of("other");
  private static final RocksOptions WITHOUT_CACHE = new RocksOptions(1 << 20, 1 << 20, 16, 0, 0);

  @TempDir Path root;
  private RocksTables tables;
  private CommittedView view;

  /** Done once, within a read of the tables. */
  private Runnable beforeRead = () -> {};

  private Runnable afterRead = () -> {};
  private int reads;

  @BeforeEach
  void open() throws IOException {
    tables = new RocksTables(root, WITHOUT_CACHE, CommittedTable.ALL);
    view = new CommittedView(tables, WITHOUT_CACHE, 0, Horizon.NONE, this::read);
    commit(1, K, row(1));
    write();
  }

  @AfterEach
  void close() {
    tables.close();
  }

  private @Nullable Row read(Key key) {
    reads++;
    once(beforeRead);
    Row row = CommittedView.read(tables, key);
    once(afterRead);
    return row;
  }

  private void once(Runnable step) {
    if (reads == 1) {
      step.run();
    }
  }

  private static Row row(long time) {
    return new Row(new Version(time, new Origin(1, 1)), Value.of(new byte[] {1}));
  }

  private static Pair pair(long time, long position) {
    Row row = row(time);
    return new Pair(K, row.content(), row.version(), new LedgerPosition(position));
  }

  private void commit(long position, Key key, @Nullable Row row) {
    view.reveal(new HashMap<>(Map.of(key, new Change(row))), Horizon.NONE, position);
  }

  private void write() {
    view.write(_ -> {});
  }

  @Test
  void aCommitOfAnotherKeyDoesNotDisturbALookup() {
    afterRead = () -> commit(2, OTHER, row(2));
    assertThat(view.lookup(K)).isEqualTo(pair(1, 1));
    assertThat(reads).isEqualTo(1);
  }

  @Test
  void aRowOfALaterBatchDoesNotGetAnEarlierMark() {
    beforeRead =
        () -> {
          commit(2, K, row(2));
          write();
        };
    assertThat(view.lookup(K)).isEqualTo(pair(2, 2));
  }

  @Test
  void aRowOfABatchThatIsBeingWrittenDoesNotGetAnEarlierMark() {
    beforeRead =
        () -> {
          commit(2, K, row(2));
          byte[] row = CommittedRows.row(row(2));
          tables.write(batch -> batch.put(CommittedTable.PAIRS, K.bytes(), row));
        };
    assertThat(view.lookup(K)).isEqualTo(pair(2, 2));
  }

  @Test
  void aRowThatIsReplacedMeanwhileDoesNotGetALaterMark() {
    afterRead =
        () -> {
          commit(2, K, row(2));
          write();
          commit(3, OTHER, row(3));
        };
    assertThat(view.lookup(K)).isEqualTo(pair(2, 3));
  }

  @Test
  void aRowThatIsRemovedMeanwhileIsNotThereAnyMore() {
    afterRead =
        () -> {
          commit(2, K, null);
          write();
        };
    assertThat(view.lookup(K)).isNull();
    assertThat(view.position()).isEqualTo(2);
  }
}
