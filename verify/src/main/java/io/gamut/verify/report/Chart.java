package io.gamut.verify.report;

import io.gamut.verify.report.Faults.Fault;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** Draws figures over the time of a run, with what was done to the cluster behind them. */
final class Chart {
  static final String STYLE =
      """
      .chart text{fill:var(--dim);font-size:11px}.chart .grid{stroke:var(--rule)}
      .chart .band{fill:var(--red);opacity:.10}.chart .tick{stroke:var(--red);opacity:.5}
      .chart .line{fill:none;stroke-width:1.8;stroke-linejoin:round;stroke-linecap:round}
      .chart .a{stroke:var(--edge)}.chart .b{stroke:var(--amber)}.chart .c{stroke:var(--red)}
      """;

  private static final int WIDTH = 920;
  private static final int HEIGHT = 220;
  private static final int LEFT = 70;
  private static final int BOTTOM = 24;
  private static final int TOP = 12;
  private static final int FAULTS_MAX = 500;
  private static final int LABELS = 6;

  /** A row of figures; the class says its colour. */
  record Series(String style, ToDoubleFunction<Buckets.Bucket> figure) {}

  private final Buckets buckets;
  private final List<Fault> faults;
  private final boolean isLogarithmic;
  private final StringBuilder svg = new StringBuilder();

  Chart(Buckets buckets, List<Fault> faults, boolean isLogarithmic) {
    this.buckets = buckets;
    this.faults = faults;
    this.isLogarithmic = isLogarithmic;
  }

  @FunctionalInterface
  interface Label {
    String of(double figure);
  }

  String render(String title, Label label, List<Series> all) {
    svg.append(
        String.format(
            Locale.ROOT,
            "<svg class=\"chart\" viewBox=\"0 0 %d %d\" role=\"img\"><title>%s</title>\n",
            WIDTH,
            HEIGHT,
            Glyphs.escaped(title)));
    double least = Double.MAX_VALUE;
    double most = 0;
    for (Series series : all) {
      for (Buckets.Bucket bucket : buckets.buckets()) {
        double figure = series.figure.applyAsDouble(bucket);
        most = Math.max(most, figure);
        least = figure > 0 ? Math.min(least, figure) : least;
      }
    }
    double from = isLogarithmic && most > 0 ? Math.pow(10, Math.floor(Math.log10(least))) : 0;
    double to = isLogarithmic && most > 0 ? Math.pow(10, Math.ceil(Math.log10(most))) : nice(most);
    to = to > from ? to : from + 1;
    drawFaults();
    drawGrid(from, to, label);
    for (Series series : all) {
      drawLine(series, from, to);
    }
    return svg.append("</svg>\n").toString();
  }

  private static double nice(double most) {
    double power = most <= 0 ? 1 : Math.pow(10, Math.floor(Math.log10(most)));
    for (double step : new double[] {1, 2, 2.5, 5}) {
      if (most <= step * power) {
        return step * power;
      }
    }
    return 10 * power;
  }

  private double x(long moment) {
    double share = (moment - buckets.begin()) / (double) (buckets.end() - buckets.begin());
    return LEFT + Math.clamp(share, 0, 1) * (WIDTH - LEFT - 12);
  }

  private double y(double figure, double from, double to) {
    double share =
        isLogarithmic ? Math.log(Math.max(figure, from) / from) / Math.log(to / from) : figure / to;
    return HEIGHT - BOTTOM - share * (HEIGHT - BOTTOM - TOP);
  }

  private void drawFaults() {
    for (Fault fault : faults.subList(0, Math.min(faults.size(), FAULTS_MAX))) {
      double from = x(fault.event().at());
      double to = x(Math.min(fault.end(), buckets.end()));
      String name = Glyphs.printable(fault.event().name() + " " + fault.event().detail(), 80);
      svg.append(String.format(Locale.ROOT, "<g><title>%s</title>", Glyphs.escaped(name)));
      if (to > from) {
        svg.append(
            String.format(
                Locale.ROOT,
                "<rect class=\"band\" x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\"/>",
                from,
                TOP,
                to - from,
                HEIGHT - BOTTOM - TOP));
      }
      svg.append(
          String.format(
              Locale.ROOT,
              "<line class=\"tick\" x1=\"%.1f\" y1=\"%d\" x2=\"%.1f\" y2=\"%d\"/></g>\n",
              from,
              TOP,
              from,
              HEIGHT - BOTTOM));
    }
  }

  private void drawGrid(double from, double to, Label label) {
    int steps = isLogarithmic ? (int) Math.round(Math.log10(to / Math.max(from, 1e-9))) : 4;
    steps = Math.clamp(steps, 1, 8);
    for (int i = 0; i <= steps; i++) {
      double share = i / (double) steps;
      double figure = isLogarithmic ? from * Math.pow(to / from, share) : to * share;
      double y = y(figure, from, to);
      svg.append(
          String.format(
              Locale.ROOT,
              "<line class=\"grid\" x1=\"%d\" y1=\"%.1f\" x2=\"%d\" y2=\"%.1f\"/>",
              LEFT,
              y,
              WIDTH - 12,
              y));
      svg.append(
          String.format(
              Locale.ROOT,
              "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%s</text>\n",
              LEFT - 8,
              y + 4,
              label.of(figure)));
    }
    drawTimes();
  }

  private void drawTimes() {
    long length = buckets.end() - buckets.begin();
    long step = Math.max(1, Math.round(nice(length / (double) LABELS)));
    for (long time = 0; time <= length; time += step) {
      svg.append(
          String.format(
              Locale.ROOT,
              "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%s</text>\n",
              Math.min(x(buckets.begin() + time), WIDTH - 22),
              HEIGHT - 6,
              time == 0 ? "0" : Words.brief(time)));
    }
  }

  private void drawLine(Series series, double from, double to) {
    StringBuilder path = new StringBuilder();
    boolean isGap = true;
    for (int i = 0; i < buckets.buckets().size(); i++) {
      double figure = series.figure.applyAsDouble(buckets.buckets().get(i));
      // There is no logarithm of nothing: where nothing ended, the line has a gap.
      if (isLogarithmic && figure <= 0) {
        isGap = true;
        continue;
      }
      long middle = buckets.begin() + (long) ((i + 0.5) * buckets.widthNanos());
      path.append(
          String.format(
              Locale.ROOT, "%s%.1f %.1f", isGap ? "M" : "L", x(middle), y(figure, from, to)));
      // A point that stands alone is drawn too: a line of no length has round ends.
      path.append(isGap ? "h0" : "");
      isGap = false;
    }
    svg.append(
        String.format(Locale.ROOT, "<path class=\"line %s\" d=\"%s\"/>\n", series.style, path));
  }
}
