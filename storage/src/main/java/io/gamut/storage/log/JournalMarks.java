package io.gamut.storage.log;

import java.util.ArrayList;
import java.util.List;

/**
 * Where in the journal to begin to look for an entry of the log.
 *
 * <p>A mark (d, p) says: every entry of the log with an index above d was put there by a record at
 * position p or above. "Put there" is the last time: an entry may have been cut off and written
 * again.
 *
 * <p><b>Why it is true when it is made.</b> The journal has reported p as durable, and the log is
 * durable up to d. The record of an entry above d was not among what had been reported, so it lies
 * at p or above.
 *
 * <p><b>Why it stays true.</b> Whatever is put into the log later has a record given to the journal
 * later, at p or above. To cut off the end, to forget the beginning or to begin anew elsewhere
 * takes entries away and moves none. So no mark is ever dropped for being wrong. After a cut one
 * may be too high to be of use for the entries that were written again; they find one below them.
 *
 * <p><b>What a replay needs beyond that.</b> A replay takes the records from a position on and puts
 * them behind a base: each must begin where what was replayed ends, or before. From a mark (d, p)
 * with d not above the base they do, if p lies behind the record of the last cut. For the records
 * before p ended the log at d then, and each record behind p begins where the log had ended, or
 * cuts. But while the record of a cut is on its way, records before it may be on their way that
 * follow what the cut takes away; they would follow nothing. So no mark is made from a cut, or a
 * restart, until its record is durable.
 *
 * <p><b>Which are kept.</b> Of two marks the one with the lesser d and the greater p is the better
 * one for every entry, and replaces the other: indexes and positions rise from mark to mark. A mark
 * less than the spacing behind the last one is left out. Beyond {@value #MARKS_MAX} every second
 * one is dropped and the spacing doubled. The first always has the base's index or less.
 */
final class JournalMarks {
  static final int MARKS_MAX = 4096;

  private final List<Mark> marks = new ArrayList<>();
  private long spacingBytes;

  /** Entries above {@code index} were put into the log at {@code position} or above. */
  private record Mark(long index, long position) {}

  JournalMarks(long baseIndex, long spacingBytes) {
    this.spacingBytes = spacingBytes;
    marks.add(new Mark(baseIndex, 0));
  }

  int size() {
    return marks.size();
  }

  /**
   * Takes a mark in.
   *
   * @param index not below the base
   * @param position not below any earlier one
   */
  void add(long index, long position) {
    boolean isBetter = false;
    while (!marks.isEmpty() && marks.getLast().index >= index) {
      marks.removeLast();
      isBetter = true;
    }
    if (isBetter || position - marks.getLast().position >= spacingBytes) {
      marks.add(new Mark(index, position));
    }
    if (marks.size() > MARKS_MAX) {
      thinOut();
    }
  }

  private void thinOut() {
    List<Mark> kept = new ArrayList<>();
    for (int i = 0; i < marks.size(); i += 2) {
      kept.add(marks.get(i));
    }
    marks.clear();
    marks.addAll(kept);
    spacingBytes *= 2;
  }

  /** The greatest position known to have no record of this entry, or of a later one, below it. */
  long positionFor(long index) {
    return marks.get(lastBelow(index)).position;
  }

  private int lastBelow(long index) {
    int low = 0;
    int high = marks.size() - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (marks.get(middle).index < index) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }

  /** The greatest index of a mark at a position or below it; 0 without one. */
  long indexBefore(long position) {
    long index = 0;
    for (Mark mark : marks) {
      if (mark.position > position) {
        break;
      }
      index = mark.index;
    }
    return index;
  }

  /** Forgets marks that no entry behind the base needs. */
  void compactThrough(long baseIndex) {
    marks.subList(0, lastBelow(baseIndex + 1)).clear();
  }

  /** The log is empty behind a base. Any mark is true of it: one is kept that a replay can use. */
  void restartAt(long baseIndex) {
    long position = positionFor(baseIndex + 1);
    marks.clear();
    marks.add(new Mark(baseIndex, position));
  }
}
