package io.gamut.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.gamut.client.Command;
import io.gamut.client.Credentials;
import io.gamut.client.Fault;
import io.gamut.client.GamutClient;
import io.gamut.client.GamutConnection;
import io.gamut.client.Outcome;
import io.gamut.client.Value;
import io.gamut.core.NodeId;
import io.gamut.server.Node;
import io.gamut.server.NodeConfig;
import io.gamut.server.access.AccessConfig;
import io.gamut.server.access.TlsFiles;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Users and TLS from the command line, and the Java client, against real servers. */
@Timeout(120)
final class AccessCommandsTest {
  private static final char[] STORE_PASSWORD = "changeit".toCharArray();

  /** Behind the port of server 0, the first gateway's. */
  private static final int GATEWAYS_FROM = 200;

  @TempDir private Path directory;
  private final StringWriter err = new StringWriter();
  private String out = "";
  private Path users;
  private Path password;

  @BeforeEach
  void addUsers() throws Exception {
    users = directory.resolve("users");
    password = directory.resolve("password");
    Files.writeString(password, "secret\n");
    assertThat(run("", "user", "add", "shop", "--users", users.toString(), with(password)))
        .isZero();
    assertThat(
            run(
                "rp\n",
                "user",
                "add",
                "report",
                "--read-only",
                "--level=causal",
                "--users=" + users))
        .isZero();
  }

  private static String with(Path file) {
    return "--password-file=" + file;
  }

  private int run(String in, String... args) {
    PrintStream outBefore = System.out;
    InputStream inBefore = System.in;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
    System.setIn(new ByteArrayInputStream(in.getBytes(StandardCharsets.UTF_8)));
    try {
      CommandLine commandLine = Gamut.commandLine(new Settings(Map.of(), args));
      commandLine.setErr(new PrintWriter(err));
      return commandLine.execute(args);
    } finally {
      System.setOut(outBefore);
      System.setIn(inBefore);
      out = printed.toString(StandardCharsets.UTF_8);
    }
  }

  private Node start(AccessConfig access) throws Exception {
    return Node.start(
        NodeConfig.of(new NodeId(4), directory.resolve("node")).toBuilder().access(access).build());
  }

  private static String at(Node node) {
    return "--server=" + node.respAddress();
  }

  @Test
  void usersAreListedAndRemoved() {
    String file = "--users=" + users;
    assertThat(run("", "user", "list", file)).isZero();
    assertThat(out)
        .isEqualTo("report level=causal read-only\nshop\n".replace("\n", System.lineSeparator()));
    assertThat(run("", "user", "remove", "report", file)).isZero();
    assertThat(run("", "user", "remove", "report", file)).isEqualTo(1);
    assertThat(run("", "user", "list", file)).isZero();
    assertThat(out).startsWith("shop").doesNotContain("report");
    assertThat(run("x\n", "user", "add", "a:b", file)).isEqualTo(2);
    assertThat(run("\n", "user", "add", "c", file)).isEqualTo(2);
    assertThat(run("", "user")).isEqualTo(2);
    assertThat(err.toString()).contains("a name has 1 to 64", "a password has 1 to", "add, remove");
  }

  @Test
  void aServerDoesNotStartWithOptionsOrFilesThatAreWrong() throws Exception {
    Files.writeString(users, "nonsense\n");
    String data = "--data=" + directory.resolve("d");
    assertThat(run("", "node", "--id=1", data, "--users=" + users)).isEqualTo(1);
    assertThat(run("", "node", "--id=1", data, "--tls-cert=" + users)).isEqualTo(2);
    assertThat(run("", "up", data, "--users=" + users)).isEqualTo(1);
    assertThat(run("", "up", data, "--tls-key=" + users)).isEqualTo(2);
    assertThat(err.toString())
        .contains(users + ", line 1: a line has a name")
        .contains("TLS needs both --tls-cert and --tls-key");
  }

  @Test
  void commandsSayWhoAsks() throws Exception {
    Node node = start(AccessConfig.OPEN.withUsers(users));
    Path wrong = directory.resolve("wrong");
    Files.writeString(wrong, "guess\n");
    Path readers = directory.resolve("readers");
    Files.writeString(readers, "rp");
    try {
      assertThat(run("", "put", at(node), "--user=shop", with(password), "k", "v")).isZero();
      assertThat(run("", "get", at(node), "--user=report", with(readers), "k")).isZero();
      assertThat(out).isEqualTo("v");
      assertThat(run("", "put", at(node), "--user=report", with(readers), "k", "w")).isEqualTo(1);
      assertThat(run("", "get", at(node), "--user=shop", with(wrong), "k")).isEqualTo(1);
      assertThat(run("", "get", at(node), "k")).isEqualTo(1);
      assertThat(run("", "get", at(node), "--user=shop", "k")).isEqualTo(1);
      assertThat(err.toString())
          .contains("NOPERM this user has no permissions to run the 'set' command")
          .contains("DENIED: " + node.respAddress() + ": it answered the greeting with: WRONGPASS")
          .contains("NOAUTH HELLO must be called")
          .contains("no password for 'shop': set GAMUT_PASSWORD");
    } finally {
      node.kill();
    }
  }

  @Test
  void aClientThatIsDeniedIsToldSoAtOnceAndDoesNotKnockForEver() throws Exception {
    Node node = start(AccessConfig.OPEN.withUsers(users));
    AtomicReference<Credentials> current = new AtomicReference<>(new Credentials("shop", "no"));
    AtomicInteger asked = new AtomicInteger();
    try (GamutClient client =
        GamutClient.builder()
            .servers(node.respAddress().toString())
            .deadline(Duration.ofSeconds(60))
            .credentials(() -> {
              asked.incrementAndGet();
              return current.get();
            })
            .build()) {
      long begun = System.nanoTime();
      for (int i = 1; i <= 3; i++) {
        assertThat(client.outcome(Command.get(new byte[] {'k'})))
            .isInstanceOfSatisfying(
                Outcome.Failed.class,
                failed -> {
                  assertThat(failed.fault()).isEqualTo(Fault.DENIED);
                  assertThat(failed.message()).contains("WRONGPASS");
                });
        assertThat(asked.get()).isEqualTo(i);
      }
      assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(20));
      Credentials right = new Credentials("shop", "secret");
      try (GamutConnection bare =
          GamutConnection.open(
              node.respAddress().host(),
              node.respAddress().port(),
              Duration.ofSeconds(20),
              right)) {
        assertThat(bare.call("ACL", "WHOAMI").toString()).isEqualTo("shop");
      }
      current.set(right);
      client.put("k", "v");
      assertThat(client.get("k")).contains(Value.of("v"));
    } finally {
      node.kill();
    }
  }

  @Test
  void commandsSpeakTls() throws Exception {
    TlsFiles tls = certificate();
    Node node = start(AccessConfig.OPEN.withUsers(users).withTls(tls));
    String ca = "--tls-ca=" + tls.certificate();
    try {
      assertThat(run("", "put", at(node), ca, "--user=shop", with(password), "k", "v")).isZero();
      assertThat(run("", "get", at(node), ca, "--user=shop", with(password), "k")).isZero();
      assertThat(out).isEqualTo("v");
      String briefly = "--timeout=1000";
      assertThat(run("", "get", at(node), "--tls", briefly, "--user=shop", with(password), "k"))
          .isEqualTo(1);
      assertThat(run("", "get", at(node), "--tls-ca=" + users, "k")).isEqualTo(1);
      assertThat(err.toString()).contains("certification path", "no TLS with the certificates in");
    } finally {
      node.kill();
    }
  }

  @Test
  void processesThatUpStartsAskWhoSomebodyIsAndSpeakTls() throws Exception {
    TlsFiles tls = certificate();
    String ca = "--tls-ca=" + tls.certificate();
    UpProcess up =
        UpProcess.start(
            directory,
            "--separate",
            "--servers=2",
            "--gateways=1",
            "--users=" + users,
            "--tls-cert=" + tls.certificate(),
            "--tls-key=" + tls.key());
    try {
      int first = up.port(7379);
      for (int port : List.of(first, first + 1, first + GATEWAYS_FROM)) {
        String at = "--server=127.0.0.1:" + port;
        assertThat(run("", "put", at, ca, "--user=shop", with(password), "k", "v" + port))
            .as(err.toString())
            .isZero();
        assertThat(run("", "get", at, ca, "--user=shop", with(password), "k")).isZero();
        assertThat(out).isEqualTo("v" + port);
        assertThat(run("", "get", at, ca, "k")).isEqualTo(1);
        assertThat(err.toString()).contains("NOAUTH");
        try (Socket plain = new Socket(InetAddress.getLoopbackAddress(), port)) {
          plain.getOutputStream().write("PING\r\n".getBytes(StandardCharsets.UTF_8));
          plain.shutdownOutput();
          assertThat(new String(plain.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
              .doesNotContain("PONG");
        }
      }
    } finally {
      up.stop();
    }
  }

  /** A certificate for this machine, made by the JDK's keytool. */
  private TlsFiles certificate() throws Exception {
    Path store = directory.resolve("store");
    Process keytool =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                    "-genkeypair",
                    "-keyalg",
                    "EC",
                    "-alias",
                    "server",
                    "-dname",
                    "CN=server",
                    "-ext",
                    "san=ip:127.0.0.1",
                    "-keystore",
                    store.toString(),
                    "-storepass",
                    new String(STORE_PASSWORD)))
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    assertThat(keytool.waitFor()).isZero();
    KeyStore keys = KeyStore.getInstance(store.toFile(), STORE_PASSWORD);
    return new TlsFiles(
        pem("CERTIFICATE", keys.getCertificate("server").getEncoded()),
        pem("PRIVATE KEY", keys.getKey("server", STORE_PASSWORD).getEncoded()),
        Optional.empty());
  }

  private Path pem(String what, byte[] bytes) throws Exception {
    String base64 = Base64.getMimeEncoder().encodeToString(bytes);
    return Files.writeString(
        directory.resolve(what),
        "-----BEGIN " + what + "-----\n" + base64 + "\n-----END " + what + "-----\n");
  }
}
