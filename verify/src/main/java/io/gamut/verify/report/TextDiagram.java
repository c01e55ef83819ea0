package io.gamut.verify.report;

import io.gamut.verify.history.Event;
import io.gamut.verify.history.Request;
import io.gamut.verify.report.SpaceTimeDiagram.Arrow;
import io.gamut.verify.report.SpaceTimeDiagram.Bar;
import io.gamut.verify.report.SpaceTimeDiagram.Link;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Draws a diagram with the characters of a terminal. What is violated has double lines, and is red
 * where there are colours. What is too wide goes on below.
 *
 * <p>Between two lines there are as many rows as arrows need that leave the upper one downwards or
 * the lower one upwards. An arrow leaves the end of its bar into a row of its own, turns to the
 * column of its head, and goes straight there; so no two arrows share more than a crossing.
 */
final class TextDiagram {
  private static final int COLUMNS_MIN = 40;
  private static final int GAP_MAX = 10;
  private static final int LABEL_MAX = 30;

  /** Caps, blanks, and the column where arrows leave. */
  private static final int FRAME = 5;

  private final SpaceTimeDiagram diagram;
  private final int columns;
  private final boolean hasColours;
  private final TreeMap<Integer, Integer> lineOfSession = new TreeMap<>();
  private final TreeMap<Integer, Integer> lineOfReplica = new TreeMap<>();
  private final int[] incoming;
  private final int[] tracks;
  private final int[] rows;
  private int lineCount;

  TextDiagram(SpaceTimeDiagram diagram, int columns, boolean hasColours) {
    this.diagram = diagram;
    this.columns = Math.max(columns, COLUMNS_MIN);
    this.hasColours = hasColours;
    diagram.sessions().forEach(session -> lineOfSession.put(session, lineCount++));
    diagram.replicas().forEach(replica -> lineOfReplica.put(replica, lineCount++));
    incoming = new int[diagram.bars().size()];
    tracks = new int[lineCount + 1];
    rows = new int[lineCount];
    for (Arrow arrow : diagram.arrows()) {
      incoming[arrow.to()]++;
      tracks[gap(arrow)]++;
    }
    int row = 1;
    for (int line = 0; line < lineCount; line++) {
      row += tracks[line];
      rows[line] = row++;
    }
  }

  /** The gap above a line has its number; an arrow within a line goes through the one below. */
  private int gap(Arrow arrow) {
    return line(arrow.to()) < line(arrow.from()) ? line(arrow.from()) : line(arrow.from()) + 1;
  }

  private int line(int bar) {
    Integer line = lineOfSession.get(diagram.bars().get(bar).request().session());
    return line == null ? 0 : line;
  }

  String render() {
    StringBuilder text = new StringBuilder();
    wrap(diagram.sentence(), "", text);
    if (!diagram.bars().isEmpty()) {
      text.append('\n');
      draw(text);
      text.append('\n');
      List<String> legend = diagram.legend();
      for (int i = 0; i < legend.size(); i++) {
        wrap("%2d  %s".formatted(i + 1, legend.get(i)), "    ", text);
      }
    }
    if (diagram.left() > 0) {
      text.append("and %d more requests%n".formatted(diagram.left()));
    }
    return text.toString();
  }

  private void wrap(String words, String indent, StringBuilder text) {
    String narrow = Glyphs.narrow(words, Integer.MAX_VALUE);
    Words.wrapped(narrow, indent, columns).forEach(line -> text.append(line).append('\n'));
  }

  private void draw(StringBuilder text) {
    int margin = margin();
    int labelMax = LABEL_MAX;
    TimeAxis axis = axis(labelMax);
    while (axis.width() + margin + 2 > columns && labelMax > 2) {
      labelMax = Math.max(2, labelMax - 2);
      axis = axis(labelMax);
    }
    Canvas canvas = new Canvas(rows[lineCount - 1] + tracks[lineCount] + 2, axis.width() + 2);
    drawBars(canvas, axis, labelMax);
    drawArrows(canvas, axis);
    drawEvents(canvas, axis);
    drawTimes(canvas, axis);
    int room = columns - margin;
    for (int from = 0; from < axis.width() + 2; from += room) {
      print(canvas, from, from + room, margin, text);
    }
  }

  private int margin() {
    int longest = 0;
    for (int line = 0; line < lineCount; line++) {
      longest = Math.max(longest, name(line).length());
    }
    return longest + 2;
  }

  private String name(int line) {
    for (Map.Entry<Integer, Integer> session : lineOfSession.entrySet()) {
      if (session.getValue() == line) {
        return "session " + session.getKey();
      }
    }
    for (Map.Entry<Integer, Integer> replica : lineOfReplica.entrySet()) {
      if (replica.getValue() == line) {
        return "replica " + replica.getKey();
      }
    }
    return "";
  }

  private String label(int bar, int labelMax) {
    String number = Integer.toString(bar + 1);
    int room = labelMax - number.length() - 1;
    return room < 3 ? number : number + " " + Glyphs.narrow(diagram.bars().get(bar).label(), room);
  }

  private TimeAxis axis(int labelMax) {
    TimeAxis axis = new TimeAxis(diagram);
    for (int i = 0; i < diagram.bars().size(); i++) {
      Request request = diagram.bars().get(i).request();
      // Heads have a column each, whatever begins meanwhile.
      axis.require(request.invoked(), incoming[i] + 1);
      int width = label(i, labelMax).length() + incoming[i] + FRAME;
      axis.require(request.invoked(), request.responded(), width);
    }
    axis.place(2, labelMax == LABEL_MAX ? GAP_MAX : 2);
    return axis;
  }

  private void drawBars(Canvas canvas, TimeAxis axis, int labelMax) {
    for (int i = 0; i < diagram.bars().size(); i++) {
      Bar bar = diagram.bars().get(i);
      int row = rows[line(i)];
      int from = axis.at(bar.request().invoked());
      int to = axis.at(bar.request().responded());
      canvas.horizontal(row, from, to, false);
      canvas.line(row, from, Canvas.UP | Canvas.DOWN, false);
      canvas.text(
          row,
          from + incoming[i] + 1,
          " " + label(i, labelMax) + " ",
          bar.isMarked() && hasColours);
      if (bar.isOpen()) {
        canvas.text(row, to - 1, "┄>", false);
      } else {
        canvas.line(row, to, Canvas.UP | Canvas.DOWN, false);
      }
      Integer replica = lineOfReplica.get(bar.replica());
      if (replica != null) {
        canvas.text(rows[replica], from + incoming[i] + 2, Integer.toString(i + 1), false);
      }
    }
    for (int replica : lineOfReplica.values()) {
      for (int column = 0; column <= axis.width(); column++) {
        if (canvas.isFree(rows[replica], column, column)) {
          canvas.glyph(rows[replica], column, '·', false);
        }
      }
    }
  }

  private void drawArrows(Canvas canvas, TimeAxis axis) {
    int[] arrived = new int[incoming.length];
    int[] used = new int[tracks.length];
    List<Arrow> sorted = new ArrayList<>(diagram.arrows());
    sorted.sort((one, other) -> one.link().compareTo(other.link()));
    for (Arrow arrow : sorted) {
      boolean isMarked = arrow.link() == Link.VIOLATED;
      int exit = axis.at(diagram.bars().get(arrow.from()).request().responded()) - 1;
      int head = axis.at(diagram.bars().get(arrow.to()).request().invoked()) + 1;
      head += arrived[arrow.to()]++;
      int gap = gap(arrow);
      int row = (gap < lineCount ? rows[gap] : rows[lineCount - 1] + tracks[gap] + 1) - 1;
      row -= used[gap]++;
      int fromRow = rows[line(arrow.from())];
      int toRow = rows[line(arrow.to())];
      canvas.vertical(exit, fromRow, row, isMarked);
      canvas.line(fromRow, exit, Canvas.LEFT | Canvas.RIGHT, isMarked);
      canvas.horizontal(row, exit, head, isMarked);
      canvas.vertical(head, row, toRow, isMarked);
      canvas.glyph(toRow, head, row < toRow ? '▼' : '▲', isMarked);
    }
  }

  private void drawEvents(Canvas canvas, TimeAxis axis) {
    for (Event event : diagram.events()) {
      String label = ("▾" + Glyphs.narrow(event.name() + " " + event.detail(), LABEL_MAX)).strip();
      int at = axis.at(event.at());
      int to = Math.min(at + label.length(), axis.width() + 1);
      canvas.text(0, at, canvas.isFree(0, at, to) ? label : "▾", false);
    }
  }

  private void drawTimes(Canvas canvas, TimeAxis axis) {
    int row = rows[lineCount - 1] + tracks[lineCount] + 1;
    axis.places()
        .forEach((moment, at) -> {
          String time = Words.nanos(moment - diagram.begin());
          int to = at + time.length();
          if (to <= axis.width() + 1 && canvas.isFree(row, Math.max(0, at - 1), to)) {
            canvas.text(row, at, time, false);
          }
        });
  }

  private void print(Canvas canvas, int from, int to, int margin, StringBuilder text) {
    if (from > 0) {
      text.append("\n(goes on)\n");
    }
    int last = rows[lineCount - 1] + tracks[lineCount] + 1;
    int line = 0;
    for (int row = 0; row <= last; row++) {
      String name = "";
      if (line < lineCount && rows[line] == row) {
        name = name(line++);
      }
      if (row > 0 || !canvas.isEmpty(0)) {
        String drawn =
            name + " ".repeat(margin - name.length()) + canvas.row(row, from, to, hasColours);
        text.append(drawn.stripTrailing()).append('\n');
      }
    }
  }
}
