package io.gamut.server.resp;

import io.gamut.core.Change;
import io.gamut.core.Condition;
import io.gamut.core.Content;
import io.gamut.core.Key;
import io.gamut.core.Operation;
import io.gamut.core.OperationResult;
import io.gamut.core.Version;
import io.gamut.server.resp.Command.Access;
import io.gamut.server.resp.Command.Group;
import io.gamut.server.resp.Command.Handler.Planned;
import io.gamut.server.resp.Command.KeyPlaces;
import java.util.List;
import java.util.function.Function;

/** Writes on condition of what was there, which Redis has in transactions only. */
final class CompareCommands {
  private static final KeyPlaces KEY = new KeyPlaces(2, 2, 1);
  private static final String NEVER_WRITTEN = "0";

  private CompareCommands() {}

  static List<Command> all() {
    return List.of(
        command(
            "GAMUT|CAS",
            "Sets a value if its key's version is as given: 1, or 0 if it is another.",
            CompareCommands::cas),
        command(
            "GAMUT|CASV",
            "Sets a value if the one that is there is as given: 1, or 0 if it is another.",
            CompareCommands::casv));
  }

  private static Command command(String name, String summary, Function<Arguments, Plan> plan) {
    return new Command(
        name, -5, Access.WRITE, KEY, Group.STRING, "7.2.0", summary, new Planned(plan));
  }

  private static Plan cas(Arguments arguments) {
    Key key = arguments.key(2);
    String version = arguments.text(3);
    Condition same =
        version.equals(NEVER_WRITTEN)
            ? new Condition.Absent(key)
            : new Condition.VersionIs(key, Version.parse(version));
    return put(same, arguments);
  }

  private static Plan casv(Arguments arguments) {
    return put(new Condition.ValueIs(arguments.key(2), arguments.bytes(3)), arguments);
  }

  private static Plan put(Condition same, Arguments arguments) {
    long expiry = 0;
    if (arguments.size() == 7 && Expiries.UNITS.contains(arguments.word(5))) {
      expiry = Expiries.millis(arguments.word(5), arguments.number(6), arguments);
    } else if (arguments.size() != 5) {
      throw Arguments.syntaxError();
    }
    Content.Value value = new Content.Value(arguments.bytes(4), 0, expiry);
    return Plan.Modify.of(
        Operation.when(same, new Change.Put(same.key(), value)),
        (result, writer) -> writer.integer(result instanceof OperationResult.Changed ? 1 : 0));
  }
}
