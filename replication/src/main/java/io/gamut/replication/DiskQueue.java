package io.gamut.replication;

import io.gamut.replication.message.JournalRecord;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * What has been given to the journal and waits to become durable, in that order, with what is to be
 * done then.
 */
final class DiskQueue {
  /** Answers of anti-entropy that may wait here. */
  private static final long PULLS_MAX = 4;

  private final ArrayDeque<AwaitingDisk> waiting = new ArrayDeque<>();
  private long durableCount;
  private long foreignBytes;

  /** Gives a record to the journal. */
  void persist(JournalRecord record, AwaitingDisk then, Effects effects) {
    waiting.add(then);
    foreignBytes += then.foreignBytes();
    effects.persist(record);
  }

  /** Gives a record to the journal that nothing waits for. */
  void persist(JournalRecord record, Effects effects) {
    persist(record, AwaitingDisk.Nothing.NOTHING, effects);
  }

  /** The first {@code count} records ever given are durable: hands over what is to be done now. */
  void onPersisted(long count, Consumer<AwaitingDisk> then) {
    while (durableCount < count) {
      durableCount++;
      AwaitingDisk done =
          Objects.requireNonNull(waiting.poll(), "more durable records than were ever given");
      foreignBytes -= done.foreignBytes();
      then.accept(done);
    }
  }

  /** Whether more of others' updates waits than should: no more is to be fetched for now. */
  boolean isBehind(Timing timing) {
    return foreignBytes >= PULLS_MAX * timing.pullBytes();
  }
}
