package io.gamut.cli.verify;

import static java.util.Objects.requireNonNull;

import io.gamut.core.Consistency;
import io.gamut.verify.check.Judge;
import io.gamut.verify.check.Verdict;
import io.gamut.verify.edn.EdnHistoryWriter;
import io.gamut.verify.file.HistoryRecorder;
import io.gamut.verify.file.Recording;
import io.gamut.verify.history.History;
import io.gamut.verify.report.Counterexample;
import io.gamut.verify.report.HtmlReport;
import io.gamut.verify.report.Shrinking;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.PushbackInputStream;
import java.io.Writer;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/** {@code gamut verify}. */
@Command(
    name = "verify",
    description = {
      "Try a live cluster with workloads and faults, or take a recorded history, and judge it:"
          + " which promises the store has kept, and what shows it where one was broken.",
      "Status 0 if all promises were kept, 1 if one was broken, 2 if there is no history, because"
          + " it cannot be read or the cluster cannot be tried, 3 if none was broken but the"
          + " history does not say enough to decide on all."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  gamut verify --duration 60s                                   three servers of its own",
      "  gamut verify --duration 5m --servers 5 --faults links,kill --workload bank,registers",
      "  gamut verify --duration 60s --server 127.0.0.1:7379,127.0.0.1:7380,127.0.0.1:7381",
      "  gamut verify --history run.jsonl",
      "  gamut verify --history run.jsonl --output json | jq '.promises[]'",
      "  gamut verify --history history.edn --promise linearizability  what Jepsen recorded",
      "  gamut verify --history run.jsonl --report run.html",
      "  gamut verify --history run.jsonl --export-edn run.edn         for Knossos or Elle",
      "  gamut verify --history history.edn --export history.jsonl"
    })
public final class VerifyCommand implements Callable<Integer> {
  private static final int EXIT_UNREADABLE = 2;
  private static final List<String> RECORDED_NAMES =
      List.of("--format", "--level", "--export", "--export-edn");
  private static final List<String> JUDGING_NAMES =
      List.of("--promise", "--report", "--output", "--search-memory");

  /** What is found by then to break a promise is small enough. */
  private static final long SHRINKING_NANOS_MAX = TimeUnit.SECONDS.toNanos(20);

  private static final long MEBIBYTE = 1 << 20;
  private static final long SEARCH_MEBIBYTES_MAX = 1 << 20;

  @Spec private @Nullable CommandSpec spec;

  @Mixin private final RunOptions run = new RunOptions();

  @Option(
      names = "--history",
      paramLabel = "FILE",
      description = "The history: lines of JSON as docs/history.md defines them, or Jepsen's EDN.")
  private @Nullable Path file;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description = {
        "Of the history: ${COMPLETION-CANDIDATES}. Default: edn for a file of that extension,"
            + " else what its first characters look like."
      })
  private @Nullable HistoryFormat format;

  @Option(
      names = "--level",
      paramLabel = "LEVEL",
      defaultValue = "linearizable",
      description = {
        "At which level the operations of an EDN history are judged, which do not tell theirs."
            + " Default: ${DEFAULT-VALUE}."
      })
  private Consistency level = Consistency.LINEARIZABLE;

  @Option(
      names = "--promise",
      paramLabel = "NAME",
      description = "Judge this promise only; may be repeated. Default: all.")
  private List<String> promises = new ArrayList<>();

  @Option(
      names = "--output",
      paramLabel = "FORM",
      defaultValue = "table",
      description = "How the verdicts are printed: ${COMPLETION-CANDIDATES}. Default: table.")
  private Form output = Form.TABLE;

  @Option(
      names = "--search-memory",
      paramLabel = "MiB",
      defaultValue = "256",
      description = {
        "What a search may remember, where no faster way decides. Default: ${DEFAULT-VALUE}."
      })
  private long searchMebibytes = 256;

  @Option(
      names = "--report",
      paramLabel = "FILE",
      description = {
        "Also write a page into a new file: verdicts, what breaks them, drawn, and how the run"
            + " went."
      })
  private @Nullable Path report;

  @Option(
      names = "--export",
      paramLabel = "FILE",
      description = "Do not judge the history, but write it as lines of JSON into a new file.")
  private @Nullable Path export;

  @Option(
      names = "--export-edn",
      paramLabel = "FILE",
      description = {
        "Do not judge the history, but write what Jepsen's operations can say of it into a new"
            + " file."
      })
  private @Nullable Path exportEdn;

  private final AtomicLong bytesRead = new AtomicLong();

  /** Why a live run says less than it should. */
  private List<String> troubles = List.of();

  /** How verdicts are printed. */
  enum Form {
    TABLE,
    JSON;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  @Override
  public Integer call() throws InterruptedException {
    requireUsage();
    Pulse pulse = new Pulse(err());
    Path history = file == null ? Path.of("") : file;
    try {
      if (run.duration != null) {
        LiveRun live = new LiveRun(run, pulse);
        troubles = live.run(run.duration);
        history = live.history();
        report = report == null ? live.report() : report;
      }
      Recording recording = read(history, pulse);
      recording.notes().forEach(this::say);
      if (export == null && exportEdn == null) {
        return judge(history, recording, pulse);
      }
      pulse.during(() -> "writing", () -> export(recording));
      return 0;
    } catch (NoSuchFileException e) {
      say(e.getFile() + " is not there");
    } catch (FileAlreadyExistsException e) {
      say(e.getFile() + " is there already: name a new file");
    } catch (IOException e) {
      String what = file == null ? "" : history + ": ";
      say(what + (e.getMessage() == null ? e.toString() : e.getMessage()));
    }
    return EXIT_UNREADABLE;
  }

  private void requireUsage() {
    if ((file == null) == (run.duration == null)) {
      throw wrong(
          "verify takes either --duration TIME, to try a cluster, or --history FILE, to judge what"
              + " was recorded");
    }
    ParseResult parsed = requireNonNull(spec).commandLine().getParseResult();
    if (run.duration == null) {
      requireNone(parsed, RunOptions.NAMES, "without --duration");
    } else {
      requireNone(parsed, RECORDED_NAMES, "with --duration");
    }
    if (!run.addresses.isEmpty()) {
      requireNone(parsed, List.of("--servers"), "with --server");
    }
    if (export != null || exportEdn != null) {
      requireNone(parsed, JUDGING_NAMES, "where nothing is judged");
    }
    List<String> faults = run.faults();
    if (!faults.isEmpty()) {
      throw wrong(String.join(System.lineSeparator(), faults));
    }
    if (report != null && Files.exists(report)) {
      throw wrong(report + " is there already: name a new file");
    }
    if (searchMebibytes < 1 || searchMebibytes > SEARCH_MEBIBYTES_MAX) {
      throw wrong(
          "--search-memory is 1 to " + SEARCH_MEBIBYTES_MAX + " MiB, not " + searchMebibytes);
    }
    List<String> known = List.copyOf(Judge.DEFAULT.checkers().keySet());
    for (String promise : promises) {
      if (!known.contains(promise)) {
        throw wrong(
            "no promise is called '" + promise + "'; there are: " + String.join(", ", known));
      }
    }
  }

  private void requireNone(ParseResult parsed, List<String> names, String where) {
    for (String name : names) {
      if (parsed.hasMatchedOption(name)) {
        throw wrong(name + " says nothing " + where);
      }
    }
  }

  private ParameterException wrong(String message) {
    return new ParameterException(requireNonNull(spec).commandLine(), message);
  }

  private PrintWriter err() {
    return requireNonNull(spec).commandLine().getErr();
  }

  private void say(String words) {
    PrintWriter err = err();
    err.println("gamut verify: " + words);
    err.flush();
  }

  // Reading and writing

  private Recording read(Path history, Pulse pulse) throws IOException, InterruptedException {
    try (InputStream file = Files.newInputStream(history);
        PushbackInputStream in = HistoryFormat.reader(counting(file))) {
      HistoryFormat how = format == null ? HistoryFormat.guess(history, in) : format;
      return pulse.during(
          () -> "reading, %,d MiB".formatted(bytesRead.get() / MEBIBYTE),
          () -> how.read(in, level));
    }
  }

  private InputStream counting(InputStream file) {
    return new FilterInputStream(file) {
      @Override
      public int read() throws IOException {
        int each = in.read();
        bytesRead.addAndGet(each < 0 ? 0 : 1);
        return each;
      }

      @Override
      public int read(byte[] bytes, int offset, int length) throws IOException {
        int count = in.read(bytes, offset, length);
        bytesRead.addAndGet(Math.max(0, count));
        return count;
      }
    };
  }

  private boolean export(Recording recording) throws IOException {
    if (export != null) {
      HistoryRecorder.write(recording, export);
    }
    if (exportEdn != null) {
      try (SeekableByteChannel channel =
              Files.newByteChannel(
                  exportEdn, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
          Writer out = Channels.newWriter(channel, StandardCharsets.UTF_8)) {
        EdnHistoryWriter.write(recording.history(), out).forEach(this::say);
      }
    }
    return true;
  }

  // Judging

  private int judge(Path history, Recording recording, Pulse pulse)
      throws IOException, InterruptedException {
    Judge judge =
        new Judge(
            searchMebibytes * MEBIBYTE,
            Judge.DEFAULT.expiryToleranceNanos(),
            servers(recording.about()));
    Map<String, Function<History, Verdict>> checkers = judge.checkers();
    if (!promises.isEmpty()) {
      checkers.keySet().retainAll(promises);
    }
    Map<String, Verdict> verdicts = new LinkedHashMap<>();
    for (Map.Entry<String, Function<History, Verdict>> each : checkers.entrySet()) {
      Verdict verdict =
          pulse.during(
              () -> "judging %s".formatted(each.getKey()),
              () -> each.getValue().apply(recording.history()));
      verdicts.put(each.getKey(), verdict);
    }
    if (!troubles.isEmpty()) {
      verdicts.put("the run", new Verdict.Unknown(String.join("; ", troubles)));
    }
    List<Counterexample> counterexamples = new ArrayList<>();
    for (Map.Entry<String, Verdict> each : verdicts.entrySet()) {
      if (each.getValue() instanceof Verdict.Violated verdict) {
        long limit = System.nanoTime() + SHRINKING_NANOS_MAX;
        Shrinking shrinking =
            new Shrinking(
                requireNonNull(checkers.get(each.getKey())),
                Shrinking.CHECKS_MAX,
                () -> System.nanoTime() - limit > 0);
        counterexamples.add(
            pulse.during(
                () -> "looking for what breaks %s".formatted(each.getKey()),
                () -> shrinking.shrink(recording.history(), verdict)));
      }
    }
    Judgement judgement = new Judgement(recording, verdicts, counterexamples);
    tell(judgement);
    int status = judgement.status();
    try {
      if (report != null) {
        String title = "gamut verify --history " + history;
        write(new HtmlReport(title, recording.history(), verdicts, counterexamples), report);
      }
    } catch (IOException e) {
      say("the report cannot be written: " + e);
      return status == Judgement.EXIT_HOLDS ? EXIT_UNREADABLE : status;
    }
    return status;
  }

  private static void write(HtmlReport report, Path file) throws IOException {
    try (Writer page =
        Files.newBufferedWriter(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      report.appendTo(page);
    }
  }

  /** How many servers the history says that there were; 0 if it does not. */
  private static int servers(Map<String, String> about) {
    String servers = about.getOrDefault("servers", "");
    return servers.matches("[0-9]{1,4}") ? Integer.parseInt(servers) : 0;
  }

  private void tell(Judgement judgement) {
    CommandLine line = requireNonNull(spec).commandLine();
    switch (output) {
      case TABLE ->
          judgement.table(line.getOut(), line.getUsageHelpWidth(), Help.Ansi.AUTO.enabled());
      case JSON -> judgement.json(line.getOut());
    }
  }
}
