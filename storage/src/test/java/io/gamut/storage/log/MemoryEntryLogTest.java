package io.gamut.storage.log;

import io.gamut.ledger.log.Entry;
import io.gamut.ledger.log.EntryLog;
import io.gamut.ledger.log.MemoryEntryLog;
import java.util.List;

final class MemoryEntryLogTest extends EntryLogContract {
  private final MemoryEntryLog log = new MemoryEntryLog(0, 0);

  @Override
  EntryLog log() {
    return log;
  }

  @Override
  void append(List<Entry> entries) {
    log.append(entries);
  }

  @Override
  void restartAt(long index, long term) {
    log.restartAt(index, term);
  }
}
