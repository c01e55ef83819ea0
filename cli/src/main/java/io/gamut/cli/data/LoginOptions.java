package io.gamut.cli.data;

import io.gamut.cli.user.Passwords;
import io.gamut.client.ClientBuilder;
import io.gamut.client.Credentials;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Who a command says it is, and whether it speaks TLS. */
final class LoginOptions {
  private static final String PASSWORD = "GAMUT_PASSWORD";

  @Option(
      names = "--user",
      paramLabel = "NAME",
      description =
          "Who asks, of a cluster that has users. The password is in the environment ("
              + PASSWORD
              + ") or in --password-file.")
  private @Nullable String user;

  @Option(
      names = "--password-file",
      paramLabel = "FILE",
      description = "The password is the first line of this file.")
  private @Nullable Path passwordFile;

  @Option(
      names = "--tls",
      description = "Speak TLS; servers are trusted as Java trusts, or as --tls-ca says.")
  private boolean tls;

  @Option(
      names = "--tls-ca",
      paramLabel = "PEM",
      description = "Speak TLS, and trust servers whose certificate is signed by one of these.")
  private @Nullable Path ca;

  void applyTo(ClientBuilder client) throws IOException {
    if (user != null) {
      Credentials who = new Credentials(user, password(user));
      client.credentials(() -> who);
    }
    if (tls || ca != null) {
      client.tls(context());
    }
  }

  private String password(String name) throws IOException {
    if (passwordFile != null) {
      return Passwords.ofFile(passwordFile);
    }
    String password = System.getenv(PASSWORD);
    if (password == null) {
      throw new IOException(
          "no password for '" + name + "': set " + PASSWORD + ", or name a --password-file");
    }
    return password;
  }

  private SSLContext context() throws IOException {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, ca == null ? null : trustIn(ca).getTrustManagers(), null);
      return context;
    } catch (IOException | GeneralSecurityException e) {
      throw new IOException(
          "no TLS" + (ca == null ? "" : " with the certificates in " + ca) + ": " + e, e);
    }
  }

  private static TrustManagerFactory trustIn(Path file)
      throws IOException, GeneralSecurityException {
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    try (InputStream in = Files.newInputStream(file)) {
      for (Certificate each : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
        trusted.setCertificateEntry("ca-" + trusted.size(), each);
      }
    }
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    return trust;
  }
}
