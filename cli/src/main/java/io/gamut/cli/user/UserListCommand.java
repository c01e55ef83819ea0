package io.gamut.cli.user;

import io.gamut.server.access.User;
import io.gamut.server.access.UserTable;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code gamut user list}. */
@Command(
    name = "list",
    description = "Print the users of a file, one a line, and what is said of each.",
    mixinStandardHelpOptions = true,
    footerHeading = "%nExample:%n",
    footer = "  gamut user list --users users")
final class UserListCommand implements Callable<Integer> {
  @Mixin private final UsersOption users = new UsersOption();

  @Override
  public Integer call() throws IOException {
    for (UserTable.Entry entry : users.file().read().all()) {
      User user = entry.user();
      System.out.println(
          user.name()
              + user.level().map(level -> " level=" + level).orElse("")
              + (user.isReadOnly() ? " read-only" : ""));
    }
    System.out.flush();
    return 0;
  }
}
