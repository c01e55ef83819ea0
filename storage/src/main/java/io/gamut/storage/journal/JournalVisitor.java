package io.gamut.storage.journal;

import java.nio.ByteBuffer;

/**
 * Takes the records of a journal that is being opened or read, in the order in which they were
 * appended.
 */
@FunctionalInterface
public interface JournalVisitor {
  /**
   * Takes one record.
   *
   * <p>While the journal is being opened it may not yet be durable: nobody outside may be told of
   * it before the journal is open. If opening fails, what was taken is a true prefix of what was
   * appended, but not all of it.
   *
   * @param position where the record lies; greater than every earlier one's. Records appended after
   *     a position {@code p} that {@link SegmentedJournal#append} returned lie at {@code p} or
   *     above
   * @param type 1 to 127, as given to {@link JournalBatch#add}
   * @param body read-only, valid during this call only
   */
  void onRecord(long position, int type, ByteBuffer body);

  /**
   * Hears that the records to come belong to another batch.
   *
   * @param position where it begins: below its records and not below those before. From here the
   *     journal can be read again, see {@link ReadableJournal}
   */
  default void onBatch(long position) {}
}
