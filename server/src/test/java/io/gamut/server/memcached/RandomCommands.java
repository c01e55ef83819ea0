package io.gamut.server.memcached;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/** Text and meta commands on few keys, right ones and wrong ones. */
final class RandomCommands {
  private static final String FAR = "2000000000";

  /** A token that nobody gives out: there they are small, and here they are not so round. */
  static final String NO_TOKEN = "900000000000";

  private RandomCommands() {}

  private static String key(SplittableRandom random) {
    return "k" + random.nextInt(5);
  }

  private static String value(SplittableRandom random) {
    return switch (random.nextInt(6)) {
      case 0 -> "";
      case 1, 2 -> Integer.toString(random.nextInt(1, 1_000));
      case 3 -> "binary \0\r\n\u00ff";
      default -> "text " + random.nextInt(100);
    };
  }

  private static String expiry(SplittableRandom random) {
    return switch (random.nextInt(8)) {
      case 0 -> "-1";
      case 1 -> FAR;
      case 2 -> "100000";
      default -> "0";
    };
  }

  private static String noreply(SplittableRandom random) {
    return random.nextInt(6) == 0 ? " noreply" : "";
  }

  private static String line(String... words) {
    return String.join(" ", words) + "\r\n";
  }

  /**
   * The next command, with its value if it has one. A cas token stands there as {@code {key}}.
   *
   * @param touched takes the keys whose cas token differs from now on
   */
  static String next(SplittableRandom random, Set<String> touched) {
    return switch (random.nextInt(24)) {
      case 0 -> line("get", key(random));
      case 1 -> line("gets", key(random), key(random), "never");
      case 2 -> line("gets", key(random));
      case 3, 4 -> store("set", random);
      case 5 -> store("add", random);
      case 6 -> store("replace", random);
      case 7 -> store(random.nextBoolean() ? "append" : "prepend", random);
      case 8, 9 -> cas(random, touched);
      case 10 -> line("delete", key(random) + noreply(random));
      case 11 -> count("incr", noreply(random), random);
      case 12 -> count("decr", "", random);
      case 13 -> touch(random, touched);
      case 14, 15, 16 -> metaGet(random, touched);
      case 17, 18, 19 -> metaSet(random, touched);
      case 20 -> metaDelete(random, touched);
      case 21, 22 -> metaCount(random, touched);
      default -> random.nextInt(5) == 0 ? rare(random) : wrong(random);
    };
  }

  private static String store(String how, SplittableRandom random) {
    String value = value(random);
    String flags = random.nextInt(10) == 0 ? "4294967295" : Integer.toString(random.nextInt(9));
    return line(how, key(random), flags, expiry(random), value.length() + noreply(random))
        + value
        + "\r\n";
  }

  /** With the token that was seen last, if nothing has touched the key since. */
  private static String token(String key, Set<String> touched) {
    return touched.contains(key) ? NO_TOKEN : "{" + key + "}";
  }

  private static String cas(SplittableRandom random, Set<String> touched) {
    String key = key(random);
    String value = value(random);
    String token = token(key, touched);
    String length = Integer.toString(value.length());
    return line("cas", key, "3", expiry(random), length, token + noreply(random)) + value + "\r\n";
  }

  /** What it leaves is set anew: there, what becomes shorter is filled up, what grows is fresh. */
  private static String count(String how, String noreply, SplittableRandom random) {
    String key = key(random);
    return line(how, key, random.nextInt(60) + noreply)
        + line("set", key, "1", "0", "2")
        + "50\r\n";
  }

  private static String touch(SplittableRandom random, Set<String> touched) {
    String key = key(random);
    touched.add(key);
    return switch (random.nextInt(3)) {
      case 0 -> line("touch", key, expiry(random) + noreply(random));
      case 1 -> line("gat", expiry(random), key);
      default -> line("gats", expiry(random), key, "never");
    };
  }

  /** A key as it is, or as Base64: the two never mean the same one. */
  private static String metaKey(String key, SplittableRandom random, List<String> flags) {
    if (random.nextInt(4) > 0) {
      return key;
    }
    flags.add("b");
    return List.of("AAEC", "/wAg", "AA==").get(random.nextInt(3));
  }

  private static String meta(
      String command,
      String key,
      List<String> between,
      List<String> flags,
      SplittableRandom random) {
    List<String> words = new ArrayList<>(List.of(command, key));
    words.addAll(between);
    // Some commands there forget that the key of what they leave was Base64.
    if (!flags.contains("b") && random.nextInt(4) == 0) {
      flags.add("k");
    }
    if (random.nextInt(4) == 0) {
      flags.add("Oab" + random.nextInt(100));
    }
    if (random.nextInt(6) == 0) {
      flags.add(random.nextBoolean() ? "Llinearizable" : "Lsome/path");
    }
    if (random.nextInt(8) == 0) {
      flags.add("P");
    }
    while (!flags.isEmpty()) {
      words.add(flags.remove(random.nextInt(flags.size())));
    }
    return line(words.toArray(new String[0]));
  }

  private static void some(SplittableRandom random, List<String> flags, String... choice) {
    for (String flag : choice) {
      if (random.nextInt(3) == 0) {
        flags.add(flag);
      }
    }
  }

  private static String metaGet(SplittableRandom random, Set<String> touched) {
    List<String> flags = new ArrayList<>();
    String key = key(random);
    String shown = metaKey(key, random, flags);
    some(random, flags, "v", "c", "f", "s", "t", "q", "u");
    if (random.nextInt(3) == 0) {
      flags.remove("t"); // told of before or after, as with T below
      flags.add("N" + List.of("0", FAR, "100000").get(random.nextInt(3)));
    }
    if (random.nextInt(3) == 0) {
      flags.add("R" + List.of("0", "-1", "30", "200000").get(random.nextInt(4)));
    }
    // The right to make a value anew changes the token here.
    touched.add(key);
    if (random.nextInt(5) == 0) {
      touched.add(key);
      // What is left is told there of before or after, as the flags are ordered.
      flags.removeIf(flag -> "tNR".indexOf(flag.charAt(0)) >= 0);
      flags.add("T" + expiry(random));
    }
    return meta("mg", shown, List.of(), flags, random);
  }

  private static String metaSet(SplittableRandom random, Set<String> touched) {
    List<String> flags = new ArrayList<>();
    String key = key(random);
    String shown = metaKey(key, random, flags);
    boolean isPlain = shown.equals(key);
    String value = value(random);
    some(random, flags, "q", "F" + random.nextInt(9), "T" + expiry(random));
    boolean isSet = random.nextBoolean();
    if (!isSet) {
      flags.add("M" + List.of("E", "A", "P", "R", "S", "a").get(random.nextInt(6)));
    }
    if (isPlain && random.nextInt(4) == 0) {
      flags.add("C" + token(key, touched));
    } else if (isPlain && isSet && random.nextInt(4) == 0) {
      // Of whatever value was here first.
      flags.add("C1");
      flags.add("I");
    }
    return meta("ms", shown, List.of(Integer.toString(value.length())), flags, random)
        + value
        + "\r\n";
  }

  private static String metaDelete(SplittableRandom random, Set<String> touched) {
    List<String> flags = new ArrayList<>();
    String key = key(random);
    String shown = metaKey(key, random, flags);
    some(random, flags, "q", "T30");
    if (random.nextInt(3) == 0) {
      flags.add("I");
    }
    if (shown.equals(key) && random.nextInt(3) == 0) {
      flags.add("C" + token(key, touched));
    }
    return meta("md", shown, List.of(), flags, random);
  }

  /** What it leaves is set anew, as above. */
  private static String metaCount(SplittableRandom random, Set<String> touched) {
    List<String> flags = new ArrayList<>();
    String key = key(random);
    String shown = metaKey(key, random, flags);
    boolean isBase64 = !shown.equals(key);
    some(random, flags, "v", "c", "t", "D" + random.nextInt(100));
    if (!isBase64 && random.nextInt(3) == 0) {
      flags.add("N0");
      some(random, flags, "J" + random.nextInt(1_000));
    } else {
      some(random, flags, "q");
    }
    boolean isDown = random.nextInt(3) == 0;
    if (isDown || random.nextInt(3) == 0) {
      String modes = isDown ? "D-" : "I+";
      flags.add("M" + modes.charAt(random.nextInt(2)));
    }
    if (random.nextInt(5) == 0) {
      touched.add(key);
      flags.remove("t");
      flags.add("T" + List.of("0", FAR).get(random.nextInt(2)));
    }
    String before = "";
    if (!isBase64 && random.nextInt(5) == 0) {
      // On what is no number, memcached does not come to look at the token.
      before = line("set", key, "0", "0", "2") + "10\r\n";
      flags.add("C" + NO_TOKEN);
    }
    String restore = line("ms", shown, "2", isBase64 ? "b" : "k") + "50\r\n";
    return before + meta("ma", shown, List.of(), flags, random) + restore;
  }

  private static String rare(SplittableRandom random) {
    return switch (random.nextInt(7)) {
      case 0 -> line("flush_all");
      case 1 -> line("flush_all", "0", "noreply");
      case 2 -> line("verbosity", "1");
      case 3 -> line("verbosity", "1", "noreply");
      case 4 -> line("flush_all", "-1");
      case 5 -> line("set", "big", "0", "0", "8388700") + "x".repeat(8_388_700) + "\r\n";
      default -> line("ms", "big", "8388700", "k") + "x".repeat(8_388_700) + "\r\n";
    };
  }

  private static String wrong(SplittableRandom random) {
    String key = key(random);
    String longKey = "x".repeat(251);
    List<String> wrong =
        List.of(
            "get\r\n",
            "\r\n",
            "nosuch " + key + "\r\n",
            "GET " + key + "\r\n",
            "set " + key + "\r\n",
            "set " + key + " a 0 1\r\n",
            "set " + key + " 0 0 -1\r\n",
            "set " + key + " 0 x 1 noreply\r\n",
            "set " + key + " 0 0 2\r\nabcd\r\n",
            "set " + key + " 0 0 2 noreply\r\nabcd\r\n",
            "set " + longKey + " 0 0 1\r\na\r\n",
            "cas " + key + " 0 0 1\r\na\r\n",
            "cas " + key + " 0 0 1 x\r\na\r\n",
            "delete\r\n",
            "delete " + key + " 5\r\n",
            "delete never 0\r\n",
            "incr " + key + " x\r\n",
            "incr " + key + " -1\r\n",
            "incr " + key + "\r\n",
            "incr never 1\r\n",
            "decr never 18446744073709551616\r\n",
            "touch " + key + "\r\n",
            "touch " + key + " x\r\n",
            "gat x " + key + "\r\n",
            "gat\r\n",
            "flush_all x\r\n",
            "flush_all 0 0 0\r\n",
            "verbosity\r\n",
            "verbosity x\r\n",
            "stats nosuch\r\n",
            "mz " + key + "\r\n",
            "m\r\n",
            "mg\r\n",
            "mg " + key + " v v\r\n",
            "mg " + key + " !\r\n",
            "mg " + key + " w\r\n",
            "mg " + key + " Tx\r\n",
            "mg " + key + " T\r\n",
            "mg " + key + " M\r\n",
            "mg " + key + " O" + "o".repeat(33) + "\r\n",
            "mg " + longKey + " v\r\n",
            "mg a2V b\r\n",
            "mg *** b\r\n",
            "ms\r\n",
            "ms " + key + "\r\n",
            "ms " + key + " x\r\n",
            "ms " + key + " -1\r\n",
            "ms " + key + " 2 !\r\n12\r\n",
            "ms " + key + " 2 Fx\r\n12\r\n",
            "ms " + key + " 2 T!\r\n12\r\n",
            "ms " + key + " 2 MZ\r\n12\r\n",
            "ms " + key + " 2 M\r\n12\r\n",
            "ms " + key + " 2 Cx\r\n12\r\n",
            "ms " + key + " 3\r\n1234\r\n",
            "md\r\n",
            "md " + key + " !\r\n",
            "md " + key + " T\r\n",
            "md " + key + " Cx\r\n",
            "ma\r\n",
            "ma " + key + " MZ\r\n",
            "ma " + key + " Dx\r\n",
            "ma " + key + " M\r\n",
            "ma never k\r\n",
            "me\r\n",
            "me never\r\n");
    return wrong.get(random.nextInt(wrong.size()));
  }
}
