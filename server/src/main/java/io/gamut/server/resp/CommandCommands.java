package io.gamut.server.resp;

import io.gamut.core.InvalidDataException;
import io.gamut.protocol.resp.ReplyWriter;
import io.gamut.server.connection.PipelinedConnection;
import io.gamut.server.resp.Command.Access;
import io.gamut.server.resp.Command.Group;
import io.gamut.server.resp.Command.Handler.Direct;
import io.gamut.server.resp.Command.KeyPlaces;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What there is to know of commands. */
final class CommandCommands {
  private CommandCommands() {}

  static List<Command> all() {
    return List.of(
        new Command(
            "COMMAND",
            -1,
            Access.NONE,
            KeyPlaces.NONE,
            Group.SERVER,
            "2.8.13",
            "Tells of commands.",
            new Direct(CommandCommands::command)));
  }

  private static void command(RespClient client, Arguments arguments) {
    CommandTable table = client.shared().commands();
    PipelinedConnection<ReplyWriter> connection = client.connection();
    if (arguments.size() == 1) {
      connection.answerNow(writer -> infos(List.copyOf(table.all()), writer));
      return;
    }
    switch (arguments.word(1)) {
      case "COUNT" -> connection.answerNow(writer -> writer.integer(table.all().size()));
      case "LIST" ->
          connection.answerNow(writer -> {
            writer.array(table.all().size());
            table.all().forEach(each -> writer.bulk(name(each)));
          });
      case "INFO" -> {
        List<@Nullable Command> named = named(arguments, table);
        connection.answerNow(writer -> infos(named, writer));
      }
      case "DOCS" -> {
        List<Command> known = new ArrayList<>();
        for (Command each : named(arguments, table)) {
          if (each != null) {
            known.add(each);
          }
        }
        connection.answerNow(writer -> docs(known, writer));
      }
      default ->
          throw new InvalidDataException(
              "unknown subcommand '"
                  + arguments.text(1)
                  + "'. Try COMMAND COUNT, LIST, INFO or"
                  + " DOCS.");
    }
  }

  /** All if none is named; null for one that there is not. */
  private static List<@Nullable Command> named(Arguments arguments, CommandTable table) {
    List<@Nullable Command> named = new ArrayList<>();
    if (arguments.size() == 2) {
      named.addAll(table.all());
    }
    for (int place = 2; place < arguments.size(); place++) {
      named.add(table.find(arguments.word(place)));
    }
    return named;
  }

  private static String name(Command command) {
    return command.name().toLowerCase(Locale.ROOT);
  }

  private static void infos(Collection<@Nullable Command> commands, ReplyWriter writer) {
    writer.array(commands.size());
    for (Command each : commands) {
      if (each == null) {
        writer.nullArray();
      } else {
        info(each, writer);
      }
    }
  }

  private static void info(Command command, ReplyWriter writer) {
    writer.array(10);
    writer.bulk(name(command));
    writer.integer(command.arity());
    writer.set(command.access().flags().size());
    command.access().flags().forEach(writer::simple);
    writer.integer(command.keys().first());
    writer.integer(command.keys().last());
    writer.integer(command.keys().step());
    writer.set(1);
    writer.simple(command.access().category());
    // Tips, key specifications and subcommands: none.
    writer.array(0);
    writer.array(0);
    writer.array(0);
  }

  private static void docs(List<Command> commands, ReplyWriter writer) {
    writer.map(commands.size());
    for (Command each : commands) {
      writer.bulk(name(each));
      writer.map(3);
      writer.bulk("summary");
      writer.bulk(each.summary());
      writer.bulk("since");
      writer.bulk(each.since());
      writer.bulk("group");
      writer.bulk(each.group().text());
    }
  }
}
