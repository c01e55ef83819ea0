package io.gamut.server.resp;

import static io.gamut.server.resp.Command.Group.STRING;

import io.gamut.core.Change;
import io.gamut.core.Content;
import io.gamut.core.InvalidDataException;
import io.gamut.core.Renewal;
import io.gamut.protocol.resp.ReplyWriter;
import io.gamut.server.request.Found;
import io.gamut.server.resp.Command.KeyPlaces;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * All that is kept at a key, read and written as one: beside the value and its expiry what
 * memcached's clients have marked it with, which Redis' commands know nothing of.
 */
final class EntryCommands {
  private static final KeyPlaces KEY = new KeyPlaces(2, 2, 1);
  private static final int FIELDS = 4;
  private static final long FLAGS_MAX = 0xffff_ffffL;
  private static final String FLAGS = "FLAGS";
  private static final String STALE = "STALE";

  private EntryCommands() {}

  static List<Command> all() {
    return List.of(
        STRING.read(
            "GAMUT|ENTRY",
            3,
            KEY,
            "7.2.0",
            "Returns a value with its expiry and what memcached's clients have marked it with.",
            EntryCommands::entry),
        STRING.write(
            "GAMUT|SET",
            -4,
            KEY,
            "7.2.0",
            "Sets a value with what GAMUT ENTRY returns of it.",
            EntryCommands::set));
  }

  private static Plan entry(Arguments arguments) {
    return new Plan.Look(
        List.of(arguments.key(2)), (found, writer) -> write(found.getFirst(), writer));
  }

  private static void write(Found found, ReplyWriter writer) {
    Content.Value value = found.value();
    if (value == null) {
      writer.nullValue();
      return;
    }
    Fields fields = new Fields(writer);
    writer.map(FIELDS);
    writer.bulk("value");
    writer.bulk(value.bytes());
    fields.number("flags", Integer.toUnsignedLong(value.flags()));
    fields.number("expiresAt", value.expiresAtMillis() == 0 ? null : value.expiresAtMillis());
    // Who has the right to make it anew is a client of this cluster: elsewhere another gets it.
    fields.flag("stale", value.renewal() != Renewal.NONE);
  }

  private static Plan set(Arguments arguments) {
    long expiry = 0;
    int flags = 0;
    Renewal renewal = Renewal.NONE;
    Set<String> given = new HashSet<>();
    for (int place = 4; place < arguments.size(); place++) {
      String option = arguments.word(place);
      boolean isLast = place + 1 == arguments.size();
      String kind = Expiries.UNITS.contains(option) ? "expiry" : option;
      if (!given.add(kind) || (isLast && !option.equals(STALE))) {
        throw Arguments.syntaxError();
      } else if (kind.equals("expiry")) {
        expiry = Expiries.millis(option, arguments.number(++place), arguments);
      } else if (option.equals(FLAGS)) {
        flags = flags(arguments.number(++place));
      } else if (option.equals(STALE)) {
        renewal = Renewal.STALE;
      } else {
        throw Arguments.syntaxError();
      }
    }
    Content.Value value = new Content.Value(arguments.bytes(3), flags, expiry, renewal);
    return new Plan.Put(
        List.of(new Change.Put(arguments.key(2), value)), (_, writer) -> writer.simple("OK"));
  }

  private static int flags(long number) {
    if (number < 0 || number > FLAGS_MAX) {
      throw new InvalidDataException("flags are a whole number from 0 to " + FLAGS_MAX);
    }
    return (int) number;
  }
}
