package io.gamut.server.resp;

import io.gamut.core.InvalidDataException;
import io.gamut.core.Limits;
import io.gamut.server.resp.Command.Access;
import io.gamut.server.resp.Command.Group;
import io.gamut.server.resp.Command.Handler.Direct;
import io.gamut.server.resp.Command.KeyPlaces;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ObjLongConsumer;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * {@code CONFIG}: what clients ask for is fixed, and told; what measures slowness can be changed,
 * until the server ends.
 */
final class ConfigCommands {
  /** Of a slow log whose entries take up to 5 KiB each. */
  private static final long ENTRIES_MAX = 10_000;

  private static final long TIME_MAX = 1_000_000_000_000L;

  private static final Map<String, String> FIXED =
      new TreeMap<>(
          Map.of(
              "appendonly", "yes",
              "databases", "1",
              "maxmemory", "0",
              "maxmemory-policy", "noeviction",
              "proto-max-bulk-len", String.valueOf(Limits.VALUE_BYTES_MAX),
              "save", "",
              "timeout", "0"));

  private static final Map<String, Setting> SETTINGS =
      new TreeMap<>(
          Map.of(
              "slowlog-log-slower-than",
              new Setting(
                  -1,
                  TIME_MAX,
                  shared -> shared.slowLog().slowerThanMicros(),
                  (shared, to) -> shared.slowLog().setSlowerThanMicros(to)),
              "slowlog-max-len",
              new Setting(
                  0,
                  ENTRIES_MAX,
                  shared -> shared.slowLog().lengthMax(),
                  (shared, to) -> shared.slowLog().setLengthMax(to)),
              "latency-monitor-threshold",
              new Setting(
                  0,
                  TIME_MAX,
                  shared -> shared.latency().thresholdMillis(),
                  (shared, to) -> shared.latency().setThresholdMillis(to))));

  /** What can be changed. */
  private record Setting(
      long least, long most, ToLongFunction<RespShared> get, ObjLongConsumer<RespShared> set) {}

  private ConfigCommands() {}

  static List<Command> all() {
    return List.of(
        new Command(
            "CONFIG",
            -2,
            Access.NONE,
            KeyPlaces.NONE,
            Group.SERVER,
            "2.0.0",
            "Tells how the server is configured.",
            new Direct(ConfigCommands::config)));
  }

  private static void config(RespClient client, Arguments arguments) {
    switch (arguments.word(1)) {
      case "GET" -> get(client, arguments);
      case "SET" -> set(client, arguments);
      default -> throw new InvalidDataException("unknown subcommand '" + arguments.text(1) + "'.");
    }
  }

  private static void get(RespClient client, Arguments arguments) {
    Map<String, String> all = new TreeMap<>(FIXED);
    SETTINGS.forEach((name, setting) ->
        all.put(name, Long.toString(setting.get().applyAsLong(client.shared()))));
    Map<String, String> found = new TreeMap<>();
    for (int place = 2; place < arguments.size(); place++) {
      GlobPattern pattern = new GlobPattern(lower(arguments.text(place)));
      all.forEach((name, value) -> {
        if (pattern.matches(lower(name))) {
          found.put(name, value);
        }
      });
    }
    client
        .connection()
        .answerNow(writer -> {
          writer.map(found.size());
          found.forEach((name, value) -> {
            writer.bulk(name);
            writer.bulk(value);
          });
        });
  }

  private static byte[] lower(String text) {
    return text.toLowerCase(Locale.ROOT).getBytes(StandardCharsets.UTF_8);
  }

  /** All of it, or nothing where something is wrong. */
  private static void set(RespClient client, Arguments arguments) {
    if (arguments.size() < 4) {
      throw new InvalidDataException("wrong number of arguments for 'config|set' command");
    }
    if (arguments.size() % 2 != 0) {
      throw Arguments.syntaxError();
    }
    Map<Setting, Long> changes = new LinkedHashMap<>();
    for (int place = 2; place < arguments.size(); place += 2) {
      String name = arguments.text(place).toLowerCase(Locale.ROOT);
      @Nullable Setting setting = SETTINGS.get(name);
      if (setting == null && !FIXED.containsKey(name)) {
        throw new InvalidDataException(
            "Unknown option or number of arguments for CONFIG SET - '"
                + arguments.text(place)
                + "'");
      }
      if (setting == null) {
        throw failed(name, "can't set immutable config");
      }
      changes.put(setting, value(name, setting, arguments.text(place + 1)));
    }
    changes.forEach((setting, value) -> setting.set().accept(client.shared(), value));
    client.connection().answerNow(writer -> writer.simple("OK"));
  }

  private static long value(String name, Setting setting, String text) {
    long value;
    try {
      value = Long.parseLong(text);
    } catch (NumberFormatException _) {
      throw failed(name, "argument couldn't be parsed into an integer");
    }
    if (value < setting.least() || value > setting.most()) {
      throw failed(
          name,
          "argument must be between " + setting.least() + " and " + setting.most() + " inclusive");
    }
    return value;
  }

  private static InvalidDataException failed(String name, String why) {
    return new InvalidDataException(
        "CONFIG SET failed (possibly related to argument '" + name + "') - " + why);
  }
}
