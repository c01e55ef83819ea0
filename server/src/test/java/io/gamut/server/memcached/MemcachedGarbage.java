package io.gamut.server.memcached;

import io.gamut.server.hostile.Siege;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Commands with something wrong in most of them, and what is no command at all. */
final class MemcachedGarbage {
  private static final List<String> COMMANDS =
      List.of(
          "get",
          "gets",
          "gat",
          "gats",
          "set",
          "add",
          "replace",
          "append",
          "prepend",
          "cas",
          "delete",
          "incr",
          "decr",
          "touch",
          "verbosity",
          "version",
          "stats",
          "get-servers",
          "level",
          "session",
          "receipt",
          "mg",
          "ms",
          "md",
          "ma",
          "me",
          "mn",
          "mz",
          "shutdown",
          "slabs",
          "GET");
  private static final List<String> ANNOUNCING =
      List.of("set", "add", "replace", "append", "prepend", "cas", "ms", "session");
  private static final List<String> NUMBERS =
      List.of(
          "0",
          "1",
          "-1",
          "2",
          "30",
          "4294967295",
          "4294967296",
          "2147483647",
          "2147483648",
          "9223372036854775807",
          "-9223372036854775808",
          "9223372036854775808",
          "18446744073709551615",
          "18446744073709551616",
          "99999999999999999999999",
          "-0",
          "+1",
          "0x10",
          "1e3",
          "1.5",
          "--1",
          "");
  private static final List<String> WORDS =
      List.of(
          "a",
          "b",
          "c",
          "noreply",
          "AAEC",
          "/w==",
          "kept\0",
          "\u00ff\u00fe",
          "\t",
          "\0",
          "\u007f",
          "level",
          "session",
          "linearizable",
          "bounded:500",
          "bounded:-1",
          "eventual",
          "reset",
          "items",
          "*",
          "$6",
          "{}",
          "k".repeat(250),
          "k".repeat(251),
          "k".repeat(5_000));
  private static final List<String> FLAG_TOKENS =
      List.of("", "session", "E", "bounded:x", "\0", "o".repeat(32), "o".repeat(33));

  private MemcachedGarbage() {}

  private static <T> T any(List<T> list, SplittableRandom random) {
    return list.get(random.nextInt(list.size()));
  }

  private static String word(SplittableRandom random) {
    return switch (random.nextInt(4)) {
      case 0 -> any(NUMBERS, random);
      case 1 -> any(WORDS, random);
      default -> "k" + random.nextInt(20);
    };
  }

  /** A flag of any letter, with or without something behind it. */
  private static String flag(SplittableRandom random) {
    char letter = (char) random.nextInt('!', 0x80);
    return letter + (random.nextBoolean() ? any(NUMBERS, random) : any(FLAG_TOKENS, random));
  }

  /** A line, and the value that it announces, more or less; none that is long. */
  static byte[] request(SplittableRandom random) {
    String command = any(COMMANDS, random);
    List<String> words = new ArrayList<>(List.of(command));
    boolean isMeta = command.startsWith("m");
    String value = "v".repeat(random.nextInt(20));
    if (random.nextInt(4) == 0) {
      for (int i = random.nextInt(8); i > 0; i--) {
        words.add(word(random));
      }
    } else {
      if (!command.equals("session")) {
        words.add(random.nextInt(8) == 0 ? word(random) : "k" + random.nextInt(20));
      }
      if (ANNOUNCING.contains(command)) {
        if (lengthPlace(command) > 2) {
          words.add(any(NUMBERS, random));
          words.add(any(NUMBERS, random));
        }
        // Off by a few now and then: what is left over is the next line, or that is cut.
        int wrong = random.nextInt(10) == 0 ? random.nextInt(-3, 4) : 0;
        words.add(Integer.toString(value.length() + wrong));
      }
      for (int i = random.nextInt(4); i > 0; i--) {
        words.add(isMeta ? flag(random) : word(random));
      }
    }
    String line = String.join(" ", words) + (random.nextInt(20) == 0 ? "\n" : "\r\n");
    if (announcesMuch(words)) {
      return Siege.bytes("nosuch " + line);
    }
    return Siege.bytes(ANNOUNCING.contains(command) ? line + value + "\r\n" : line);
  }

  /** Whether what follows would be taken for a long value. */
  private static boolean announcesMuch(List<String> words) {
    int place = lengthPlace(words.getFirst());
    boolean isAnnouncing = ANNOUNCING.contains(words.getFirst()) && words.size() > place;
    return isAnnouncing && words.get(place).matches("\\d{3,}");
  }

  /** Where the length of a value stands in a line that announces one. */
  private static int lengthPlace(String command) {
    return switch (command) {
      case "session" -> 1;
      case "ms" -> 2;
      default -> 4;
    };
  }

  /** Many such lines with bytes changed or left out, values that are too long, and noise. */
  static byte[] garbage(SplittableRandom random) {
    return switch (random.nextInt(5)) {
      case 0 -> {
        byte[] noise = new byte[random.nextInt(1, random.nextInt(20) == 0 ? 100_000 : 500)];
        random.nextBytes(noise);
        yield noise;
      }
      case 1 -> Siege.bytes("ms k" + random.nextInt(20) + " " + any(NUMBERS, random) + " b\r\nabc");
      case 2 -> Siege.bytes("set k 0 0 " + any(NUMBERS, random) + "\r\nabc");
      case 3 -> Siege.bytes("get " + "k ".repeat(random.nextInt(40_000)));
      default -> {
        byte[] changed = request(random);
        for (int i = random.nextInt(5); i >= 0; i--) {
          changed[random.nextInt(changed.length)] = (byte) random.nextInt();
        }
        yield changed;
      }
    };
  }
}
