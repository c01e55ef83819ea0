package io.gamut.replication;

import io.gamut.replication.message.Update;
import java.util.ArrayList;
import java.util.List;

/** Cuts updates into pieces that fit into a message, or into a record of the journal. */
final class Batches {
  private Batches() {}

  /**
   * The same updates in the same order, so that each piece has at most so many bytes, or a single
   * update that is longer.
   */
  static List<List<Update>> of(List<Update> updates, int bytesMax) {
    List<List<Update>> batches = new ArrayList<>();
    int begin = 0;
    long bytes = 0;
    for (int i = 0; i < updates.size(); i++) {
      int next = updates.get(i).size();
      if (i > begin && bytes + next > bytesMax) {
        batches.add(List.copyOf(updates.subList(begin, i)));
        begin = i;
        bytes = 0;
      }
      bytes += next;
    }
    if (begin < updates.size()) {
      batches.add(List.copyOf(updates.subList(begin, updates.size())));
    }
    return batches;
  }
}
