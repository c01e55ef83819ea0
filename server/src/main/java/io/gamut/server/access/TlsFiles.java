package io.gamut.server.access;

import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a server shows of itself over TLS.
 *
 * @param certificate a chain as PEM, the server's own certificate first
 * @param key its key, PKCS #8 as PEM without a password
 * @param clientCa who has signed the certificates that clients must show; empty if they need none
 */
public record TlsFiles(Path certificate, Path key, Optional<Path> clientCa) {
  private static final List<String> PROTOCOLS = List.of("TLSv1.3", "TLSv1.2");
  private static final Pattern KEY =
      Pattern.compile("-----BEGIN PRIVATE KEY-----([^-]+)-----END PRIVATE KEY-----");

  /** Throws {@link IOException} that names the file that cannot be used, and why. */
  SslContext read() throws IOException {
    X509Certificate[] chain = certificates(certificate);
    PrivateKey secret = secret(chain[0].getPublicKey());
    SslContextBuilder builder =
        SslContextBuilder.forServer(secret, chain)
            .sslProvider(SslProvider.JDK)
            .protocols(PROTOCOLS);
    if (clientCa.isPresent()) {
      builder.trustManager(certificates(clientCa.get())).clientAuth(ClientAuth.REQUIRE);
    }
    return builder.build();
  }

  private static X509Certificate[] certificates(Path file) throws IOException {
    try {
      X509Certificate[] all =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(bytes(file)))
              .toArray(new X509Certificate[0]);
      if (all.length == 0) {
        throw new IOException("no TLS: " + file + " has no certificate as PEM");
      }
      return all;
    } catch (CertificateException e) {
      throw new IOException("no TLS: " + file + " has no certificate as PEM: " + e.getMessage(), e);
    }
  }

  private static byte[] bytes(Path file) throws IOException {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new IOException("no TLS: cannot read " + file + ": " + e, e);
    }
  }

  private PrivateKey secret(PublicKey shown) throws IOException {
    Matcher pem = KEY.matcher(new String(bytes(key), StandardCharsets.ISO_8859_1));
    if (!pem.find()) {
      throw new IOException(
          "no TLS: " + key + " has no key as PEM: PKCS #8 (BEGIN PRIVATE KEY), without a password");
    }
    try {
      byte[] encoded = Base64.getMimeDecoder().decode(pem.group(1));
      PrivateKey secret =
          KeyFactory.getInstance(shown.getAlgorithm())
              .generatePrivate(new PKCS8EncodedKeySpec(encoded));
      requireTogether(secret, shown);
      return secret;
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new IOException(
          "no TLS: %s is not the key of %s: %s".formatted(key, certificate, e.getMessage()), e);
    }
  }

  /** Else the mistake would show at each client's handshake, and only there. */
  private static void requireTogether(PrivateKey secret, PublicKey shown)
      throws GeneralSecurityException {
    String algorithm =
        switch (shown.getAlgorithm()) {
          case "RSA" -> "SHA256withRSA";
          case "EC" -> "SHA256withECDSA";
          default -> shown.getAlgorithm();
        };
    byte[] words = {1, 2, 3};
    Signature signing = Signature.getInstance(algorithm);
    signing.initSign(secret);
    signing.update(words);
    byte[] signature = signing.sign();
    Signature checking = Signature.getInstance(algorithm);
    checking.initVerify(shown);
    checking.update(words);
    if (!checking.verify(signature)) {
      throw new GeneralSecurityException("they do not go together");
    }
  }
}
