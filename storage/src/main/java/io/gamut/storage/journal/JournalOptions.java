package io.gamut.storage.journal;

import java.util.function.LongSupplier;

/**
 * How a journal is laid out.
 *
 * @param idIfNew the name it gets if the volume holds none yet; an existing journal keeps its own
 * @param segmentBytes the length of a new segment file, {@value #SEGMENT_BYTES_MIN} to {@value
 *     #SEGMENT_BYTES_MAX}; existing ones keep theirs. 64 MiB by default: large enough that a new
 *     file is rare, small enough that space comes back soon
 * @param salts draws the 64-bit number that tells a segment's batches from any other bytes. From a
 *     secure source in production, so that a client cannot write values that look like batches;
 *     from the seed in a simulation
 */
public record JournalOptions(JournalId idIfNew, long segmentBytes, LongSupplier salts) {
  public static final long SEGMENT_BYTES_DEFAULT = 64L << 20;
  public static final long SEGMENT_BYTES_MIN = SegmentHeader.BYTES + 512;
  public static final long SEGMENT_BYTES_MAX = 1L << 30;

  public JournalOptions {
    if (segmentBytes < SEGMENT_BYTES_MIN || segmentBytes > SEGMENT_BYTES_MAX) {
      throw new IllegalArgumentException(
          "a segment has "
              + SEGMENT_BYTES_MIN
              + " to "
              + SEGMENT_BYTES_MAX
              + " bytes, not "
              + segmentBytes);
    }
  }

  /** The default layout. */
  public static JournalOptions defaults(JournalId idIfNew, LongSupplier salts) {
    return new JournalOptions(idIfNew, SEGMENT_BYTES_DEFAULT, salts);
  }
}
