package io.gamut.server.resp;

import static io.gamut.server.resp.Command.Group.GENERIC;

import io.gamut.core.Change;
import io.gamut.core.Change.ExpiryRule;
import io.gamut.core.Condition;
import io.gamut.core.Content;
import io.gamut.core.InvalidDataException;
import io.gamut.core.Key;
import io.gamut.core.Operation;
import io.gamut.core.Operation.Minitransaction;
import io.gamut.core.OperationResult;
import io.gamut.core.OperationResult.ChangeResult;
import io.gamut.core.OperationResult.Changed;
import io.gamut.protocol.resp.ReplyWriter;
import io.gamut.server.resp.Command.Group;
import io.gamut.server.resp.Command.KeyPlaces;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongUnaryOperator;

/** Commands on keys, whatever their values are. */
final class KeyCommands {
  private static final int NO_KEY = -2;
  private static final int NO_EXPIRY = -1;
  private static final Content GONE = Content.Tombstone.TOMBSTONE;

  private KeyCommands() {}

  static List<Command> all() {
    KeyPlaces one = KeyPlaces.ONE;
    KeyPlaces every = KeyPlaces.ALL;
    KeyPlaces two = KeyPlaces.TWO;
    return List.of(
        GENERIC.read(
            "EXISTS", -2, every, "1.0.0", "Counts keys that have values.", KeyCommands::exists),
        GENERIC.read("TOUCH", -2, every, "3.2.1", "The same as EXISTS.", KeyCommands::exists),
        GENERIC.read("TYPE", 2, one, "1.0.0", "Returns string, or none.", KeyCommands::type),
        GENERIC.read(
            "TTL",
            2,
            one,
            "1.0.0",
            "Returns seconds to expiry.",
            a -> expiry(a, a.nowMillis(), 1_000)),
        GENERIC.read(
            "PTTL",
            2,
            one,
            "2.6.0",
            "Returns milliseconds to it.",
            a -> expiry(a, a.nowMillis(), 1)),
        GENERIC.read(
            "EXPIRETIME", 2, one, "7.0.0", "Returns expiry in seconds.", a -> expiry(a, 0, 1_000)),
        GENERIC.read(
            "PEXPIRETIME", 2, one, "7.0.0", "Returns it in milliseconds.", a -> expiry(a, 0, 1)),
        GENERIC.write("DEL", -2, every, "1.0.0", "Deletes keys.", KeyCommands::del),
        GENERIC.write("UNLINK", -2, every, "4.0.0", "The same as DEL.", KeyCommands::del),
        GENERIC.write("EXPIRE", -3, one, "1.0.0", "Sets expiry in seconds.", a -> expire("EX", a)),
        GENERIC.write(
            "PEXPIRE", -3, one, "2.6.0", "Sets it in milliseconds.", a -> expire("PX", a)),
        GENERIC.write("EXPIREAT", -3, one, "1.2.0", "Sets it to a second.", a -> expire("EXAT", a)),
        GENERIC.write(
            "PEXPIREAT", -3, one, "2.6.0", "Sets it to a millisecond.", a -> expire("PXAT", a)),
        GENERIC.write("PERSIST", 2, one, "2.2.0", "Takes an expiry away.", KeyCommands::persist),
        GENERIC.write("RENAME", 3, two, "1.0.0", "Moves a value to a key.", KeyCommands::rename),
        GENERIC.write(
            "RENAMENX", 3, two, "1.0.0", "Moves it where none is.", KeyCommands::renamenx),
        GENERIC.write("COPY", -3, two, "6.2.0", "Copies a value to a key.", KeyCommands::copy),
        Group.SERVER.write(
            "FLUSHALL",
            -1,
            KeyPlaces.NONE,
            "1.0.0",
            "Deletes every key, by one tombstone in the ledger.",
            KeyCommands::flush),
        Group.SERVER.write(
            "FLUSHDB", -1, KeyPlaces.NONE, "1.0.0", "The same as FLUSHALL.", KeyCommands::flush));
  }

  // Reading

  private static Plan exists(Arguments arguments) {
    return new Plan.Look(
        arguments.keys(1, 1),
        (found, writer) ->
            writer.integer(found.stream().filter(each -> each.value() != null).count()));
  }

  private static Plan type(Arguments arguments) {
    return new Plan.Look(
        List.of(arguments.key(1)),
        (found, writer) -> writer.simple(found.getFirst().value() == null ? "none" : "string"));
  }

  /**
   * @param since the moment that it is counted from
   * @param unit in milliseconds
   */
  private static Plan expiry(Arguments arguments, long since, long unit) {
    boolean isLeft = since != 0;
    LongUnaryOperator rounded =
        isLeft ? millis -> (Math.max(0, millis) + unit / 2) / unit : millis -> millis / unit;
    return new Plan.Look(
        List.of(arguments.key(1)),
        (found, writer) -> {
          Content.Value value = found.getFirst().value();
          if (value == null) {
            writer.integer(NO_KEY);
          } else if (value.expiresAtMillis() == 0) {
            writer.integer(NO_EXPIRY);
          } else {
            writer.integer(rounded.applyAsLong(value.expiresAtMillis() - since));
          }
        });
  }

  // Writing

  private static Plan del(Arguments arguments) {
    List<Change.Put> puts = new ArrayList<>();
    Set<Key> seen = new HashSet<>();
    for (Key key : arguments.keys(1, 1)) {
      if (seen.add(key)) {
        puts.add(new Change.Put(key, GONE));
      }
    }
    return new Plan.Put(puts, KeyCommands::replaced);
  }

  private static void replaced(List<ChangeResult> results, ReplyWriter writer) {
    writer.integer(results.stream().filter(ChangeResult::replacedValue).count());
  }

  private static Plan expire(String unit, Arguments arguments) {
    long millis = Expiries.millisOrNegative(unit, arguments.number(2), arguments);
    ExpiryRule rule = rule(arguments);
    // What is over by now is over by ledger time as well, or will be in a moment: gone at once.
    long expiry = millis <= arguments.nowMillis() ? 1 : millis;
    Key key = arguments.key(1);
    Change change = new Change.ExpireAt(key, expiry, rule);
    return Plan.Modify.of(
        Operation.of(change), (result, writer) -> StringCommands.number(result, 0, writer));
  }

  private static ExpiryRule rule(Arguments arguments) {
    Set<String> options = new HashSet<>();
    for (int place = 3; place < arguments.size(); place++) {
      String option = arguments.word(place);
      if (!Set.of("NX", "XX", "GT", "LT").contains(option)) {
        throw new InvalidDataException("Unsupported option " + arguments.text(place));
      }
      options.add(option);
    }
    if (options.contains("NX") && options.size() > 1) {
      throw new InvalidDataException(
          "NX and XX, GT or LT options at the same time are not compatible");
    }
    if (options.contains("GT") && options.contains("LT")) {
      throw new InvalidDataException("GT and LT options at the same time are not compatible");
    }
    if (options.contains("GT")) {
      return ExpiryRule.IF_LATER;
    }
    if (options.contains("LT")) {
      return options.contains("XX") ? ExpiryRule.IF_SOME_AND_SOONER : ExpiryRule.IF_SOONER;
    }
    if (options.contains("NX")) {
      return ExpiryRule.IF_NONE;
    }
    return options.contains("XX") ? ExpiryRule.IF_SOME : ExpiryRule.ALWAYS;
  }

  private static Plan persist(Arguments arguments) {
    Change change = new Change.ExpireAt(arguments.key(1), 0, ExpiryRule.IF_SOME);
    return Plan.Modify.of(
        Operation.of(change), (result, writer) -> StringCommands.number(result, 0, writer));
  }

  /** A key that is given its own value stays as it is. */
  private static List<Change> move(Key source, Key target) {
    return source.equals(target)
        ? List.of(new Change.Look(source))
        : List.of(new Change.Copy(target, source), new Change.Put(source, GONE));
  }

  private static Plan rename(Arguments arguments) {
    Key source = arguments.key(1);
    List<Condition> conditions = List.of(new Condition.Present(source));
    return Plan.Modify.of(
        new Minitransaction(conditions, move(source, arguments.key(2)), false),
        (result, writer) -> {
          if (result instanceof Changed) {
            writer.simple("OK");
          } else {
            unmoved(result, writer);
          }
        });
  }

  private static Plan renamenx(Arguments arguments) {
    Key source = arguments.key(1);
    Key target = arguments.key(2);
    List<Condition> conditions =
        List.of(new Condition.Present(source), new Condition.Absent(target));
    return Plan.Modify.of(
        new Minitransaction(conditions, move(source, target), false),
        (result, writer) -> {
          if (result instanceof Changed) {
            writer.integer(1);
          } else {
            unmoved(result, writer);
          }
        });
  }

  private static void unmoved(OperationResult result, ReplyWriter writer) {
    if (result instanceof OperationResult.Unmet(int condition, var _) && condition == 0) {
      writer.error("ERR no such key");
    } else {
      StringCommands.number(result, 0, writer);
    }
  }

  private static Plan copy(Arguments arguments) {
    Key source = arguments.key(1);
    Key target = arguments.key(2);
    boolean replaces = false;
    for (int place = 3; place < arguments.size(); place++) {
      if (arguments.word(place).equals("REPLACE")) {
        replaces = true;
      } else if (arguments.word(place).equals("DB") && place + 1 < arguments.size()) {
        requireFirst(arguments.number(++place));
      } else {
        throw Arguments.syntaxError();
      }
    }
    if (source.equals(target)) {
      throw new InvalidDataException("source and destination objects are the same");
    }
    List<Condition> conditions = new ArrayList<>(List.of(new Condition.Present(source)));
    if (!replaces) {
      conditions.add(new Condition.Absent(target));
    }
    return Plan.Modify.of(
        new Minitransaction(conditions, List.of(new Change.Copy(target, source)), false),
        (result, writer) -> StringCommands.number(result, 0, writer));
  }

  /** There is one database. */
  static void requireFirst(long database) {
    if (database != 0) {
      throw new InvalidDataException("DB index is out of range");
    }
  }

  /** Done at once either way, so ASYNC and SYNC are the same. */
  private static Plan flush(Arguments arguments) {
    boolean isKnown =
        arguments.size() == 1
            || (arguments.size() == 2 && Set.of("ASYNC", "SYNC").contains(arguments.word(1)));
    if (!isKnown) {
      throw Arguments.syntaxError();
    }
    return new Plan.Clear();
  }
}
