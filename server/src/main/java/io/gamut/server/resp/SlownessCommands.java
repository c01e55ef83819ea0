package io.gamut.server.resp;

import io.gamut.core.InvalidDataException;
import io.gamut.protocol.resp.ReplyWriter;
import io.gamut.server.resp.Command.Access;
import io.gamut.server.resp.Command.Group;
import io.gamut.server.resp.Command.Handler.Direct;
import io.gamut.server.resp.Command.KeyPlaces;
import io.gamut.server.resp.LatencyMonitor.Sample;
import java.util.List;
import java.util.Locale;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** What was slow: {@code SLOWLOG} and {@code LATENCY}, in the words of Redis. */
final class SlownessCommands {
  private static final long COUNT_DEFAULT = 10;

  private static final List<String> SLOWLOG_HELP =
      List.of(
          "SLOWLOG <subcommand> [<arg> [value] [opt] ...]. Subcommands are:",
          "GET [<count>]",
          "    Return top <count> entries from the slowlog (default: 10, -1 mean all).",
          "    Entries are made of:",
          "    id, timestamp, time in microseconds, arguments array, client IP and port,",
          "    client name",
          "LEN",
          "    Return the length of the slowlog.",
          "RESET",
          "    Reset the slowlog.",
          "HELP",
          "    Prints this help.");
  private static final List<String> LATENCY_HELP =
      List.of(
          "LATENCY <subcommand> [<arg> [value] [opt] ...]. Subcommands are:",
          "DOCTOR",
          "    Return a human readable latency analysis report.",
          "HISTORY <event>",
          "    Return time-latency samples for the <event> class.",
          "LATEST",
          "    Return the latest latency samples for all events.",
          "RESET [<event> ...]",
          "    Reset latency data of one or more <event> classes.",
          "    (default: reset all data for all event classes)",
          "HELP",
          "    Prints this help.");

  private SlownessCommands() {}

  static List<Command> all() {
    return List.of(
        command("SLOWLOG", "2.2.12", "Tells of slow requests.", SlownessCommands::slowLog),
        command("LATENCY", "2.8.13", "Tells when requests were slow.", SlownessCommands::latency));
  }

  private static Command command(
      String name, String since, String summary, BiConsumer<RespClient, Arguments> run) {
    return new Command(
        name, -2, Access.NONE, KeyPlaces.NONE, Group.SERVER, since, summary, new Direct(run));
  }

  private static void say(RespClient client, Consumer<ReplyWriter> reply) {
    client.connection().answerNow(reply);
  }

  private static void help(RespClient client, List<String> lines) {
    say(
        client,
        writer -> {
          writer.array(lines.size());
          lines.forEach(writer::simple);
        });
  }

  private static void requireSize(Arguments arguments, int least, int most) {
    if (arguments.size() < least || arguments.size() > most) {
      throw new InvalidDataException(
          "unknown subcommand or wrong number of arguments for '%s'. Try %s HELP."
              .formatted(arguments.text(1), arguments.word(0)));
    }
  }

  private static InvalidDataException unknown(Arguments arguments) {
    return new InvalidDataException(
        "unknown subcommand '%s'. Try %s HELP.".formatted(arguments.text(1), arguments.word(0)));
  }

  private static void slowLog(RespClient client, Arguments arguments) {
    SlowLog log = client.shared().slowLog();
    String what = arguments.word(1);
    requireSize(arguments, 2, what.equals("GET") ? 3 : 2);
    switch (what) {
      case "GET" -> {
        long count = arguments.size() == 3 ? count(arguments) : COUNT_DEFAULT;
        List<SlowLog.Entry> latest = log.latest(count < 0 ? Long.MAX_VALUE : count);
        say(
            client,
            writer -> {
              writer.array(latest.size());
              latest.forEach(entry -> write(entry, writer));
            });
      }
      case "LEN" -> {
        int length = log.length();
        say(client, writer -> writer.integer(length));
      }
      case "RESET" -> {
        log.reset();
        say(client, writer -> writer.simple("OK"));
      }
      case "HELP" -> help(client, SLOWLOG_HELP);
      default -> throw unknown(arguments);
    }
  }

  private static long count(Arguments arguments) {
    try {
      long count = arguments.number(2);
      if (count >= -1) {
        return count;
      }
    } catch (InvalidDataException _) {
      // Told as a number that is too small is.
    }
    throw new InvalidDataException("count should be greater than or equal to -1");
  }

  private static void write(SlowLog.Entry entry, ReplyWriter writer) {
    writer.array(6);
    writer.integer(entry.id());
    writer.integer(entry.atSeconds());
    writer.integer(entry.micros());
    writer.array(entry.words().size());
    entry.words().forEach(writer::bulk);
    writer.bulk(entry.address());
    writer.bulk(entry.name());
  }

  private static void latency(RespClient client, Arguments arguments) {
    LatencyMonitor monitor = client.shared().latency();
    String what = arguments.word(1);
    switch (what) {
      case "LATEST" -> {
        requireSize(arguments, 2, 2);
        List<Sample> samples = monitor.samples();
        long most = monitor.mostMillis();
        say(client, writer -> writeLatest(samples, most, writer));
      }
      case "HISTORY" -> {
        requireSize(arguments, 3, 3);
        List<Sample> samples = isCommand(arguments, 2) ? monitor.samples() : List.of();
        say(client, writer -> writeAll(samples, writer));
      }
      case "RESET" -> {
        boolean isMeant = arguments.size() == 2;
        for (int place = 2; place < arguments.size(); place++) {
          isMeant |= isCommand(arguments, place);
        }
        int count = isMeant && monitor.reset() ? 1 : 0;
        say(client, writer -> writer.integer(count));
      }
      case "DOCTOR" -> {
        requireSize(arguments, 2, 2);
        String report = report(monitor, client.shared().slowLog());
        say(client, writer -> writer.verbatim(report));
      }
      case "HELP" -> help(client, LATENCY_HELP);
      default -> throw unknown(arguments);
    }
  }

  private static boolean isCommand(Arguments arguments, int place) {
    return arguments.text(place).toLowerCase(Locale.ROOT).equals(LatencyMonitor.EVENT);
  }

  private static void writeLatest(List<Sample> samples, long most, ReplyWriter writer) {
    writer.array(samples.isEmpty() ? 0 : 1);
    if (!samples.isEmpty()) {
      writer.array(4);
      writer.bulk(LatencyMonitor.EVENT);
      writer.integer(samples.getLast().atSeconds());
      writer.integer(samples.getLast().millis());
      writer.integer(most);
    }
  }

  private static void writeAll(List<Sample> samples, ReplyWriter writer) {
    writer.array(samples.size());
    for (Sample sample : samples) {
      writer.array(2);
      writer.integer(sample.atSeconds());
      writer.integer(sample.millis());
    }
  }

  private static String report(LatencyMonitor monitor, SlowLog log) {
    List<Sample> samples = monitor.samples();
    String slow = " The slow log has " + log.length() + " requests: SLOWLOG GET.\n";
    if (monitor.thresholdMillis() == 0 && samples.isEmpty()) {
      return "The latency monitor is off: CONFIG SET latency-monitor-threshold <milliseconds>."
          + slow;
    }
    return "In %d seconds there were requests over the threshold; the longest took %d ms."
            .formatted(samples.size(), monitor.mostMillis())
        + slow;
  }
}
