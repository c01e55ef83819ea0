package io.gamut.cli.user;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code gamut user}. */
@Command(
    name = "user",
    description = {
      "Add, remove and list the users of a file that servers are started with.",
      "Servers that run notice within a second of the next password that they see."
    },
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "WHAT",
    subcommands = {UserAddCommand.class, UserRemoveCommand.class, UserListCommand.class},
    footerHeading = "%nExamples:%n",
    footer = {
      "  gamut user add shop --level causal --users users",
      "  gamut user list --users users",
      "  gamut up --users users"
    })
public final class UserCommand implements Runnable {
  @Spec private @Nullable CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(
        requireNonNull(spec).commandLine(), "what is to be done is missing: add, remove or list");
  }
}
