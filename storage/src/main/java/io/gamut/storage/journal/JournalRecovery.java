package io.gamut.storage.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads a journal from its first batch to its last, and makes its end fit to be written behind.
 *
 * <p><b>The chain.</b> Batches follow one another: each begins where the one before it ended, or at
 * the start of the next segment and says so ({@code previousEnd}). Reading stops at the first
 * position E where no batch is that has all its bytes and continues the chain. Since positions,
 * salts and checksums must all fit, what is read was written here and in this order.
 *
 * <p><b>Torn tail or corruption.</b> At E either an unsynced write was lost, as is its right, or
 * synced bytes have changed, which must never be passed over. Every header carries the position up
 * to which the journal was synced when it was written. If any header behind E, in this segment or a
 * later one, says that more than E was synced, then what lay at E was on the disk and is not now:
 * corruption. If none does, nothing is known to have been synced behind E, and since unsynced
 * writes tear in any order, whole batches found behind E are of no more worth than the hole before
 * them: all of it is cut. What this cannot see is damage to the very last synced batches, with no
 * header behind them to speak for them; therefore the journal writes a mark, a batch without
 * records, whenever it is opened, closed, or falls idle.
 *
 * <p><b>The cut</b> deletes later segments that hold anything, from the last one down, each
 * deletion durable before the next, and then writes zeros over the rest of this segment. A crash in
 * between leaves the same chain, less behind it, and still no header that speaks for it, so that
 * the next recovery does the same.
 *
 * <p><b>Nothing cut comes back.</b> The zeros may be lost after all, if their sync fails and the
 * disk is then read from the kernel's memory. A batch from before the cut could then stand exactly
 * where a new batch ends. But each opening draws a new number, its life, and begins with a mark: a
 * batch that has records and another life than the one before it does not continue the chain.
 *
 * <p><b>What was read becomes durable</b> before the journal is open. It may have come from the
 * kernel's memory, left there by a process that was killed before its sync, or whose sync failed;
 * in the second case the kernel may hold the pages for clean, and a sync alone would do nothing
 * (Rebello et al., USENIX ATC 2020). So everything behind the position that the last header proves
 * synced is written once more, byte for byte, and then synced.
 */
final class JournalRecovery {
  private static final int REWRITE_BYTES = 1 << 20;

  private final SegmentFiles files;
  private final List<Segment> segments;
  private final long from;
  private final JournalVisitor visitor;

  private int active;
  private long end;
  private long batches;
  private @Nullable BatchHeader last;

  /**
   * @param segments all of them in order, at least one
   */
  JournalRecovery(SegmentFiles files, List<Segment> segments, long from, JournalVisitor visitor) {
    this.files = files;
    this.segments = segments;
    this.from = from;
    this.visitor = visitor;
    this.end = segments.getFirst().first();
  }

  /**
   * Does it all. Afterwards the list holds the segments that are left: those with batches, at least
   * one, and at most one behind {@link #activeIndex}, empty.
   */
  RecoveryReport run() throws IOException {
    readChain();
    long cutBytes = cutTail();
    rewriteUnproven();
    return new RecoveryReport(false, segments.getFirst().first(), end, batches, cutBytes);
  }

  /** The index of the segment in which the chain ends. */
  int activeIndex() {
    return active;
  }

  private void readChain() throws IOException {
    while (true) {
      readSegment(segments.get(active));
      if (active + 1 == segments.size() || !continues(segments.get(active + 1))) {
        return;
      }
      active++;
    }
  }

  private boolean continues(Segment next) throws IOException {
    BatchHeader header = new BatchReader(next).read(next.first());
    return header != null && isSequel(header);
  }

  private void readSegment(Segment segment) throws IOException {
    BatchReader reader = new BatchReader(segment);
    long position = segment.first();
    while (true) {
      BatchHeader header = reader.read(position);
      if (header == null || !isSequel(header)) {
        return;
      }
      reader.visit(header, from, visitor);
      batches++;
      last = header;
      end = header.end();
      position = end;
      segment.endAt(end);
    }
  }

  private boolean isSequel(BatchHeader header) {
    if (last == null) {
      return header.position() == end || header.previousEnd() == end;
    }
    return header.isSequelOf(last);
  }

  private long cutTail() throws IOException {
    TailScan[] tails = new TailScan[segments.size()];
    for (int i = active; i < tails.length; i++) {
      tails[i] = TailScan.of(segments.get(i), i == active ? segments.get(i).end() : firstOf(i));
      requireUnsynced(tails[i].syncedPosition());
    }
    long cutBytes = 0;
    for (int i = tails.length - 1; i > active; i--) {
      long used = tails[i].usedEnd() - firstOf(i);
      cutBytes += used;
      if (used > 0 || i > active + 1) {
        files.delete(segments.removeLast());
      }
    }
    Segment segment = segments.get(active);
    eraseRest(segment, tails[active].usedEnd());
    return cutBytes + tails[active].usedEnd() - segment.end();
  }

  private long firstOf(int index) {
    return segments.get(index).first();
  }

  private void requireUnsynced(long syncedPosition) throws JournalCorruptException {
    if (syncedPosition > end) {
      throw new JournalCorruptException(
          segments.get(active).name(),
          end,
          syncedPosition,
          "no batch can be read there, and a later one says that it had been synced");
    }
  }

  private void eraseRest(Segment segment, long usedEnd) throws IOException {
    ByteBuffer zeros = ByteBuffer.allocate((int) Math.min(REWRITE_BYTES, segment.room()));
    for (long at = segment.end(); at < usedEnd; at += zeros.limit()) {
      segment.write(at, zeros.clear().limit((int) Math.min(zeros.capacity(), usedEnd - at)));
    }
  }

  private void rewriteUnproven() throws IOException {
    long proven = last == null ? end : last.syncedPosition();
    for (int i = 0; i <= active; i++) {
      Segment segment = segments.get(i);
      if (segment.end() > proven || i == active) {
        rewrite(segment, Math.max(proven, segment.first()));
        segment.sync();
      }
    }
  }

  private static void rewrite(Segment segment, long from) throws IOException {
    long unproven = Math.max(0, segment.end() - from);
    ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(REWRITE_BYTES, unproven));
    for (long at = from; at < segment.end(); at += bytes.limit()) {
      bytes.clear().limit((int) Math.min(bytes.capacity(), segment.end() - at));
      segment.read(at, bytes);
      segment.write(at, bytes.flip());
    }
  }
}
