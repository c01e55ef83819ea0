package io.gamut.server.resp;

import io.gamut.core.InvalidDataException;
import io.gamut.protocol.resp.ReplyWriter;
import io.gamut.server.connection.PipelinedConnection;
import io.gamut.server.resp.Command.Access;
import io.gamut.server.resp.Command.Group;
import io.gamut.server.resp.Command.Handler.Direct;
import io.gamut.server.resp.Command.Handler.Planned;
import io.gamut.server.resp.Command.KeyPlaces;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Function;

/** Commands on the connection itself. */
final class ConnectionCommands {
  private static final int NAME_BYTES_MAX = 256;

  private ConnectionCommands() {}

  static List<Command> all() {
    return List.of(
        planned(
            "PING", -1, "1.0.0", "Returns PONG, or what it is given.", ConnectionCommands::ping),
        planned("ECHO", 2, "1.0.0", "Returns what it is given.", a -> say(a.bytes(1))),
        planned("SELECT", 2, "1.0.0", "There is database 0.", ConnectionCommands::select),
        planned("READONLY", 1, "3.0.0", "Changes nothing: each request has its level.", _ -> ok()),
        planned("READWRITE", 1, "3.0.0", "Changes nothing, likewise.", _ -> ok()),
        direct("HELLO", -1, "6.0.0", "Greets, and chooses RESP 2 or 3.", Login::hello),
        direct("AUTH", -2, "1.0.0", "Names a user and a password.", Login::auth),
        direct("QUIT", -1, "1.0.0", "Closes the connection.", (client, _) -> quit(client)),
        direct("RESET", 1, "6.2.0", "Begins anew.", (client, _) -> reset(client)),
        direct("ACL", -2, "6.0.0", "Tells who one is.", ConnectionCommands::acl),
        direct("CLIENT", -2, "2.4.0", "Tells of clients.", ConnectionCommands::client));
  }

  private static Command planned(
      String name, int arity, String since, String summary, Function<Arguments, Plan> plan) {
    return new Command(
        name,
        arity,
        Access.NONE,
        KeyPlaces.NONE,
        Group.CONNECTION,
        since,
        summary,
        new Planned(plan));
  }

  private static Command direct(
      String name, int arity, String since, String summary, BiConsumer<RespClient, Arguments> run) {
    return new Command(
        name,
        arity,
        Access.NONE,
        KeyPlaces.NONE,
        Group.CONNECTION,
        since,
        summary,
        new Direct(run));
  }

  private static Plan ok() {
    return new Plan.Say(writer -> writer.simple("OK"));
  }

  private static Plan say(byte[] bytes) {
    return new Plan.Say(writer -> writer.bulk(bytes));
  }

  private static void ok(RespClient client) {
    client.connection().answerNow(writer -> writer.simple("OK"));
  }

  private static Plan ping(Arguments arguments) {
    return switch (arguments.size()) {
      case 1 -> new Plan.Say(writer -> writer.simple("PONG"));
      case 2 -> say(arguments.bytes(1));
      default -> throw arguments.wrongNumber();
    };
  }

  private static Plan select(Arguments arguments) {
    KeyCommands.requireFirst(arguments.number(1));
    return ok();
  }

  private static void quit(RespClient client) {
    ok(client);
    client.connection().closeWhenAnswered();
  }

  private static void reset(RespClient client) {
    client.reset();
    client.connection().answerNow(writer -> writer.simple("RESET"));
  }

  /** Users are in a file: a connection only learns who it is. */
  private static void acl(RespClient client, Arguments arguments) {
    if (!arguments.word(1).equals("WHOAMI")) {
      throw new InvalidDataException(
          "unknown subcommand '" + arguments.text(1) + "'. Try ACL WHOAMI.");
    }
    requireSize(arguments, 2);
    String name = client.facts().user();
    client.connection().answerNow(writer -> writer.bulk(name));
  }

  // CLIENT

  private static void client(RespClient client, Arguments arguments) {
    PipelinedConnection<ReplyWriter> connection = client.connection();
    switch (arguments.word(1)) {
      case "ID" -> connection.answerNow(writer -> writer.integer(client.facts().id()));
      case "INFO" -> connection.answerNow(writer -> writer.verbatim(client.facts().line() + "\n"));
      case "LIST" -> list(client);
      case "GETNAME" -> getName(client);
      case "SETNAME" -> {
        requireSize(arguments, 3);
        client.facts().setName(clientName(arguments, 2));
        ok(client);
      }
      case "SETINFO" -> setInfo(client, arguments);
      case "NO-EVICT", "NO-TOUCH" -> {
        requireSize(arguments, 3);
        requireOnOrOff(arguments.word(2));
        ok(client);
      }
      case "REPLY" -> reply(client, arguments);
      default ->
          throw new InvalidDataException(
              "unknown subcommand '" + arguments.text(1) + "'. Try GAMUT HELP.");
    }
  }

  private static void requireSize(Arguments arguments, int size) {
    if (arguments.size() != size) {
      throw new InvalidDataException(
          "wrong number of arguments for '"
              + arguments.name()
              + "|"
              + Arguments.word(arguments.bytes(1)).toLowerCase(Locale.ROOT)
              + "' command");
    }
  }

  private static void requireOnOrOff(String word) {
    if (!Set.of("ON", "OFF").contains(word)) {
      throw Arguments.syntaxError();
    }
  }

  static String clientName(Arguments arguments, int place) {
    String name = arguments.text(place);
    boolean isClean = name.chars().allMatch(c -> c > ' ' && c < 127);
    if (!isClean || name.length() > NAME_BYTES_MAX) {
      throw new InvalidDataException(
          "Client names cannot contain spaces, newlines or special characters.");
    }
    return name;
  }

  private static void list(RespClient client) {
    StringBuilder lines = new StringBuilder();
    client.shared().clients().values().forEach(each -> lines.append(each.line()).append('\n'));
    client.connection().answerNow(writer -> writer.verbatim(lines.toString()));
  }

  private static void getName(RespClient client) {
    String name = client.facts().name();
    client
        .connection()
        .answerNow(writer -> {
          if (name.isEmpty()) {
            writer.nullValue();
          } else {
            writer.bulk(name);
          }
        });
  }

  private static void setInfo(RespClient client, Arguments arguments) {
    requireSize(arguments, 4);
    String value = clientName(arguments, 3);
    switch (arguments.word(2)) {
      case "LIB-NAME" -> client.facts().setLibrary(value);
      case "LIB-VER" -> client.facts().setLibraryVersion(value);
      default -> throw new InvalidDataException("Unrecognized option '" + arguments.text(2) + "'");
    }
    ok(client);
  }

  private static void reply(RespClient client, Arguments arguments) {
    requireSize(arguments, 3);
    switch (arguments.word(2)) {
      case "ON" -> {
        client.setAnswering(RespClient.Answering.ON);
        client.connection().setAnswered(true);
        ok(client);
      }
      case "OFF" -> {
        client.setAnswering(RespClient.Answering.OFF);
        client.connection().setAnswered(false);
        ok(client);
      }
      case "SKIP" -> {
        client.setAnswering(RespClient.Answering.SKIP_NEXT);
        client.connection().setAnswered(false);
        ok(client);
      }
      default -> throw Arguments.syntaxError();
    }
  }
}
