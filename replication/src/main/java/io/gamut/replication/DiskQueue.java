package io.gamut.replication;

import io.gamut.replication.message.JournalRecord;
import io.gamut.replication.message.Update;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * What has been given to the journal and waits to become durable, in that order, with what is to be
 * done then.
 */
final class DiskQueue {
  /** Answers of anti-entropy that may wait here. */
  private static final long PULLS_MAX = 4;

  private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
  private long durableCount;
  private long foreignBytes;

  private record Waiting(AwaitingDisk then, long foreignBytes) {}

  /** Gives a record to the journal. */
  void persist(JournalRecord record, AwaitingDisk then, Effects effects) {
    long bytes = then instanceof AwaitingDisk.Foreign taken ? bytes(taken.updates()) : 0;
    waiting.add(new Waiting(then, bytes));
    foreignBytes += bytes;
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
      Waiting done =
          Objects.requireNonNull(waiting.poll(), "more durable records than were ever given");
      foreignBytes -= done.foreignBytes;
      then.accept(done.then);
    }
  }

  private static long bytes(List<Update> updates) {
    long bytes = 0;
    for (Update update : updates) {
      bytes += update.size();
    }
    return bytes;
  }

  /** Whether more of others' updates waits than should: no more is to be fetched for now. */
  boolean isBehind(Timing timing) {
    return foreignBytes >= PULLS_MAX * timing.pullBytes();
  }
}
