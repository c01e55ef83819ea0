package io.gamut.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.gamut.cli.launch.Ports;
import io.gamut.client.GamutConnection;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs {@code gamut up} as people do, as a process, and ends it in several ways. */
final class UpProcessTest {
  private static final Duration LIMIT = Duration.ofMinutes(1);

  @TempDir private Path directory = Path.of("");

  private final List<ProcessHandle> started = new ArrayList<>();

  private int httpPort;

  @BeforeEach
  void chooseHttpPort() throws IOException {
    httpPort = Ports.freePair("127.0.0.1");
  }

  @AfterEach
  void endAll() {
    started.forEach(ProcessHandle::destroyForcibly);
    started.forEach(process -> process.onExit().join());
  }

  private Process gamut(String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), "io.gamut.cli.Gamut"));
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command).redirectError(directory.resolve("messages").toFile()).start();
    started.add(process.toHandle());
    return process;
  }

  private Process up(int port, String... more) throws IOException {
    List<String> arguments = new ArrayList<>(List.of("up", "--servers", "2"));
    arguments.addAll(List.of("--data", directory.resolve("data").toString()));
    arguments.addAll(List.of("--resp-port", Integer.toString(port)));
    arguments.addAll(List.of("--http-port", Integer.toString(httpPort)));
    arguments.addAll(List.of(more));
    if (!arguments.contains("--memcached-port")) {
      arguments.addAll(List.of("--memcached-port", "0"));
    }
    return gamut(arguments.toArray(new String[0]));
  }

  private String messages() throws IOException {
    return Files.readString(directory.resolve("messages"));
  }

  private void requireReady(Process process, int port) throws Exception {
    BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
    String line =
        CompletableFuture.supplyAsync(() -> out.lines().findFirst().orElse("nothing"))
            .get(LIMIT.toSeconds(), TimeUnit.SECONDS);
    assertThat(line)
        .as("messages: %s", messages())
        .isEqualTo("ready 127.0.0.1:%d 127.0.0.1:%d".formatted(port, port + 1));
  }

  private static String ask(int port, String... words) throws IOException {
    try (GamutConnection connection = GamutConnection.open("127.0.0.1", port, LIMIT)) {
      return connection.call(words).toString();
    }
  }

  private static String overHttp(int port, String key) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      URI uri = URI.create("http://127.0.0.1:" + port + "/v1/keys/" + key);
      return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString()).body();
    }
  }

  private List<ProcessHandle> children(Process parent) {
    List<ProcessHandle> children = parent.children().toList();
    started.addAll(children);
    return children;
  }

  @Test
  void keepsItsDataAndEndsWithStatusZero() throws Exception {
    int port = Ports.freePair("127.0.0.1");
    Process first = up(port);
    requireReady(first, port);
    assertThat(ask(port, "SET", "k", "v")).isEqualTo("OK");
    assertThat(List.of(overHttp(httpPort, "k"), overHttp(httpPort + 1, "k"))).containsOnly("v");
    first.destroy();
    assertThat(first.onExit().get(LIMIT.toSeconds(), TimeUnit.SECONDS).exitValue()).isZero();
    Process second = up(port);
    requireReady(second, port);
    assertThat(ask(port, "GET", "k")).isEqualTo("v");
  }

  @ParameterizedTest
  @ValueSource(strings = {"--separate", "--durability=none"})
  void servesMemcachedClients(String how) throws Exception {
    int port = Ports.freePair("127.0.0.1");
    int memcachedPort = port + 50;
    Process up = up(port, how, "--memcached-port", Integer.toString(memcachedPort));
    requireReady(up, port);
    children(up);
    assertThat(messages())
        .contains("127.0.0.1:%d 127.0.0.1:%d".formatted(memcachedPort, memcachedPort + 1));
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), memcachedPort + 1)) {
      socket
          .getOutputStream()
          .write("set k 0 0 1\r\nv\r\nquit\r\n".getBytes(StandardCharsets.UTF_8));
      byte[] answer = socket.getInputStream().readAllBytes();
      assertThat(new String(answer, StandardCharsets.UTF_8)).isEqualTo("STORED\r\n");
    }
    assertThat(ask(port, "GET", "k")).isEqualTo("v");
  }

  @ParameterizedTest
  @ValueSource(strings = {"--separate", "--durability=none"})
  void putsGatewaysBeforeTheServers(String how) throws Exception {
    int port = Ports.freePair("127.0.0.1");
    Process up = up(port, how, "--gateways", "2");
    requireReady(up, port);
    children(up);
    int gateway = port + 200;
    assertThat(messages()).contains("gateways at 127.0.0.1:" + gateway + " 127.0.0.1:");
    assertThat(ask(gateway, "SET", "k", "v")).isEqualTo("OK");
    assertThat(List.of(ask(gateway + 1, "GET", "k"), overHttp(httpPort + 200, "k")))
        .containsOnly("v");
    up.destroy();
    assertThat(up.onExit().get(LIMIT.toSeconds(), TimeUnit.SECONDS).exitValue()).isZero();
  }

  @Test
  void startsACrashedServerAgainAndLeavesNoneBehindWhenKilled() throws Exception {
    int port = Ports.freePair("127.0.0.1");
    Process up = up(port, "--separate");
    requireReady(up, port);
    List<ProcessHandle> before = children(up);
    assertThat(before).hasSize(2);
    before.getLast().destroyForcibly();
    before.getLast().onExit().get(LIMIT.toSeconds(), TimeUnit.SECONDS);
    awaitMessage("is up again");
    assertThat(messages()).contains("starting it again in 200 ms");
    assertThat(List.of(ask(port, "PING"), ask(port + 1, "PING"))).containsOnly("PONG");
    List<ProcessHandle> after = children(up);
    assertThat(after).hasSize(2);
    up.destroyForcibly();
    for (ProcessHandle child : after) {
      child.onExit().get(LIMIT.toSeconds(), TimeUnit.SECONDS);
      assertThat(child.isAlive()).isFalse();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"--separate", "--durability=none"})
  void aServerThatLeavesStopsAndStaysDown(String how) throws Exception {
    int port = Ports.freePair("127.0.0.1");
    Process up = up(port, how);
    requireReady(up, port);
    assertThat(ask(port + 1, "SET", "k", "v")).isEqualTo("OK");
    assertThat(ask(port + 1, "GAMUT", "LEAVE")).isEqualTo("OK");
    awaitMessage("server 1 has ended in order, and stays down");
    assertThat(ask(port, "GET", "k")).isEqualTo("v");
    assertThat(ask(port, "GAMUT", "STATUS")).contains("left");
    up.destroy();
    assertThat(up.onExit().get(LIMIT.toSeconds(), TimeUnit.SECONDS).exitValue()).isZero();
  }

  private void awaitMessage(String text) throws IOException {
    long deadline = System.nanoTime() + LIMIT.toNanos();
    while (!messages().contains(text) && System.nanoTime() < deadline) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
    }
    assertThat(messages()).contains(text);
  }

  @Test
  void namesThePortThatIsInUse() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      // Others of the ports that it would take may be in use as well.
      Process up = up(taken.getLocalPort());
      assertThat(up.onExit().get(LIMIT.toSeconds(), TimeUnit.SECONDS).exitValue()).isEqualTo(1);
      assertThat(messages()).contains("" + taken.getLocalPort(), "in use", "--resp-port");
    }
  }
}
