package io.gamut.server.access;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What client ports are told about users, TLS and limits.
 *
 * @param users a file of {@link UserTable}; empty if everybody may do everything
 * @param tls empty if clients speak in clear
 * @param limits of connections
 */
public record AccessConfig(Optional<Path> users, Optional<TlsFiles> tls, ClientLimits limits) {
  public static final AccessConfig OPEN =
      new AccessConfig(Optional.empty(), Optional.empty(), ClientLimits.DEFAULT);

  /** The same with users of a file. */
  public AccessConfig withUsers(Path file) {
    return new AccessConfig(Optional.of(file), tls, limits);
  }

  /** The same with TLS. */
  public AccessConfig withTls(TlsFiles files) {
    return new AccessConfig(users, Optional.of(files), limits);
  }

  /** The same with other limits. */
  public AccessConfig with(ClientLimits other) {
    return new AccessConfig(users, tls, other);
  }

  /** Reads the files. Throws {@link IOException} with what is wrong with them. */
  public ClientAccess load() throws IOException {
    @Nullable Authenticator authenticator =
        users.isEmpty() ? null : new Authenticator(new UsersFile(users.get()));
    return new ClientAccess(authenticator, tls.isEmpty() ? null : tls.get().read(), limits);
  }
}
