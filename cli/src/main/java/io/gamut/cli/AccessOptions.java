package io.gamut.cli;

import io.gamut.server.access.AccessConfig;
import io.gamut.server.access.ClientLimits;
import io.gamut.server.access.TlsFiles;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Who may use the client ports of a server or a gateway, and how. */
final class AccessOptions {
  @Option(
      names = "--users",
      paramLabel = "FILE",
      description =
          "Users and their password hashes, as gamut user add writes them: clients must say who"
              + " they are. Without it everybody may do everything.")
  private @Nullable Path users;

  @Option(
      names = "--tls-cert",
      paramLabel = "PEM",
      description =
          "The server's certificate, and those that lead to its root: clients must speak TLS then,"
              + " in every protocol. Needs --tls-key.")
  private @Nullable Path certificate;

  @Option(
      names = "--tls-key",
      paramLabel = "PEM",
      description = "The certificate's key: PKCS #8, without a password.")
  private @Nullable Path key;

  @Option(
      names = "--tls-client-ca",
      paramLabel = "PEM",
      description = "Clients must show a certificate that is signed by one of these.")
  private @Nullable Path clientCa;

  @Option(
      names = "--max-clients",
      paramLabel = "N",
      defaultValue = "" + ClientLimits.CONNECTIONS_DEFAULT,
      description =
          "Connections of clients at one time, on each port; more are told so and closed. Default:"
              + " ${DEFAULT-VALUE}.")
  private int connectionsMax = ClientLimits.CONNECTIONS_DEFAULT;

  @Option(
      names = "--idle-timeout",
      paramLabel = "SECONDS",
      defaultValue = "0",
      description =
          "Seconds for which a client's connection may be silent before it is closed; 0 for ever."
              + " Default: ${DEFAULT-VALUE}.")
  private int idleSeconds;

  /** Throws {@link IllegalArgumentException} where they do not go together. */
  AccessConfig config() {
    AccessConfig open = AccessConfig.OPEN.with(new ClientLimits(connectionsMax, idleSeconds));
    AccessConfig config = users == null ? open : open.withUsers(users);
    if (certificate == null && key == null && clientCa == null) {
      return config;
    }
    if (certificate == null || key == null) {
      throw new IllegalArgumentException("TLS needs both --tls-cert and --tls-key");
    }
    return config.withTls(new TlsFiles(certificate, key, Optional.ofNullable(clientCa)));
  }
}
