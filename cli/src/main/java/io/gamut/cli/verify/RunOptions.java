package io.gamut.cli.verify;

import io.gamut.overlay.Endpoint;
import io.gamut.trial.fault.FaultKind;
import io.gamut.trial.fault.FaultSettings;
import io.gamut.trial.run.TrialSettings;
import io.gamut.trial.workload.Keys;
import io.gamut.trial.workload.Settings;
import io.gamut.trial.workload.Workloads;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** How a live cluster is tried. */
final class RunOptions {
  /** Those that say nothing where a history is judged that there is. */
  static final List<String> NAMES =
      List.of(
          "--servers",
          "--server",
          "--workload",
          "--sessions",
          "--rate",
          "--keys",
          "--key-choice",
          "--value-size",
          "--faults",
          "--fault-period",
          "--seed",
          "--directory");

  private static final int SERVERS_MAX = 16;
  private static final Duration TIME_MAX = Duration.ofDays(7);
  private static final Duration PERIOD_MAX = Duration.ofHours(1);
  private static final double RATE_MIN = 0.1;
  private static final int SESSIONS_MAX = 1_000;
  private static final int KEYS_MAX = 1_000_000;
  private static final int VALUE_BYTES_MAX = 1 << 20;

  @Option(
      names = "--duration",
      paramLabel = "TIME",
      converter = TimeConverter.class,
      description = {
        "Try a cluster for so long, 60s or 5m or 500ms, with workloads and faults, and judge what"
            + " clients saw."
      })
  @Nullable Duration duration;

  @Option(
      names = "--servers",
      paramLabel = "N",
      defaultValue = "3",
      description = {
        "So many servers are started for it, each in a process of its own. Default:"
            + " ${DEFAULT-VALUE}."
      })
  int servers = 3;

  @Option(
      names = {"--server", "--connect"},
      paramLabel = "HOST:PORT",
      split = ",",
      converter = EndpointConverter.class,
      description = {
        "Instead, where all servers of a running cluster listen for RESP clients: gamut up"
            + " --separate --lab. What is killed there has to come back by itself."
      })
  List<Endpoint> addresses = new ArrayList<>();

  @Option(
      names = "--workload",
      paramLabel = "NAME",
      split = ",",
      converter = WorkloadConverter.class,
      description = {
        "Which workloads are played: mixed, registers, compare-and-set, counters, causal-chains,"
            + " growing-lists, bank, transactions, hot-key, expiry. Default: all."
      })
  private List<Workloads> workloads = new ArrayList<>();

  @Option(
      names = "--sessions",
      paramLabel = "N",
      defaultValue = "6",
      description = "Clients of each workload. Default: ${DEFAULT-VALUE}.")
  private int sessions = 6;

  @Option(
      names = "--rate",
      paramLabel = "N",
      defaultValue = "0",
      description = {
        "Requests a second of all clients together, 0 for as many as are answered. Default:"
            + " ${DEFAULT-VALUE}."
      })
  private double rate;

  @Option(
      names = "--keys",
      paramLabel = "N",
      defaultValue = "20",
      description = "Keys of each workload. Default: ${DEFAULT-VALUE}.")
  private int keys = 20;

  @Option(
      names = "--key-choice",
      paramLabel = "HOW",
      defaultValue = "uniform",
      converter = KeysConverter.class,
      description = "uniform, zipfian or latest. Default: ${DEFAULT-VALUE}.")
  private Keys choice = Keys.UNIFORM;

  @Option(
      names = "--value-size",
      paramLabel = "BYTES",
      defaultValue = "0",
      description = "What values have at least. Default: ${DEFAULT-VALUE}.")
  private int valueBytes;

  @Option(
      names = "--faults",
      paramLabel = "KIND",
      split = ",",
      description = {
        "What is done to the cluster meanwhile: all, none, links, processes, or some of isolate,"
            + " halves, bridge, ring, chain, quorum-loss, constrained-election, flapping, one-way,"
            + " delay, loss, kill, kill-all, pause, stop, rolling-restart, membership, slow-disk,"
            + " full-disk, clock. Default: all that are possible."
      })
  private List<String> faults = new ArrayList<>();

  @Option(
      names = "--fault-period",
      paramLabel = "TIME",
      defaultValue = "2s",
      converter = TimeConverter.class,
      description = {
        "From one fault to the next, on average; those of links and all others side by side."
            + " Default: ${DEFAULT-VALUE}."
      })
  private Duration period = Duration.ofSeconds(2);

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Of what is random in it. Default: another one each time, which is told.")
  private @Nullable Long seed;

  @Option(
      names = "--directory",
      paramLabel = "DIR",
      description = {
        "A new directory for the history, the report, and data and logs of servers. Default:"
            + " verify- and the time."
      })
  @Nullable Path directory;

  private List<FaultKind> chosen = List.of();

  /** Times as people write them. */
  static final class TimeConverter implements ITypeConverter<Duration> {
    private static final Pattern TIME = Pattern.compile("(\\d{1,7})(ms|s|m|h)");

    @Override
    public Duration convert(String text) {
      Matcher time = TIME.matcher(text);
      if (!time.matches()) {
        throw new TypeConversionException("a time is 500ms, 60s, 5m or 1h, not '" + text + "'");
      }
      long count = Long.parseLong(time.group(1));
      return switch (time.group(2)) {
        case "ms" -> Duration.ofMillis(count);
        case "s" -> Duration.ofSeconds(count);
        case "m" -> Duration.ofMinutes(count);
        default -> Duration.ofHours(count);
      };
    }
  }

  static final class EndpointConverter implements ITypeConverter<Endpoint> {
    @Override
    public Endpoint convert(String text) {
      try {
        return Endpoint.parse(text);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(e.getMessage());
      }
    }
  }

  static final class WorkloadConverter implements ITypeConverter<Workloads> {
    @Override
    public Workloads convert(String text) {
      return Workloads.parse(text)
          .orElseThrow(() ->
              new TypeConversionException(
                  "no workload is called '" + text + "'; there are: " + workloadTitles()));
    }
  }

  static final class KeysConverter implements ITypeConverter<Keys> {
    @Override
    public Keys convert(String text) {
      return Arrays.stream(Keys.values())
          .filter(each -> each.name().toLowerCase(Locale.ROOT).equals(text))
          .findFirst()
          .orElseThrow(() ->
              new TypeConversionException("keys are uniform, zipfian or latest, not " + text));
    }
  }

  static String workloadTitles() {
    return Stream.of(Workloads.values()).map(Workloads::title).collect(Collectors.joining(", "));
  }

  static String faultTitles() {
    return Stream.of(FaultKind.values()).map(FaultKind::title).collect(Collectors.joining(", "));
  }

  /** What is wrong with them; empty if nothing is. */
  List<String> faults() {
    List<String> wrong = new ArrayList<>();
    requireWithin("--servers", servers, 1, SERVERS_MAX, wrong);
    requireWithin("--sessions", sessions, 1, SESSIONS_MAX, wrong);
    requireWithin("--keys", keys, 1, KEYS_MAX, wrong);
    requireWithin("--value-size", valueBytes, 0, VALUE_BYTES_MAX, wrong);
    if (rate != 0 && (!(rate >= RATE_MIN) || rate > 1e9)) {
      wrong.add("--rate is 0, or " + RATE_MIN + " or more, not " + rate);
    }
    requireWithin("--fault-period", period, PERIOD_MAX, wrong);
    if (duration != null) {
      requireWithin("--duration", duration, TIME_MAX, wrong);
    }
    if (faults.contains("none") && faults.size() > 1) {
      wrong.add("--faults is none, or names kinds, not both");
    }
    Set<FaultKind> kinds = EnumSet.noneOf(FaultKind.class);
    for (String name : faults.isEmpty() ? List.of("all") : faults) {
      List<FaultKind> named = named(name);
      if (named.isEmpty() && !name.equals("none")) {
        wrong.add(
            "no fault is called '%s'; there are: all, none, links, processes, %s"
                .formatted(name, faultTitles()));
      }
      kinds.addAll(named);
    }
    chosen = List.copyOf(kinds);
    return wrong;
  }

  private static void requireWithin(
      String option, int value, int least, int most, List<String> wrong) {
    if (value < least || value > most) {
      wrong.add(option + " is " + least + " to " + most + ", not " + value);
    }
  }

  private static void requireWithin(
      String option, Duration time, Duration most, List<String> wrong) {
    if (time.isZero()) {
      wrong.add(option + " is longer than nothing");
    }
    if (time.compareTo(most) > 0) {
      wrong.add(option + " is at most " + most.toHours() + "h");
    }
  }

  private static List<FaultKind> named(String name) {
    List<FaultKind> all = List.of(FaultKind.values());
    return switch (name) {
      case "all" -> all;
      case "links" -> all.stream().filter(kind -> kind.part() == FaultKind.Part.LINKS).toList();
      case "processes" -> all.stream().filter(kind -> kind.part() != FaultKind.Part.LINKS).toList();
      default -> FaultKind.parse(name).map(List::of).orElse(List.of());
    };
  }

  /** Whether somebody has asked for just this kind. */
  boolean isNamed(FaultKind kind) {
    return faults.contains(kind.title());
  }

  /** Whether somebody has asked for faults, of any kind. */
  boolean hasFaultsAsked() {
    return !faults.isEmpty() && !faults.contains("none");
  }

  /** What happens; call {@link #faults()} before. */
  TrialSettings settings(Duration length) {
    return new TrialSettings(
        workloads.isEmpty() ? List.of(Workloads.values()) : workloads,
        sessions,
        new Settings(keys, choice, valueBytes),
        rate,
        length.toNanos(),
        new FaultSettings(Set.copyOf(chosen), period.toNanos()),
        seed == null ? new Random().nextLong(1_000_000) : seed);
  }
}
