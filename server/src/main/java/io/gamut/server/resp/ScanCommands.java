package io.gamut.server.resp;

import io.gamut.core.InvalidDataException;
import io.gamut.core.Key;
import io.gamut.core.Pair;
import io.gamut.server.connection.Answer;
import io.gamut.server.connection.Kind;
import io.gamut.server.request.Asked;
import io.gamut.server.request.Outcome;
import io.gamut.server.resp.Command.Access;
import io.gamut.server.resp.Command.Group;
import io.gamut.server.resp.Command.Handler.Direct;
import io.gamut.server.resp.Command.KeyPlaces;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Commands on many keys that nobody named. At a weak level they show what this server shows; at a
 * strong one its committed state, once that is as new as the level asks, and then as it changes
 * while they go through it.
 */
final class ScanCommands {
  private static final int COUNT_DEFAULT = 10;
  private static final int COUNT_MAX = 10_000;
  private static final long KEYS_BYTES_MAX = 64 << 20;
  private static final int RANDOM_AMONG = 100;

  private ScanCommands() {}

  static List<Command> all() {
    return List.of(
        command("SCAN", -2, "2.8.0", "Returns some keys, and a cursor.", ScanCommands::scan),
        command("KEYS", 2, "1.0.0", "Returns all keys of a pattern.", ScanCommands::keys),
        command("DBSIZE", 1, "1.0.0", "Counts keys that have values.", ScanCommands::dbsize),
        command("GAMUT|KEYS", -2, "7.2.0", "Returns a page of keys.", ScanCommands::keysAfter),
        command("RANDOMKEY", 1, "1.0.0", "Returns a key, by chance.", ScanCommands::randomkey));
  }

  private static Command command(
      String name, int arity, String since, String summary, BiConsumer<RespClient, Arguments> run) {
    return new Command(
        name, arity, Access.READ, KeyPlaces.NONE, Group.GENERIC, since, summary, new Direct(run));
  }

  // SCAN

  private static void scan(RespClient client, Arguments arguments) {
    Key after = after(client, arguments);
    int count = COUNT_DEFAULT;
    GlobPattern pattern = null;
    boolean isOfType = true;
    for (int place = 2; place < arguments.size(); place += 2) {
      if (place + 1 == arguments.size()) {
        throw Arguments.syntaxError();
      }
      switch (arguments.word(place)) {
        case "MATCH" -> pattern = new GlobPattern(arguments.bytes(place + 1));
        case "COUNT" -> count = count(arguments.number(place + 1));
        case "TYPE" -> isOfType = arguments.word(place + 1).equals("STRING");
        default -> throw Arguments.syntaxError();
      }
    }
    GlobPattern matching = pattern;
    boolean isShown = isOfType;
    int limit = count;
    scan(client, walk -> page(client, walk, after, limit, isShown, matching));
  }

  private static @Nullable Key after(RespClient client, Arguments arguments) {
    String text = arguments.text(1);
    long cursor;
    try {
      cursor = Long.parseUnsignedLong(text);
    } catch (NumberFormatException _) {
      throw new InvalidDataException("invalid cursor");
    }
    return cursor == 0 ? null : client.shared().cursors().key(cursor);
  }

  private static void page(
      RespClient client,
      Walk walk,
      @Nullable Key after,
      int limit,
      boolean isShown,
      @Nullable GlobPattern pattern) {
    List<Pair> pairs = walk.page(after, limit);
    List<byte[]> found = new ArrayList<>();
    for (Pair pair : pairs) {
      byte[] key = pair.key().bytes();
      if (isShown && walk.isThere(pair) && (pattern == null || pattern.matches(key))) {
        found.add(key);
      }
    }
    boolean isEnd = pairs.size() < limit;
    long cursor = isEnd ? 0 : client.shared().cursors().after(pairs.getLast().key());
    walk.end(writer -> {
      writer.array(2);
      writer.bulk(Long.toString(cursor));
      writer.array(found.size());
      found.forEach(writer::bulk);
    });
  }

  /** As SCAN, with a key for a cursor: so any server can go on where another has ended. */
  private static void keysAfter(RespClient client, Arguments arguments) {
    Key after = null;
    int count = COUNT_DEFAULT;
    for (int place = 2; place < arguments.size(); place += 2) {
      if (place + 1 == arguments.size()) {
        throw Arguments.syntaxError();
      }
      switch (arguments.word(place)) {
        case "AFTER" -> after = arguments.key(place + 1);
        case "COUNT" -> count = count(arguments.number(place + 1));
        default -> throw Arguments.syntaxError();
      }
    }
    Key begin = after;
    int limit = count;
    scan(
        client,
        walk -> {
          List<Pair> pairs = walk.page(begin, limit);
          List<byte[]> found = new ArrayList<>();
          pairs.stream().filter(walk::isThere).forEach(pair -> found.add(pair.key().bytes()));
          walk.end(writer -> {
            writer.array(2);
            if (pairs.size() < limit) {
              writer.nullValue();
            } else {
              writer.bulk(pairs.getLast().key().bytes());
            }
            writer.array(found.size());
            found.forEach(writer::bulk);
          });
        });
  }

  private static int count(long asked) {
    if (asked < 1) {
      throw Arguments.syntaxError();
    }
    return (int) Math.min(asked, COUNT_MAX);
  }

  // All keys

  private static void keys(RespClient client, Arguments arguments) {
    GlobPattern pattern = new GlobPattern(arguments.bytes(1));
    List<byte[]> found = new ArrayList<>();
    long[] bytes = {0};
    scan(
        client,
        walk ->
            walk.through(
                pair -> {
                  byte[] key = pair.key().bytes();
                  if (pattern.matches(key)) {
                    found.add(key);
                    bytes[0] += key.length;
                  }
                  return bytes[0] <= KEYS_BYTES_MAX;
                },
                writer -> {
                  if (bytes[0] > KEYS_BYTES_MAX) {
                    writer.error(
                        "ERR the keys have more than " + KEYS_BYTES_MAX + " bytes: use SCAN");
                  } else {
                    writer.array(found.size());
                    found.forEach(writer::bulk);
                  }
                }));
  }

  private static void dbsize(RespClient client, Arguments arguments) {
    long[] count = {0};
    scan(
        client,
        walk ->
            walk.through(
                _ -> {
                  count[0]++;
                  return true;
                },
                writer -> writer.integer(count[0])));
  }

  /** One of some keys that follow each other somewhere: not each with the same chance. */
  private static void randomkey(RespClient client, Arguments arguments) {
    byte[] start = new byte[2];
    ThreadLocalRandom random = ThreadLocalRandom.current();
    start[0] = (byte) random.nextInt(' ', 127);
    start[1] = (byte) random.nextInt(' ', 127);
    scan(
        client,
        walk -> {
          List<byte[]> some = someAfter(Key.of(start), walk);
          List<byte[]> found = some.isEmpty() ? someAfter(null, walk) : some;
          walk.end(writer -> {
            if (found.isEmpty()) {
              writer.nullValue();
            } else {
              writer.bulk(found.get(random.nextInt(found.size())));
            }
          });
        });
  }

  private static List<byte[]> someAfter(@Nullable Key start, Walk walk) {
    List<byte[]> some = new ArrayList<>();
    Key after = start;
    while (some.isEmpty()) {
      List<Pair> page = walk.page(after, RANDOM_AMONG);
      page.stream().filter(walk::isThere).forEach(pair -> some.add(pair.key().bytes()));
      if (page.size() < RANDOM_AMONG) {
        break;
      }
      after = page.getLast().key();
    }
    return some;
  }

  // Levels

  /** Goes through the keys once that may begin at the client's level. */
  private static void scan(RespClient client, Consumer<Walk> then) {
    Asked asked = client.ask();
    Answer answer = client.connection().begin(Kind.ALONE);
    Walk walk = new Walk(client, asked, answer);
    if (asked.level().isWeak()) {
      then.accept(walk);
      return;
    }
    client
        .reads()
        .read(
            List.of(Walk.ANY),
            asked,
            outcome -> {
              switch (outcome) {
                case Outcome.Done<?> _ -> then.accept(walk);
                case Outcome.Refused<?> refused ->
                    client
                        .connection()
                        .end(answer, writer -> writer.error(refused.code(), refused.message()));
              }
            });
    client.reads().flush();
  }
}
