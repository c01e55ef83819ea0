package io.gamut.cli.user;

import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code gamut user remove}. */
@Command(
    name = "remove",
    description = {
      "Remove a user.",
      "Connections that are open stay until they end; requests over HTTP are refused at once."
    },
    mixinStandardHelpOptions = true,
    footerHeading = "%nExample:%n",
    footer = "  gamut user remove report --users users")
final class UserRemoveCommand implements Callable<Integer> {
  @Mixin private final UsersOption users = new UsersOption();

  @Parameters(paramLabel = "NAME", description = "Of the user.")
  private String name = "";

  @Override
  public Integer call() throws IOException {
    if (!users.file().remove(name)) {
      throw new IOException("there is no user '" + name + "' in " + users.file().path());
    }
    return 0;
  }
}
