package io.gamut.cli.user;

import static java.util.Objects.requireNonNull;

import io.gamut.core.Consistency;
import io.gamut.server.access.PasswordHash;
import io.gamut.server.access.User;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code gamut user add}. */
@Command(
    name = "add",
    description = {
      "Add a user, or give one that there is a new password and new rights.",
      "The password is asked for on the terminal, twice and without showing it; without a terminal"
          + " it is the first line of standard input."
    },
    mixinStandardHelpOptions = true,
    footerHeading = "%nExample:%n",
    footer = "  gamut user add report --read-only --users users")
final class UserAddCommand implements Callable<Integer> {
  @Mixin private final UsersOption users = new UsersOption();
  @Spec private @Nullable CommandSpec spec;

  @Parameters(paramLabel = "NAME", description = "Visible ASCII without ':' and '#'.")
  private String name = "";

  @Option(
      names = "--level",
      paramLabel = "LEVEL",
      description = "Of requests where neither they nor their connection name one.")
  private @Nullable Consistency level;

  @Option(names = "--read-only", description = "Refuse whatever changes data or the cluster.")
  private boolean readOnly;

  @Option(
      names = "--password-file",
      paramLabel = "FILE",
      description = "The password is the first line of this file.")
  private @Nullable Path passwordFile;

  @Override
  public Integer call() throws IOException {
    try {
      User user = new User(name, Optional.ofNullable(level), readOnly);
      String password = passwordFile == null ? Passwords.ask(name) : Passwords.ofFile(passwordFile);
      users.file().put(user, PasswordHash.of(password.getBytes(StandardCharsets.UTF_8)));
      return 0;
    } catch (IllegalArgumentException e) {
      throw new ParameterException(requireNonNull(spec).commandLine(), e.getMessage(), e);
    }
  }
}
