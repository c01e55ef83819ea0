package io.gamut.cli.user;

import static java.util.Objects.requireNonNull;

import io.gamut.server.access.UsersFile;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which file of users. */
final class UsersOption {
  @Option(
      names = "--users",
      required = true,
      paramLabel = "FILE",
      description = "The file that servers are started with (--users).")
  private @Nullable Path users;

  UsersFile file() {
    return new UsersFile(requireNonNull(users));
  }
}
