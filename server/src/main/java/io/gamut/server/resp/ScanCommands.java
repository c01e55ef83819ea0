package io.gamut.server.resp;

import io.gamut.core.InvalidDataException;
import io.gamut.core.Key;
import io.gamut.core.Pair;
import io.gamut.protocol.resp.ReplyWriter;
import io.gamut.replication.remote.Page;
import io.gamut.server.resp.Command.Access;
import io.gamut.server.resp.Command.Group;
import io.gamut.server.resp.Command.Handler.Direct;
import io.gamut.server.resp.Command.KeyPlaces;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Commands on many keys that nobody named. At a weak level they show what this server shows, once
 * that holds all that the session has met; at a strong one its committed state, once that is as new
 * as the level asks, and then as it changes while they go through it.
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
    Walk walk = Walk.begin(client);
    walk.page(after, limit, page -> answer(client, walk, page, isShown, matching));
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

  private static void answer(
      RespClient client, Walk walk, Page page, boolean isShown, @Nullable GlobPattern pattern) {
    List<byte[]> found = new ArrayList<>();
    for (Pair pair : page.pairs()) {
      byte[] key = pair.key().bytes();
      if (isShown && walk.isThere(pair) && (pattern == null || pattern.matches(key))) {
        found.add(key);
      }
    }
    long cursor = page.isEnd() ? 0 : client.shared().cursors().after(page.pairs().getLast().key());
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
    Walk walk = Walk.begin(client);
    walk.page(
        after,
        count,
        page -> {
          List<byte[]> found = new ArrayList<>();
          page.pairs().stream()
              .filter(walk::isThere)
              .forEach(pair -> found.add(pair.key().bytes()));
          walk.end(writer -> {
            writer.array(2);
            if (page.isEnd()) {
              writer.nullValue();
            } else {
              writer.bulk(page.pairs().getLast().key().bytes());
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
    Walk.begin(client)
        .through(
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
                writer.error("ERR the keys have more than " + KEYS_BYTES_MAX + " bytes: use SCAN");
              } else {
                writer.array(found.size());
                found.forEach(writer::bulk);
              }
            });
  }

  private static void dbsize(RespClient client, Arguments arguments) {
    long[] count = {0};
    Walk.begin(client)
        .through(
            _ -> {
              count[0]++;
              return true;
            },
            writer -> writer.integer(count[0]));
  }

  /** One of some keys that follow each other somewhere: not each with the same chance. */
  private static void randomkey(RespClient client, Arguments arguments) {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    byte[] start = {(byte) random.nextInt(' ', 127), (byte) random.nextInt(' ', 127)};
    List<byte[]> some = new ArrayList<>();
    Predicate<Pair> visit =
        pair -> {
          some.add(pair.key().bytes());
          return some.size() < RANDOM_AMONG;
        };
    Walk walk = Walk.begin(client);
    walk.from(
        Key.of(start),
        visit,
        () -> {
          if (some.isEmpty()) {
            walk.through(visit, writer -> oneOf(some, random, writer));
          } else {
            walk.end(writer -> oneOf(some, random, writer));
          }
        });
  }

  private static void oneOf(List<byte[]> some, ThreadLocalRandom random, ReplyWriter writer) {
    if (some.isEmpty()) {
      writer.nullValue();
    } else {
      writer.bulk(some.get(random.nextInt(some.size())));
    }
  }
}
