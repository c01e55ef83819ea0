package io.gamut.server.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A certificate of its own, made for a test by the JDK's keytool. */
final class Certificates {
  private static final char[] PASSWORD = "changeit".toCharArray();

  final Path certificate;
  final Path key;
  final Path store;
  private final String name;
  private final KeyStore keys = KeyStore.getInstance("PKCS12");

  Certificates(Path directory, String name)
      throws IOException, InterruptedException, GeneralSecurityException {
    this.name = name;
    store = directory.resolve(name + ".p12");
    certificate = directory.resolve(name + ".crt");
    key = directory.resolve(name + ".key");
    String tool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
    String words =
        "-genkeypair -keyalg EC -storetype PKCS12 -ext san=ip:127.0.0.1,dns:localhost -storepass "
            + new String(PASSWORD);
    ProcessBuilder keytool = new ProcessBuilder(tool);
    keytool.command().addAll(List.of(words.split(" ", -1)));
    keytool
        .command()
        .addAll(List.of("-alias", name, "-dname", "CN=" + name, "-keystore", store.toString()));
    Process made = keytool.redirectErrorStream(true).start();
    String said = new String(made.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(made.waitFor()).as(said).isZero();
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, PASSWORD);
    }
    Files.writeString(certificate, pem("CERTIFICATE", keys.getCertificate(name).getEncoded()));
    Files.writeString(key, pem("PRIVATE KEY", keys.getKey(name, PASSWORD).getEncoded()));
  }

  private static String pem(String what, byte[] bytes) {
    String base64 = Base64.getMimeEncoder().encodeToString(bytes);
    return "-----BEGIN " + what + "-----\n" + base64 + "\n-----END " + what + "-----\n";
  }

  TlsFiles files() {
    return new TlsFiles(certificate, key, Optional.empty());
  }

  /** Trusts this certificate alone, and shows that of another if there is one. */
  SSLContext trusting(Optional<Certificates> own) throws IOException, GeneralSecurityException {
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry(name, keys.getCertificate(name));
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    KeyManager[] shown = {};
    if (own.isPresent()) {
      KeyManagerFactory factory =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      factory.init(own.get().keys, PASSWORD);
      shown = factory.getKeyManagers();
    }
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(shown, trust.getTrustManagers(), null);
    return context;
  }
}
