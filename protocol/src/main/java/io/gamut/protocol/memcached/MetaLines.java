package io.gamut.protocol.memcached;

import io.gamut.core.Key;
import io.gamut.protocol.memcached.MemcachedRequest.Wrong;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Reads the lines of meta commands. What is wrong is told in the words of memcached. */
final class MetaLines {
  private static final String PLAIN = "bcfhklqstuvIO";

  /** What is meant for somebody in between, or for us: anything may stand behind these. */
  private static final String HINTS = "LP";

  private static final String NUMBERS = "CDFJNRT";
  private static final String MODE = "M";
  private static final String KNOWN = PLAIN + HINTS + NUMBERS + MODE;
  private static final String MODES_OF_SET = "EAPRS";
  private static final String MODES_OF_COUNT = "ID+-";
  private static final int OPAQUE_BYTES_MAX = 32;
  private static final String ANY_FAULT = "CLIENT_ERROR invalid or duplicate flag";
  private static final long LENGTH_MAX = Integer.MAX_VALUE - 2;

  private MetaLines() {}

  static Line read(Words words) {
    return switch (words.get(0)) {
      case "mn" -> new Line.Whole(new MemcachedRequest.MetaNoop());
      case "mg" -> get(words);
      case "ms" -> set(words);
      case "md" -> delete(words);
      case "ma" -> count(words);
      case "me" -> debug(words);
      default -> Line.error();
    };
  }

  private static Line get(Words words) {
    if (words.count() < 2) {
      return Line.error();
    }
    return read(words, 2).line(MemcachedRequest.MetaGet::new);
  }

  private static Line delete(Words words) {
    if (words.count() < 2) {
      return Line.error();
    }
    return read(words, 2).withOneFault().line(MemcachedRequest.MetaDelete::new);
  }

  private static Line count(Words words) {
    if (words.count() < 2) {
      return Line.error();
    }
    Parts parts = read(words, 2).withOneFault();
    if (parts.fault == null && MODES_OF_COUNT.indexOf(parts.flags.mode('I')) < 0) {
      return Line.wrong("CLIENT_ERROR invalid mode for ma M token", false);
    }
    return parts.line(MemcachedRequest.MetaCount::new);
  }

  private static Line debug(Words words) {
    if (words.count() < 2) {
      return Line.wrong(Wrong.BAD_LINE, false);
    }
    return read(words, 2).line((key, _) -> new MemcachedRequest.MetaDebug(key));
  }

  private static Line set(Words words) {
    if (words.count() < 2) {
      return Line.error();
    }
    OptionalLong length = words.count() > 2 ? Numbers.unsigned(words.get(2)) : OptionalLong.empty();
    boolean isLength =
        length.isPresent() && Long.compareUnsigned(length.getAsLong(), LENGTH_MAX) <= 0;
    if (!isLength) {
      return Line.wrong(Wrong.BAD_LINE, false);
    }
    Parts parts = read(words, 3);
    String fault = parts.fault;
    if (fault == null && MODES_OF_SET.indexOf(parts.flags.mode('S')) < 0) {
      fault = "CLIENT_ERROR invalid mode for ms M token";
    }
    MetaKey key = parts.key;
    if (fault != null || key == null) {
      // The value is there all the same, and must not be taken for the next lines.
      String told = fault == null ? Wrong.BAD_LINE : fault;
      return new Line.Refused(length.getAsLong(), new Wrong(told, false));
    }
    return Line.announced(
        length.getAsLong(), false, value -> new MemcachedRequest.MetaSet(key, parts.flags, value));
  }

  /**
   * Key and flags of a line.
   *
   * @param fault what is wrong with them; null for nothing: then there is a key
   */
  private record Parts(@Nullable MetaKey key, MetaFlags flags, @Nullable String fault) {
    /** What the commands that came later say of any fault in their flags. */
    Parts withOneFault() {
      boolean isOfFlags = fault != null && !fault.equals(Wrong.BAD_LINE);
      return isOfFlags ? new Parts(key, flags, ANY_FAULT) : this;
    }

    Line line(Making making) {
      return fault != null || key == null
          ? Line.wrong(fault == null ? Wrong.BAD_LINE : fault, false)
          : new Line.Whole(making.of(key, flags));
    }
  }

  @FunctionalInterface
  private interface Making {
    MemcachedRequest of(MetaKey key, MetaFlags flags);
  }

  private static Parts read(Words words, int from) {
    List<MetaFlag> flags = new ArrayList<>();
    String fault = null;
    for (int i = from; i < words.count() && fault == null; i++) {
      String word = words.get(i);
      MetaFlag flag = new MetaFlag(word.charAt(0), word.substring(1));
      fault = fault(flag, flags);
      flags.add(flag);
    }
    MetaFlags all = new MetaFlags(flags);
    String word = words.get(1);
    Key plain = Words.key(word);
    if (plain == null) {
      return new Parts(null, all, Wrong.BAD_LINE);
    }
    if (fault != null || !all.has('b')) {
      return new Parts(new MetaKey(plain, false), all, fault);
    }
    Key decoded = decoded(word);
    return decoded == null
        ? new Parts(null, all, "CLIENT_ERROR error decoding key")
        : new Parts(new MetaKey(decoded, true), all, null);
  }

  private static @Nullable Key decoded(String word) {
    try {
      byte[] bytes = Base64.getDecoder().decode(word);
      boolean isKey = bytes.length > 0 && word.length() % 4 == 0;
      return isKey ? Key.of(bytes) : null;
    } catch (IllegalArgumentException _) {
      return null;
    }
  }

  private static @Nullable String fault(MetaFlag flag, List<MetaFlag> before) {
    char letter = flag.letter();
    if (before.stream().anyMatch(other -> other.letter() == letter)) {
      return "CLIENT_ERROR duplicate flag";
    }
    if (KNOWN.indexOf(letter) < 0) {
      return "CLIENT_ERROR invalid flag";
    }
    if (letter == 'O' && flag.token().length() > OPAQUE_BYTES_MAX) {
      return "CLIENT_ERROR opaque token too long";
    }
    if (letter == 'M' && flag.token().length() != 1) {
      return "CLIENT_ERROR incorrect length for M token";
    }
    if (NUMBERS.indexOf(letter) >= 0 && MetaFlags.number(flag).isEmpty()) {
      return letter == 'F' ? Wrong.BAD_LINE : "CLIENT_ERROR bad token in command line format";
    }
    return null;
  }
}
