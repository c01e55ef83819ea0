package io.gamut.protocol.memcached;

import io.gamut.core.Key;
import io.gamut.core.Limits;
import io.gamut.protocol.memcached.MemcachedRequest.Storing;
import io.gamut.protocol.memcached.MemcachedRequest.Wrong;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalLong;

/** Reads the lines of text commands. What is wrong is told in the words of memcached. */
final class TextLines {
  /** More than any client announces, and little enough to be counted with what ends it. */
  private static final long LENGTH_MAX = Integer.MAX_VALUE - 2;

  private TextLines() {}

  static Line read(Words words) {
    return switch (words.get(0)) {
      case "get" -> get(words, false);
      case "gets" -> get(words, true);
      case "gat" -> getAndTouch(words, false);
      case "gats" -> getAndTouch(words, true);
      case "set" -> store(Storing.SET, words);
      case "add" -> store(Storing.ADD, words);
      case "replace" -> store(Storing.REPLACE, words);
      case "append" -> store(Storing.APPEND, words);
      case "prepend" -> store(Storing.PREPEND, words);
      case "cas" -> store(Storing.CAS, words);
      case "delete" -> delete(words);
      case "incr" -> count(words, true);
      case "decr" -> count(words, false);
      case "touch" -> touch(words);
      case "flush_all" -> flushAll(words);
      case "stats" -> whole(new MemcachedRequest.Stats(words.count() > 1 ? words.get(1) : ""));
      case "version" -> whole(new MemcachedRequest.Version());
      case "verbosity" -> verbosity(words);
      case "quit" -> whole(new MemcachedRequest.Quit());
      case "get-servers" -> whole(new MemcachedRequest.GetServers());
      case "level" ->
          words.count() == 2 ? whole(new MemcachedRequest.Level(words.get(1))) : Line.error();
      case "session" -> session(words);
      case "receipt" ->
          words.count() == 1 ? whole(new MemcachedRequest.TellReceipt()) : Line.error();
      default -> Line.error();
    };
  }

  private static Line session(Words words) {
    if (words.count() == 1) {
      return whole(new MemcachedRequest.TellSession());
    }
    OptionalLong length = Numbers.unsigned(words.get(1));
    boolean isLength =
        length.isPresent() && Long.compareUnsigned(length.getAsLong(), LENGTH_MAX) <= 0;
    return words.count() > 2 || !isLength
        ? Line.wrong(Wrong.BAD_LINE, false)
        : Line.announced(length.getAsLong(), Limits.TOKEN_BYTES_MAX, false, TextLines::session);
  }

  private static MemcachedRequest session(byte[] token) {
    return new MemcachedRequest.TakeSession(new String(token, StandardCharsets.ISO_8859_1));
  }

  private static Line whole(MemcachedRequest request) {
    return new Line.Whole(request);
  }

  private static Line get(Words words, boolean wantsCas) {
    if (words.count() < 2) {
      return Line.error();
    }
    List<Key> keys = words.keys(1);
    return keys == null
        ? Line.wrong(Wrong.BAD_LINE, false)
        : whole(new MemcachedRequest.Get(keys, wantsCas));
  }

  private static Line getAndTouch(Words words, boolean wantsCas) {
    if (words.count() < 3) {
      return Line.error();
    }
    OptionalLong expiry = Numbers.signed(words.get(1));
    if (expiry.isEmpty()) {
      return Line.wrong("CLIENT_ERROR invalid exptime argument", false);
    }
    List<Key> keys = words.keys(2);
    return keys == null
        ? Line.wrong(Wrong.BAD_LINE, false)
        : whole(new MemcachedRequest.GetAndTouch(expiry.getAsLong(), keys, wantsCas));
  }

  private static Line store(Storing how, Words words) {
    int wanted = how == Storing.CAS ? 6 : 5;
    if (words.count() != wanted && words.count() != wanted + 1) {
      return Line.error();
    }
    boolean noreply = words.isNoreply();
    Key key = Words.key(words.get(1));
    OptionalLong flags = Numbers.flags(words.get(2));
    OptionalLong expiry = Numbers.signed(words.get(3));
    OptionalLong length = Numbers.unsigned(words.get(4));
    OptionalLong cas = how == Storing.CAS ? Numbers.unsigned(words.get(5)) : OptionalLong.of(0);
    boolean isWrong =
        key == null
            || flags.isEmpty()
            || expiry.isEmpty()
            || cas.isEmpty()
            || length.isEmpty()
            || Long.compareUnsigned(length.getAsLong(), LENGTH_MAX) > 0;
    if (isWrong || key == null) {
      return Line.wrong(Wrong.BAD_LINE, noreply);
    }
    return Line.announced(
        length.getAsLong(),
        noreply,
        value ->
            new MemcachedRequest.Store(
                how,
                key,
                (int) flags.getAsLong(),
                expiry.getAsLong(),
                cas.getAsLong(),
                value,
                noreply));
  }

  private static Line delete(Words words) {
    if (words.count() < 2 || words.count() > 4) {
      return Line.error();
    }
    boolean noreply = words.count() > 2 && words.isNoreply();
    // Old clients send a time of 0 behind the key.
    boolean isUsual =
        words.count() == 2
            || (words.count() == 3 && (noreply || words.get(2).equals("0")))
            || (words.count() == 4 && noreply && words.get(2).equals("0"));
    if (!isUsual) {
      return Line.wrong(Wrong.BAD_LINE + ".  Usage: delete <key> [noreply]", noreply);
    }
    Key key = Words.key(words.get(1));
    return key == null
        ? Line.wrong(Wrong.BAD_LINE, noreply)
        : whole(new MemcachedRequest.Delete(key, noreply));
  }

  private static Line count(Words words, boolean isUp) {
    if (words.count() != 3 && words.count() != 4) {
      return Line.error();
    }
    boolean noreply = words.isNoreply();
    Key key = Words.key(words.get(1));
    OptionalLong delta = Numbers.unsigned(words.get(2));
    if (key == null) {
      return Line.wrong(Wrong.BAD_LINE, noreply);
    }
    return delta.isEmpty()
        ? Line.wrong("CLIENT_ERROR invalid numeric delta argument", noreply)
        : whole(new MemcachedRequest.Count(key, isUp, delta.getAsLong(), noreply));
  }

  private static Line touch(Words words) {
    if (words.count() != 3 && words.count() != 4) {
      return Line.error();
    }
    boolean noreply = words.isNoreply();
    Key key = Words.key(words.get(1));
    OptionalLong expiry = Numbers.signed(words.get(2));
    if (key == null) {
      return Line.wrong(Wrong.BAD_LINE, noreply);
    }
    return expiry.isEmpty()
        ? Line.wrong("CLIENT_ERROR invalid exptime argument", noreply)
        : whole(new MemcachedRequest.Touch(key, expiry.getAsLong(), noreply));
  }

  private static Line flushAll(Words words) {
    if (words.count() > 3) {
      return Line.error();
    }
    boolean noreply = words.isNoreply();
    boolean hasDelay = words.count() > (noreply ? 2 : 1);
    OptionalLong delay = hasDelay ? Numbers.signed(words.get(1)) : OptionalLong.of(0);
    return delay.isEmpty()
        ? Line.wrong("CLIENT_ERROR invalid exptime argument", noreply)
        : whole(new MemcachedRequest.FlushAll(delay.getAsLong(), noreply));
  }

  private static Line verbosity(Words words) {
    if (words.count() < 2 || words.count() > 3) {
      return Line.error();
    }
    boolean noreply = words.isNoreply();
    boolean isNumber = Numbers.unsigned(words.get(1)).isPresent();
    return isNumber || (noreply && words.count() == 2)
        ? whole(new MemcachedRequest.Verbosity(noreply))
        : Line.wrong(Wrong.BAD_LINE, noreply);
  }
}
