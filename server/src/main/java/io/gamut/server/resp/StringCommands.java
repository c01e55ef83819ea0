package io.gamut.server.resp;

import static io.gamut.server.resp.Command.Group.STRING;

import io.gamut.core.Change;
import io.gamut.core.Change.ExpiryRule;
import io.gamut.core.Condition;
import io.gamut.core.Content;
import io.gamut.core.InvalidDataException;
import io.gamut.core.Key;
import io.gamut.core.Limits;
import io.gamut.core.Operation;
import io.gamut.core.Operation.Minitransaction;
import io.gamut.core.OperationResult;
import io.gamut.core.OperationResult.ChangeResult;
import io.gamut.core.OperationResult.Changed;
import io.gamut.protocol.resp.ReplyWriter;
import io.gamut.server.request.Found;
import io.gamut.server.resp.Command.KeyPlaces;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Commands on values. */
final class StringCommands {
  private StringCommands() {}

  static List<Command> all() {
    KeyPlaces one = KeyPlaces.ONE;
    return List.of(
        STRING.read("GET", 2, one, "1.0.0", "Returns the value of a key.", StringCommands::get),
        STRING.read(
            "MGET", -2, KeyPlaces.ALL, "1.0.0", "Returns values, in order.", StringCommands::mget),
        STRING.read("STRLEN", 2, one, "2.2.0", "Returns a value's length.", StringCommands::strlen),
        STRING.read(
            "GETRANGE", 4, one, "2.4.0", "Returns a part of a value.", StringCommands::getrange),
        STRING.read("SUBSTR", 4, one, "1.0.0", "The same as GETRANGE.", StringCommands::getrange),
        STRING.write("SET", -3, one, "1.0.0", "Sets a value.", StringCommands::set),
        STRING.write(
            "SETNX", 3, one, "1.0.0", "Sets a value where none is.", StringCommands::setnx),
        STRING.write("SETEX", 4, one, "2.0.0", "Sets a value for seconds.", StringCommands::setex),
        STRING.write(
            "PSETEX", 4, one, "2.6.0", "Sets one for milliseconds.", StringCommands::setex),
        STRING.write(
            "GETSET",
            3,
            one,
            "1.0.0",
            "Sets a value, returns the old one.",
            StringCommands::getset),
        STRING.write(
            "GETDEL", 2, one, "6.2.0", "Deletes a value and returns it.", StringCommands::getdel),
        STRING.write(
            "GETEX", -2, one, "6.2.0", "Returns a value, sets its expiry.", StringCommands::getex),
        STRING.write(
            "MSET", -3, KeyPlaces.EVERY_SECOND, "1.0.1", "Sets values.", StringCommands::mset),
        STRING.write(
            "MSETNX",
            -3,
            KeyPlaces.EVERY_SECOND,
            "1.0.1",
            "Sets values if none of their keys has one.",
            StringCommands::msetnx),
        STRING.write("INCR", 2, one, "1.0.0", "Adds 1 to a number.", a -> increment(a, 1)),
        STRING.write("DECR", 2, one, "1.0.0", "Takes 1 from a number.", a -> increment(a, -1)),
        STRING.write(
            "INCRBY", 3, one, "1.0.0", "Adds to a number.", a -> increment(a, a.number(2))),
        STRING.write(
            "DECRBY", 3, one, "1.0.0", "Takes from a number.", a -> increment(a, negated(a))),
        STRING.write(
            "INCRBYFLOAT", 3, one, "2.6.0", "Adds to a fraction.", StringCommands::incrbyfloat),
        STRING.write("APPEND", 3, one, "2.0.0", "Adds to a value's end.", StringCommands::append),
        STRING.write(
            "SETRANGE",
            4,
            one,
            "2.2.0",
            "Writes over a part of a value.",
            StringCommands::setrange));
  }

  // Replies

  static void value(Content.@Nullable Value value, ReplyWriter writer) {
    if (value == null) {
      writer.nullValue();
    } else {
      writer.bulk(value.bytes());
    }
  }

  /**
   * The value that was there before the first change of a step; none where it did not come about.
   */
  private static void before(OperationResult result, ReplyWriter writer) {
    value(result instanceof Changed(var changes) ? changes.getFirst().before() : null, writer);
  }

  /** What a step's first change counted, or what it says where a condition did not hold. */
  static void number(OperationResult result, long unmet, ReplyWriter writer) {
    switch (result) {
      case Changed(List<ChangeResult> changes) -> writer.integer(changes.getFirst().number());
      case OperationResult.Failed(OperationResult.Problem problem) ->
          writer.error(problem.error(), problem.words());
      case OperationResult.Unmet _,
          OperationResult.Transacted _,
          OperationResult.Cleared _,
          OperationResult.Withdrawn _ ->
          writer.integer(unmet);
    }
  }

  private static boolean isMade(OperationResult result) {
    return result instanceof Changed;
  }

  // Reading

  private static Plan get(Arguments arguments) {
    return new Plan.Look(
        List.of(arguments.key(1)), (found, writer) -> value(found.getFirst().value(), writer));
  }

  private static Plan mget(Arguments arguments) {
    return new Plan.Look(
        arguments.keys(1, 1),
        (found, writer) -> {
          writer.array(found.size());
          found.forEach(each -> value(each.value(), writer));
        });
  }

  private static byte[] bytes(Found found) {
    Content.Value value = found.value();
    return value == null ? new byte[0] : value.bytes();
  }

  private static Plan strlen(Arguments arguments) {
    return new Plan.Look(
        List.of(arguments.key(1)),
        (found, writer) -> writer.integer(bytes(found.getFirst()).length));
  }

  private static Plan getrange(Arguments arguments) {
    long start = arguments.number(2);
    long end = arguments.number(3);
    return new Plan.Look(
        List.of(arguments.key(1)),
        (found, writer) -> writer.bulk(part(bytes(found.getFirst()), start, end)));
  }

  /**
   * Both ends are in it; negative ones count from the end, and what is before the beginning is at
   * it, as Redis has it: even of an end.
   */
  private static byte[] part(byte[] bytes, long start, long end) {
    boolean isBackwards = start < 0 && end < 0 && start > end;
    long first = Math.max(0, start < 0 ? bytes.length + start : start);
    long last = Math.min(bytes.length - 1L, Math.max(0, end < 0 ? bytes.length + end : end));
    return isBackwards || first > last
        ? new byte[0]
        : Arrays.copyOfRange(bytes, (int) first, (int) last + 1);
  }

  // Setting

  private static Plan set(Arguments arguments) {
    SetOptions options = SetOptions.of(arguments);
    Key key = arguments.key(1);
    byte[] bytes = arguments.bytes(2);
    Content.Value value = new Content.Value(bytes, 0, options.expiry());
    if (options.isPlain()) {
      return new Plan.Put(List.of(new Change.Put(key, value)), (_, writer) -> writer.simple("OK"));
    }
    Change change =
        options.keepsExpiry() ? new Change.Rewrite(key, bytes, 0) : new Change.Put(key, value);
    List<Condition> conditions =
        switch (options.when()) {
          case ALWAYS -> List.of();
          case ABSENT -> List.of(new Condition.Absent(key));
          case PRESENT -> List.of(new Condition.Present(key));
        };
    Minitransaction setting = new Minitransaction(conditions, List.of(change), false);
    if (!options.wantsOld()) {
      return Plan.Modify.of(
          setting,
          (result, writer) -> {
            if (isMade(result)) {
              writer.simple("OK");
            } else {
              writer.nullValue();
            }
          });
    }
    return new Plan.Modify(
        List.of(Operation.of(new Change.Look(key)), setting),
        (results, writer) -> before(results.getFirst(), writer));
  }

  private static Plan setnx(Arguments arguments) {
    Key key = arguments.key(1);
    Change put = new Change.Put(key, Content.Value.of(arguments.bytes(2)));
    return Plan.Modify.of(
        Operation.when(new Condition.Absent(key), put),
        (result, writer) -> writer.integer(isMade(result) ? 1 : 0));
  }

  private static Plan setex(Arguments arguments) {
    String unit = arguments.word(0).equals("SETEX") ? "EX" : "PX";
    long expiry = Expiries.millis(unit, arguments.number(2), arguments);
    Content.Value value = new Content.Value(arguments.bytes(3), 0, expiry);
    return new Plan.Put(
        List.of(new Change.Put(arguments.key(1), value)), (_, writer) -> writer.simple("OK"));
  }

  private static Plan getset(Arguments arguments) {
    Change put = new Change.Put(arguments.key(1), Content.Value.of(arguments.bytes(2)));
    return Plan.Modify.of(
        new Minitransaction(List.of(), List.of(put), true), StringCommands::before);
  }

  private static Plan getdel(Arguments arguments) {
    Key key = arguments.key(1);
    Change delete = new Change.Put(key, Content.Tombstone.TOMBSTONE);
    return Plan.Modify.of(
        new Minitransaction(List.of(new Condition.Present(key)), List.of(delete), true),
        StringCommands::before);
  }

  private static Plan getex(Arguments arguments) {
    if (arguments.size() == 2) {
      return get(arguments);
    }
    Key key = arguments.key(1);
    long expiry = getexExpiry(arguments);
    // A value that has no expiry to take away stays as it is, for those who watch it too.
    ExpiryRule rule = expiry == 0 ? ExpiryRule.IF_SOME : ExpiryRule.ALWAYS;
    Change expire = new Change.ExpireAt(key, expiry, rule);
    return Plan.Modify.of(
        new Minitransaction(List.of(new Condition.Present(key)), List.of(expire), true),
        StringCommands::before);
  }

  private static long getexExpiry(Arguments arguments) {
    String option = arguments.word(2);
    if (option.equals("PERSIST") && arguments.size() == 3) {
      return 0;
    }
    if (Expiries.UNITS.contains(option) && arguments.size() == 4) {
      return Expiries.millis(option, arguments.number(3), arguments);
    }
    throw Arguments.syntaxError();
  }

  private static List<Change.Put> puts(Arguments arguments) {
    if (arguments.size() % 2 == 0) {
      throw arguments.wrongNumber();
    }
    List<Change.Put> puts = new ArrayList<>();
    for (int place = 1; place < arguments.size(); place += 2) {
      Content.Value value = Content.Value.of(arguments.bytes(place + 1));
      puts.add(new Change.Put(arguments.key(place), value));
    }
    return puts;
  }

  private static Plan mset(Arguments arguments) {
    return new Plan.Put(puts(arguments), (_, writer) -> writer.simple("OK"));
  }

  private static Plan msetnx(Arguments arguments) {
    List<Change.Put> puts = puts(arguments);
    List<Condition> absent = new ArrayList<>();
    puts.forEach(put -> absent.add(new Condition.Absent(put.key())));
    return Plan.Modify.of(
        new Minitransaction(absent, List.copyOf(puts), false),
        (result, writer) -> writer.integer(isMade(result) ? 1 : 0));
  }

  // Modifying

  private static Plan increment(Arguments arguments, long delta) {
    return Plan.Modify.of(
        Operation.of(new Change.Increment(arguments.key(1), delta)),
        (result, writer) -> number(result, 0, writer));
  }

  private static long negated(Arguments arguments) {
    long number = arguments.number(2);
    if (number == Long.MIN_VALUE) {
      throw new InvalidDataException("decrement would overflow");
    }
    return -number;
  }

  private static Plan incrbyfloat(Arguments arguments) {
    Key key = arguments.key(1);
    Change add = new Change.IncrementDecimal(key, arguments.decimal(2));
    return Plan.Modify.of(
        new Minitransaction(List.of(), List.of(add, new Change.Look(key)), false),
        (result, writer) -> {
          if (result instanceof Changed(var changes)) {
            value(changes.getLast().before(), writer);
          } else {
            number(result, 0, writer);
          }
        });
  }

  private static Plan append(Arguments arguments) {
    return Plan.Modify.of(
        Operation.of(new Change.Append(arguments.key(1), arguments.bytes(2), false)),
        (result, writer) -> number(result, 0, writer));
  }

  private static Plan setrange(Arguments arguments) {
    long offset = arguments.number(2);
    if (offset < 0) {
      throw new InvalidDataException("offset is out of range");
    }
    byte[] bytes = arguments.bytes(3);
    if (bytes.length == 0) {
      return strlen(arguments);
    }
    if (offset > Limits.VALUE_BYTES_MAX - bytes.length) {
      throw new InvalidDataException("string exceeds maximum allowed size (proto-max-bulk-len)");
    }
    return Plan.Modify.of(
        Operation.of(new Change.Overwrite(arguments.key(1), (int) offset, bytes)),
        (result, writer) -> number(result, 0, writer));
  }
}
