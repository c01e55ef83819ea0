package io.gamut.client;

import static io.gamut.client.ScriptedServer.bulk;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** TLS against a certificate made for this run, and who a client says it is. */
@Timeout(120)
final class TlsTest {
  private static final char[] PASSWORD = "changeit".toCharArray();

  @TempDir private static Path directory;
  private static SSLContext named;
  private static SSLContext ofAnother;

  @BeforeAll
  static void makeCertificates() throws Exception {
    named = contextOf("named", "ip:127.0.0.1,dns:localhost");
    ofAnother = contextOf("another", "dns:another.example");
  }

  /** A server's key, and trust in just that. */
  private static SSLContext contextOf(String name, String alternatives) throws Exception {
    Path store = directory.resolve(name + ".p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keyalg",
                "EC",
                "-alias",
                name,
                "-dname",
                "CN=" + name,
                "-ext",
                "san=" + alternatives,
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString(),
                "-storepass",
                new String(PASSWORD))
            .redirectErrorStream(true)
            .start();
    try (InputStream said = keytool.getInputStream()) {
      String text = new String(said.readAllBytes(), StandardCharsets.UTF_8);
      assertThat(keytool.waitFor()).as(text).isZero();
    }
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, PASSWORD);
    }
    KeyManagerFactory own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    own.init(keys, PASSWORD);
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry(name, keys.getCertificate(name));
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(own.getKeyManagers(), trust.getTrustManagers(), null);
    return context;
  }

  private static ScriptedServer secured(SSLContext context) throws IOException {
    return new ScriptedServer(
        context
            .getServerSocketFactory()
            .createServerSocket(0, 50, InetAddress.getLoopbackAddress()),
        request -> bulk(request.word(1)));
  }

  @Test
  void requestsGoOverTls() throws Exception {
    try (ScriptedServer server = secured(named);
        GamutClient client = GamutClient.builder().servers(server.address()).tls(named).build()) {
      String large = "x".repeat(4_000);
      for (int i = 0; i < 100; i++) {
        assertThat(client.get(large + i)).contains(Value.of(large + i));
      }
    }
  }

  @Test
  void aServerThatIsNotTrustedIsNotSpokenTo() throws Exception {
    try (ScriptedServer server = secured(ofAnother);
        GamutClient client = GamutClient.builder().servers(server.address()).tls(named).build()) {
      assertThat(client.within(Duration.ofMillis(500)).outcome(Command.get(new byte[1])))
          .isInstanceOf(Outcome.Failed.class);
      assertThat(server.greetings()).isEmpty();
    }
  }

  @Test
  void aCertificateForAnotherNameIsRefusedUnlessParametersSayOtherwise() throws Exception {
    try (ScriptedServer server = secured(ofAnother)) {
      try (GamutClient client =
          GamutClient.builder().servers(server.address()).tls(ofAnother).build()) {
        assertThat(client.within(Duration.ofMillis(500)).outcome(Command.get(new byte[1])))
            .isInstanceOf(Outcome.Failed.class);
      }
      try (GamutClient client =
          GamutClient.builder()
              .servers(server.address())
              .tls(ofAnother, new SSLParameters())
              .build()) {
        assertThat(client.get("k")).contains(Value.of("k"));
      }
    }
  }

  @Test
  void credentialsAreAskedForAtEachConnectionAndNotShown() {
    AtomicReference<Credentials> current = new AtomicReference<>(new Credentials("me", "wrong"));
    try (ScriptedServer server = ScriptedServer.with(request -> bulk(request.word(1)));
        GamutClient client =
            GamutClient.builder()
                .servers(server.address())
                .credentials(current::get)
                .avoidance(Duration.ofMillis(1), Duration.ofMillis(10))
                .build()) {
      assertThat(client.within(Duration.ofMillis(200)).outcome(Command.get(new byte[1])))
          .isInstanceOfSatisfying(
              Outcome.Failed.class, failed -> assertThat(failed.message()).contains("WRONGPASS"));
      current.set(new Credentials("me", "right"));
      assertThat(client.get("k")).contains(Value.of("k"));
      assertThat(server.greetings().getLast().words())
          .containsExactly("HELLO", "3", "AUTH", "me", "right");
      assertThat(current.get()).asString().contains("me").doesNotContain("right");
    }
  }
}
