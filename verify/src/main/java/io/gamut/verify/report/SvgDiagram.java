package io.gamut.verify.report;

import io.gamut.verify.history.Event;
import io.gamut.verify.history.Request;
import io.gamut.verify.report.SpaceTimeDiagram.Arrow;
import io.gamut.verify.report.SpaceTimeDiagram.Bar;
import io.gamut.verify.report.SpaceTimeDiagram.Link;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Draws a diagram as a picture. It is readable on light and on dark ground, and by those who hear.
 */
final class SvgDiagram {
  /** Named by whoever shows it; the same names in every picture of a page. */
  static final String STYLE =
      """
      .std{--ink:#1d2430;--dim:#5d6878;--rule:#d6dbe3;--bar:#e3ecfb;--edge:#3568b8;\
      --weak:#f1f3f6;--red:#c4261d;--ground:#fff;font:13px/1.4 system-ui,sans-serif}
      @media(prefers-color-scheme:dark){.std{--ink:#e6e9ef;--dim:#9aa5b5;--rule:#39424f;\
      --bar:#1f3354;--edge:#7eaaf0;--weak:#262c36;--red:#ff7b72;--ground:#14181f}}
      .std text{fill:var(--ink)}.std .dim{fill:var(--dim);font-size:11px}
      .std .life{stroke:var(--rule);stroke-width:1.5}.std .grid{stroke:var(--rule);stroke-dasharray:2 4}
      .std .bar{fill:var(--bar);stroke:var(--edge);stroke-width:1.2}
      .std .open{stroke-dasharray:5 3}.std .bar.marked{stroke:var(--red);stroke-width:2}
      .std .arrow{fill:none;stroke:var(--edge);stroke-width:1.6}
      .std .arrow.red{stroke:var(--red);stroke-width:2.6}
      .std .head{fill:var(--edge)}.std .head.red{fill:var(--red)}
      .std .dot{fill:var(--dim)}.std .stalk{stroke:var(--dim);stroke-dasharray:1 3}
      .std .event{stroke:var(--dim);stroke-dasharray:4 3}
      """;

  private static final int MARGIN = 92;
  private static final int RIGHT = 96;
  private static final int TOP = 40;
  private static final int LEADING = 20;
  private static final int PITCH = 68;
  private static final int BAR = 26;
  private static final int LABEL_MAX = 34;

  /** Wider than most letters, since what is used is not known. */
  private static final int LETTER = 8;

  private static final int PAD = 24;
  private static final int GAP_MIN = 14;
  private static final int GAP_MAX = 60;
  private static final int TICKS_APART = 64;

  private final SpaceTimeDiagram diagram;
  private final String id;
  private final TimeAxis axis;
  private final StringBuilder svg = new StringBuilder();
  private final Map<Integer, Integer> sessions = new TreeMap<>();
  private final Map<Integer, Integer> replicas = new TreeMap<>();

  /** One whose parts have ids that begin with this one. */
  SvgDiagram(SpaceTimeDiagram diagram, String id) {
    this.diagram = diagram;
    this.id = id;
    axis = new TimeAxis(diagram);
    for (Bar bar : diagram.bars()) {
      Request request = bar.request();
      int width = Glyphs.printable(bar.label(), LABEL_MAX).length() * LETTER + PAD;
      axis.require(request.invoked(), request.responded(), width);
    }
    axis.place(GAP_MIN, GAP_MAX);
    int y = TOP + BAR;
    for (int session : diagram.sessions()) {
      sessions.put(session, y);
      y += PITCH;
    }
    for (int replica : diagram.replicas()) {
      replicas.put(replica, y);
      y += PITCH * 2 / 3;
    }
  }

  /**
   * The picture.
   *
   * @param isAlone whether it brings its own style and ground, and says above what it shows
   */
  String render(boolean isAlone) {
    int width = MARGIN + axis.width() + RIGHT;
    int lines = diagram.sessions().size() * PITCH + diagram.replicas().size() * PITCH * 2 / 3;
    int height = TOP + BAR + lines + 8;
    List<String> words =
        isAlone
            ? Words.wrapped(diagram.sentence(), "", (width - 16) * 10 / (LETTER * 9))
            : List.of();
    begin(width, height + words.size() * LEADING);
    if (isAlone) {
      svg.append(
          "<style>%s</style><rect width=\"100%%\" height=\"100%%\" style=\"fill:var(--ground)\"/>\n"
              .formatted(STYLE));
    }
    for (int i = 0; i < words.size(); i++) {
      svg.append(
          "<text x=\"8\" y=\"%d\">%s</text>\n".formatted((i + 1) * LEADING, escaped(words.get(i))));
    }
    svg.append("<g transform=\"translate(0 %d)\">\n".formatted(words.size() * LEADING));
    drawAxis(height);
    sessions.forEach((session, y) -> drawLine("session " + session, y));
    replicas.forEach((replica, y) -> drawLine("replica " + replica, y));
    // Bars come last, so that no arrow goes through their words.
    diagram.arrows().forEach(this::drawArrow);
    List<String> legend = diagram.legend();
    for (int i = 0; i < diagram.bars().size(); i++) {
      drawBar(diagram.bars().get(i), legend.get(i));
    }
    return svg.append("</g></svg>\n").toString();
  }

  private void begin(int width, int height) {
    svg.append(
        """
        <svg xmlns="http://www.w3.org/2000/svg" class="std" viewBox="0 0 %1$d %2$d" width="%1$d" \
        height="%2$d" role="img" aria-labelledby="%3$s-title %3$s-desc">
        <title id="%3$s-title">%4$s</title>
        <desc id="%3$s-desc">%5$s</desc>
        """
            .formatted(width, height, id, escaped(diagram.sentence()), description()));
  }

  private static String escaped(String text) {
    return Glyphs.escaped(text);
  }

  private String description() {
    return escaped(String.join(". ", diagram.legend()));
  }

  private int x(long moment) {
    return MARGIN + axis.at(moment);
  }

  private int y(Bar bar) {
    return sessions.getOrDefault(bar.request().session(), TOP);
  }

  private void drawAxis(int height) {
    int bottom = height - 20;
    int last = -TICKS_APART;
    for (Map.Entry<Long, Integer> tick : axis.places().entrySet()) {
      if (tick.getValue() - last >= TICKS_APART) {
        last = tick.getValue();
        int x = MARGIN + last;
        svg.append(
            "<line class=\"grid\" x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\"/>"
                .formatted(x, TOP, x, bottom));
        String time = Words.nanos(tick.getKey() - diagram.begin());
        svg.append(
            "<text class=\"dim\" x=\"%d\" y=\"%d\">%s</text>\n".formatted(x, height - 5, time));
      }
    }
    for (Event event : diagram.events()) {
      int x = x(event.at());
      svg.append(
          "<line class=\"event\" x1=\"%d\" y1=\"20\" x2=\"%d\" y2=\"%d\"/>"
              .formatted(x, x, bottom));
      String name = Glyphs.printable(event.name() + " " + event.detail(), LABEL_MAX);
      svg.append("<text class=\"dim\" x=\"%d\" y=\"16\">%s</text>\n".formatted(x, escaped(name)));
    }
  }

  private void drawLine(String name, int y) {
    svg.append("<text x=\"8\" y=\"%d\">%s</text>".formatted(y + 4, name));
    int end = MARGIN + axis.width() + 24;
    svg.append(
        "<line class=\"life\" x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\"/>\n"
            .formatted(MARGIN - 8, y, end, y));
  }

  private void drawBar(Bar bar, String words) {
    int from = x(bar.request().invoked());
    int to = x(bar.request().responded());
    int y = y(bar);
    int top = y - BAR / 2;
    Integer replica = replicas.get(bar.replica());
    if (replica != null) {
      int x = (from + to) / 2;
      svg.append(
          "<line class=\"stalk\" x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\"/>"
              .formatted(x, y, x, replica));
      svg.append("<circle class=\"dot\" cx=\"%d\" cy=\"%d\" r=\"4\"/>".formatted(x, replica));
    }
    String marked = bar.isMarked() ? " marked" : "";
    svg.append("<g><title>%s</title>".formatted(escaped(words)));
    if (bar.isOpen()) {
      // Nobody knows where it ends, so there is no end to be seen.
      svg.append(
          "<path class=\"bar open%s\" d=\"M%d %dH%dV%dH%d\"/>"
              .formatted(marked, to + 16, top, from, top + BAR, to + 16));
    } else {
      svg.append(
          "<rect class=\"bar%s\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"5\"/>"
              .formatted(marked, from, top, to - from, BAR));
    }
    String label = Glyphs.printable(bar.label(), LABEL_MAX);
    svg.append(
        "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">%s</text></g>\n"
            .formatted((from + to) / 2, y + 4, escaped(label)));
  }

  private void drawArrow(Arrow arrow) {
    Bar one = diagram.bars().get(arrow.from());
    Bar other = diagram.bars().get(arrow.to());
    String red = arrow.link() == Link.VIOLATED ? " red" : "";
    int lane = arrow.link() == Link.VIOLATED ? 20 : 5;
    int fromX = x(one.request().responded()) - lane;
    int toX = x(other.request().invoked()) + lane + 4;
    boolean isDown = y(other) > y(one);
    boolean isLevel = y(other) == y(one);
    int fromY = y(one) + (isDown ? BAR / 2 : -BAR / 2);
    int toY = y(other) + (isDown ? -BAR / 2 : isLevel ? -BAR / 2 : BAR / 2);
    int sign = toY >= fromY && !isLevel ? 1 : -1;
    int bend = isLevel ? 30 : Math.max(26, Math.abs(toY - fromY) / 2);
    int neck = toY - (isLevel ? -1 : sign) * 7;
    int firstY = fromY + sign * bend;
    int secondY = isLevel ? toY - bend : toY - sign * bend;
    neck = isLevel ? toY - 7 : neck;
    svg.append(
        "<path class=\"arrow%s\" d=\"M%d %dC%d %d %d %d %d %d\"/>"
            .formatted(red, fromX, fromY, fromX, firstY, toX, secondY, toX, neck));
    svg.append(
        "<path class=\"head%s\" d=\"M%d %dl-5 %dh10z\"/>\n"
            .formatted(red, toX, toY, toY > neck ? -9 : 9));
  }
}
