package io.gamut.storage.journal;

import java.util.List;

/**
 * What there is of an open journal at one moment, for readers on other threads.
 *
 * @param parts the segments with batches, in order
 * @param synced below it everything is on the disk
 * @param written below it everything was handed to the kernel, and is what a reader finds
 */
record JournalExtent(List<Part> parts, long synced, long written) {
  /**
   * One segment. Its header is in memory, so a reader trusts the one on the disk for nothing.
   *
   * @param end of its last batch; {@link #GROWING} of the segment that is written to
   */
  record Part(SegmentHeader header, long end) {}

  static final long GROWING = Long.MAX_VALUE;

  long first() {
    return parts.getFirst().header().firstPosition();
  }
}
