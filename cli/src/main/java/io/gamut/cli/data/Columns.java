package io.gamut.cli.data;

import java.util.ArrayList;
import java.util.List;

/** A table for people, each column as wide as it must be. */
final class Columns {
  private final List<List<String>> rows = new ArrayList<>();

  Columns(String... heads) {
    rows.add(List.of(heads));
  }

  void add(String... cells) {
    rows.add(List.of(cells));
  }

  /** With the ends of its lines. */
  String text() {
    int[] widths = new int[rows.getFirst().size()];
    for (List<String> row : rows) {
      // What stands last in its row may be longer than its column.
      for (int i = 0; i < row.size() - 1; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    StringBuilder text = new StringBuilder();
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < row.size(); i++) {
        line.append(row.get(i));
        line.repeat(' ', Math.max(0, widths[i] - row.get(i).length()) + 2);
      }
      text.append(line.toString().stripTrailing()).append('\n');
    }
    return text.toString();
  }
}
