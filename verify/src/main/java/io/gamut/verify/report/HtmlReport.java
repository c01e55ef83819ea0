package io.gamut.verify.report;

import io.gamut.core.Consistency;
import io.gamut.verify.check.Verdict;
import io.gamut.verify.history.History;
import io.gamut.verify.history.Outcome;
import io.gamut.verify.history.Request;
import io.gamut.verify.report.Buckets.Bucket;
import io.gamut.verify.report.Chart.Series;
import io.gamut.verify.report.Faults.Fault;
import java.io.IOException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * One page about a run: what was promised and kept, what was not and why, and how fast it went
 * while what was done to the cluster. It needs nothing from outside, and runs no scripts. Its size
 * does not grow with the number of requests.
 *
 * @param verdicts by promise, in the order in which to read them
 * @param counterexamples that are drawn
 */
public record HtmlReport(
    String title,
    History history,
    Map<String, Verdict> verdicts,
    List<Counterexample> counterexamples) {
  private static final int COUNTEREXAMPLES_MAX = 20;
  private static final int FAULTS_MAX = 200;
  private static final int REASON_MAX = 300;

  private static final String STYLE =
      """
      :root{color-scheme:light dark;--ink:#1d2430;--dim:#5d6878;--rule:#d6dbe3;--ground:#fff;\
      --card:#f7f8fa;--edge:#3568b8;--red:#c4261d;--green:#17753c;--amber:#b26a00}
      @media(prefers-color-scheme:dark){:root{--ink:#e6e9ef;--dim:#9aa5b5;--rule:#39424f;\
      --ground:#14181f;--card:#1b2028;--edge:#7eaaf0;--red:#ff7b72;--green:#5fcf87;--amber:#f0b429}}
      *{box-sizing:border-box}body{margin:0;background:var(--ground);color:var(--ink);\
      font:16px/1.55 system-ui,-apple-system,"Segoe UI",sans-serif}
      main{max-width:1040px;margin:0 auto;padding:48px 24px 96px}
      h1{font-size:30px;line-height:1.2;letter-spacing:-.02em;margin:0 0 6px;overflow-wrap:anywhere}
      h2{font-size:20px;letter-spacing:-.01em;margin:52px 0 14px}h3{font-size:16px;margin:0 0 6px}
      p{margin:0 0 12px;overflow-wrap:anywhere}.sub{color:var(--dim)}
      table{width:100%;border-collapse:collapse;font-size:14px;font-variant-numeric:tabular-nums}
      th{text-align:left;font-weight:600;color:var(--dim);font-size:12px}
      th,td{padding:9px 14px 9px 0;border-bottom:1px solid var(--rule);vertical-align:top;\
      overflow-wrap:anywhere}td:first-child{min-width:140px}.n{text-align:right;padding-right:24px}
      .holds,.violated,.unknown{font-weight:600;white-space:nowrap}
      .holds{color:var(--green)}.violated{color:var(--red)}.unknown{color:var(--amber)}
      .card{background:var(--card);border:1px solid var(--rule);border-radius:12px;\
      padding:20px 22px;margin:0 0 20px}.scroll{overflow-x:auto;margin:12px 0}
      ol{padding-left:26px;margin:0;font-size:13px;color:var(--dim)}li{overflow-wrap:anywhere}
      .key{display:inline-block;width:18px;height:3px;border-radius:2px;margin:0 7px 4px 14px}
      .key.a{background:var(--edge)}.key.b{background:var(--amber)}.key.c{background:var(--red)}
      .key.band{height:12px;background:var(--red);opacity:.18;margin-bottom:-1px}
      .legend{font-size:13px;color:var(--dim);margin:0 0 4px -14px}svg.chart{width:100%;height:auto}
      """;

  public HtmlReport {
    counterexamples = List.copyOf(counterexamples);
  }

  /** Writes the page. Throws {@link IOException} if {@code page} does. */
  public void appendTo(Appendable page) throws IOException {
    page.append("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">")
        .append("<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">")
        .append("<title>%s</title><style>\n".formatted(Glyphs.escaped(title)))
        .append(SvgDiagram.STYLE)
        .append(STYLE)
        .append(Chart.STYLE)
        .append("</style></head><body><main>\n");
    appendHead(page);
    appendVerdicts(page);
    appendCounterexamples(page);
    List<Fault> faults = Faults.of(history);
    appendTimeline(page, faults);
    appendFaults(page, faults);
    appendCounts(page);
    page.append("</main></body></html>\n");
  }

  private void appendHead(Appendable page) throws IOException {
    Buckets buckets = Buckets.of(history);
    long broken = verdicts.values().stream().filter(Verdict.Violated.class::isInstance).count();
    long sessions = history.requests().stream().mapToInt(Request::session).distinct().count();
    page.append("<h1>%s</h1>\n".formatted(Glyphs.escaped(title)));
    page.append(
        "<p class=\"sub\">%s requests of %s sessions in %s; %s.</p>\n"
            .formatted(
                Words.number("%,d", history.requests().size()),
                Words.number("%,d", sessions),
                Words.nanos(buckets.end() - buckets.begin()),
                broken == 0
                    ? "no promise was broken"
                    : "broken promises: " + broken + " of " + verdicts.size()));
  }

  private void appendVerdicts(Appendable page) throws IOException {
    page.append("<h2>Promises</h2>\n<div class=\"scroll\"><table><thead><tr><th>Promise<th>Verdict")
        .append("<th>What it means<th>From</tr></thead><tbody>\n");
    for (Map.Entry<String, Verdict> entry : verdicts.entrySet()) {
      Promises.Told told = Promises.of(entry.getKey());
      String verdict =
          switch (entry.getValue()) {
            case Verdict.Holds _ -> "<td class=\"holds\">✓ kept<td>";
            case Verdict.Violated violated -> "<td class=\"violated\">✗ broken<td>";
            case Verdict.Unknown unknown -> "<td class=\"unknown\">? undecided<td>";
          };
      String more = more(entry.getValue());
      String reason =
          more.isEmpty() ? "" : "<br><span class=\"sub\">" + Glyphs.escaped(more) + "</span>";
      page.append("<tr><td>%s".formatted(Glyphs.escaped(Words.capitalized(entry.getKey()))))
          .append(verdict)
          .append(Glyphs.escaped(told.meaning()))
          .append(reason)
          .append("<td class=\"sub\">%s</tr>\n".formatted(Glyphs.escaped(told.paper())));
    }
    page.append("</tbody></table></div>\n");
  }

  /** How much was judged, or why it could not be. */
  private static String more(Verdict verdict) {
    return switch (verdict) {
      case Verdict.Holds holds when holds.judged() == Verdict.Holds.UNCOUNTED -> "";
      case Verdict.Holds holds when holds.judged() == 0 -> "There was nothing to judge.";
      case Verdict.Holds holds ->
          Words.number("%,d", holds.judged()) + " " + holds.units() + " judged.";
      case Verdict.Violated _ -> "";
      case Verdict.Unknown(String why) -> Glyphs.printable(why, REASON_MAX);
    };
  }

  private void appendCounterexamples(Appendable page) throws IOException {
    if (counterexamples.isEmpty()) {
      return;
    }
    page.append("<h2>Counterexamples</h2>\n");
    int shown = Math.min(counterexamples.size(), COUNTEREXAMPLES_MAX);
    for (int i = 0; i < shown; i++) {
      Counterexample each = counterexamples.get(i);
      SpaceTimeDiagram diagram = SpaceTimeDiagram.of(each);
      page.append("<div class=\"card\"><h3>")
          .append(Glyphs.escaped(Words.capitalized(each.violation().promise())))
          .append("</h3><p>%s</p>".formatted(Glyphs.escaped(diagram.sentence())));
      if (!diagram.bars().isEmpty()) {
        page.append("<div class=\"scroll\">")
            .append(new SvgDiagram(diagram, "diagram-" + i).render(false))
            .append("</div><ol>");
        for (String line : diagram.legend()) {
          page.append("<li>%s</li>".formatted(Glyphs.escaped(line)));
        }
        page.append("</ol>");
      }
      page.append(
          "<p class=\"sub\" style=\"margin:12px 0 0;font-size:13px\">%s</p></div>\n"
              .formatted(
                  each.isMinimal()
                      ? "None of these requests can be left out."
                      : "It may not be as small as it could be: the checks were used up."));
    }
    if (counterexamples.size() > shown) {
      page.append("<p class=\"sub\">And %d more.</p>\n".formatted(counterexamples.size() - shown));
    }
  }

  private void appendTimeline(Appendable page, List<Fault> faults) throws IOException {
    Buckets buckets = Buckets.of(history);
    if (buckets.buckets().isEmpty()) {
      return;
    }
    page.append(
            "<h2>The run</h2>\n<p class=\"legend\"><span class=\"key a\"></span>ended well, per")
        .append(" second<span class=\"key c\"></span>failed or unknown, per second")
        .append("<span class=\"key band\"></span>fault</p>\n")
        .append(
            new Chart(buckets, faults, false)
                .render(
                    "Requests per second over the run",
                    figure -> Words.number("%,.0f", figure),
                    List.of(
                        new Series("a", bucket -> buckets.perSecond(bucket.ok())),
                        new Series("c", bucket -> buckets.perSecond(bucket.others())))));
    page.append("<p class=\"legend\"><span class=\"key a\"></span>median latency")
        .append(
            "<span class=\"key b\"></span>99th percentile<span class=\"key"
                + " c\"></span>greatest</p>\n")
        .append(
            new Chart(buckets, faults, true)
                .render(
                    "Latency over the run, on a logarithmic scale",
                    figure -> Words.brief(Math.round(figure)),
                    List.of(
                        new Series("a", Bucket::medianNanos),
                        new Series("b", Bucket::p99Nanos),
                        new Series("c", Bucket::maxNanos))));
    page.append(
        "<p class=\"sub\" style=\"font-size:13px\">Each point covers %s.</p>\n"
            .formatted(Words.brief(buckets.widthNanos())));
  }

  private void appendFaults(Appendable page, List<Fault> faults) throws IOException {
    if (faults.isEmpty()) {
      return;
    }
    long begin = Buckets.of(history).begin();
    page.append("<h2>What was done to the cluster</h2>\n<table><thead><tr><th class=\"n\">At")
        .append("<th>Event<th>Of<th class=\"n\">Lasted<th class=\"n\">Strong writes again after")
        .append("</tr></thead><tbody>\n");
    for (Fault fault : faults.subList(0, Math.min(faults.size(), FAULTS_MAX))) {
      String lasted =
          fault.end() == Faults.NEVER
              ? "to the end"
              : Words.nanos(fault.end() - fault.event().at());
      String again =
          fault.recoveryNanos() == Faults.NEVER ? "never" : Words.nanos(fault.recoveryNanos());
      page.append(
          "<tr><td class=\"n\">%s<td>%s<td>%s<td class=\"n\">%s<td class=\"n\">%s</tr>\n"
              .formatted(
                  Words.nanos(fault.event().at() - begin),
                  Glyphs.escaped(Glyphs.printable(fault.event().name(), REASON_MAX)),
                  Glyphs.escaped(Glyphs.printable(fault.event().detail(), REASON_MAX)),
                  fault.end() == fault.event().at() ? "" : lasted,
                  fault.isHealing() ? again : ""));
    }
    page.append("</tbody></table>\n");
    if (faults.size() > FAULTS_MAX) {
      page.append("<p class=\"sub\">And %d more.</p>\n".formatted(faults.size() - FAULTS_MAX));
    }
  }

  private void appendCounts(Appendable page) throws IOException {
    Map<Counted, EnumMap<Outcome, Integer>> counts = new TreeMap<>();
    for (Request request : history.requests()) {
      counts
          .computeIfAbsent(
              new Counted(request.level(), !request.isRead()), _ -> new EnumMap<>(Outcome.class))
          .merge(request.outcome(), 1, Integer::sum);
    }
    page.append("<h2>Requests</h2>\n<table><thead><tr><th>Level<th>Kind");
    for (Outcome outcome : Outcome.values()) {
      page.append("<th class=\"n\">" + outcome);
    }
    page.append("</tr></thead><tbody>\n");
    for (Map.Entry<Counted, EnumMap<Outcome, Integer>> entry : counts.entrySet()) {
      Counted counted = entry.getKey();
      page.append(
          "<tr><td>%s<td>%s".formatted(counted.level, counted.isWriting ? "writes" : "reads"));
      for (Outcome outcome : Outcome.values()) {
        int count = entry.getValue().getOrDefault(outcome, 0);
        page.append("<td class=\"n\">" + Words.number("%,d", count));
      }
      page.append("</tr>\n");
    }
    page.append("</tbody></table>\n");
  }

  private record Counted(Consistency level, boolean isWriting) implements Comparable<Counted> {
    @Override
    public int compareTo(Counted other) {
      int byLevel = level.compareTo(other.level);
      return byLevel != 0 ? byLevel : Boolean.compare(isWriting, other.isWriting);
    }
  }
}
