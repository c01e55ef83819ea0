package io.gamut.server.resp;

import io.gamut.server.access.User;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What clients may do, in the words of Redis. */
final class Permissions {
  /** For those of whom it is not known yet who they are. */
  private static final Set<String> FOR_STRANGERS = Set.of("AUTH", "HELLO", "QUIT", "RESET");

  /** What changes no data, but the server or its cluster. */
  private static final Set<String> ADMINISTRATION =
      Set.of(
          "CONFIG|SET",
          "GAMUT|FAULT",
          "GAMUT|LEAVE",
          "GAMUT|LINK",
          "GAMUT|REMOVE",
          "LATENCY|RESET",
          "SLOWLOG|RESET");

  private Permissions() {}

  /** Throws {@link CodedException} if somebody may not do that. */
  static void require(@Nullable User user, Command command, Arguments arguments) {
    if (user == null && !FOR_STRANGERS.contains(command.name())) {
      throw command.name().equals("EXEC")
          ? new CodedException(
              "EXECABORT", "Transaction discarded because of: NOAUTH Authentication required.")
          : new CodedException(Login.NO_AUTH, "Authentication required.");
    }
    if (user == null || !user.isReadOnly()) {
      return;
    }
    String name = command.name();
    if (arguments.size() > 1 && !name.contains("|")) {
      String whole = name + "|" + arguments.word(1);
      name = ADMINISTRATION.contains(whole) ? whole : name;
    }
    if (command.access() == Command.Access.WRITE || ADMINISTRATION.contains(name)) {
      throw new CodedException(
          "NOPERM",
          "this user has no permissions to run the '"
              + name.toLowerCase(Locale.ROOT)
              + "' command");
    }
  }
}
