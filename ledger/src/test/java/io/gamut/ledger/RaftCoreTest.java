package io.gamut.ledger;

import io.gamut.ledger.log.MemoryEntryLog;
import io.gamut.ledger.raft.LedgerTiming;
import io.gamut.ledger.raft.RaftCore;
import io.gamut.ledger.raft.Recovery;
import java.util.SplittableRandom;

/** The Raft core keeps what the port promises. */
final class RaftCoreTest extends LedgerContract {
  @Override
  LedgerCluster.Engine engine() {
    return (self, base, found, saved, nowNanos, effects) -> {
      Recovery recovery = new Recovery(new MemoryEntryLog(base.index(), base.term()), base);
      found.forEach(recovery::recover);
      recovery.finish(saved);
      SplittableRandom random = new SplittableRandom(self.node().value() + nowNanos);
      RaftCore core =
          new RaftCore(self, LedgerTiming.DEFAULT, random::nextLong, recovery, saved.index());
      core.start(nowNanos, effects);
      return core;
    };
  }
}
