package io.gamut.server.resp;

import static org.assertj.core.api.Assertions.assertThat;

import io.gamut.core.NodeId;
import io.gamut.overlay.Endpoint;
import io.gamut.protocol.resp.RespValue;
import io.gamut.server.Node;
import io.gamut.server.NodeConfig;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Clients that send what is no request, too much of it, or never an end, to a server over real
 * sockets. Whatever they do, a fresh client is answered, and soon.
 *
 * <p>{@code -Dgamut.frames=N}, {@code -Dgamut.connections=N} and {@code -Dgamut.seed=S} say how
 * much.
 */
final class HostileClientsTest {
  private static final int FRAMES = Integer.getInteger("gamut.frames", 30_000);
  private static final int CONNECTIONS = Integer.getInteger("gamut.connections", 1_000);
  private static final long SEED = Long.getLong("gamut.seed", 4_711L);

  /** What is asked for is 100 ms; a machine that tests beside it may hold it up for longer. */
  private static final long ANSWER_NANOS_MAX =
      TimeUnit.MILLISECONDS.toNanos(Long.getLong("gamut.answerMillis", 2_000L));

  @TempDir private Path directory;
  private @Nullable Node node;

  @BeforeEach
  void start() throws Exception {
    node = Node.start(NodeConfig.of(new NodeId(0), directory.resolve("node")));
    try (WireClient client = connect()) {
      client.call("SET", "kept", "value");
    }
  }

  @AfterEach
  void stop() throws Exception {
    requireWell(TimeUnit.SECONDS.toNanos(5));
    Objects.requireNonNull(node).kill();
  }

  private Endpoint address() {
    return Objects.requireNonNull(node).respAddress();
  }

  private WireClient connect() throws IOException {
    return new WireClient(address().host(), address().port());
  }

  private Socket socket() throws IOException {
    Socket socket = new Socket(address().host(), address().port());
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(20_000);
    return socket;
  }

  /** A fresh client is answered, and what was there is there. */
  private void requireWell() throws IOException {
    requireWell(ANSWER_NANOS_MAX);
  }

  private void requireWell(long limitNanos) throws IOException {
    long began = System.nanoTime();
    try (WireClient client = connect()) {
      assertThat(client.call("GET", "kept").toString()).isEqualTo("value");
    }
    assertThat(System.nanoTime() - began).as("nanoseconds").isLessThan(limitNanos);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  // Requests that are wrong

  @Test
  void eachWrongRequestIsAnsweredAndTheConnectionGoesOn() throws Exception {
    String longKey = "k".repeat(4_097);
    List<List<String>> wrong =
        List.of(
            List.of("GET"),
            List.of("GET", "a", "b"),
            List.of("SET"),
            List.of("SET", "key"),
            List.of("SET", "key", "value", "and", "more"),
            List.of("MSET", "key"),
            List.of("MSET", "key", "value", "key"),
            List.of("MGET"),
            List.of("DEL"),
            List.of("GET", ""),
            List.of("SET", "", "value"),
            List.of("SET", longKey, "value"),
            List.of("GET", longKey),
            List.of("MGET", "a", longKey),
            List.of("SET", "key", "v".repeat((8 << 20) + 1)),
            List.of(""),
            List.of("\0\r\n"),
            List.of("GAMUT"),
            List.of("GAMUT", "AT"),
            List.of("GAMUT", "AT", "nonsense", "GET", "a"),
            List.of("GAMUT", "AT", "bounded:x", "GET", "a"),
            List.of("GAMUT", "IN", "no token", "GET", "a"),
            List.of("EXEC"),
            List.of("DISCARD"),
            List.of("SCAN", "x"),
            List.of("SCAN", "12345"),
            List.of("COMMAND", "NONSENSE"),
            List.of("CLIENT", "REPLY", "MAYBE"),
            List.of("HELLO", "4"),
            List.of("AUTH", "x"),
            List.of("SELECT", "1"));
    try (WireClient client = connect()) {
      for (List<String> request : wrong) {
        assertThat(client.call(request))
            .as(request.getFirst())
            .isInstanceOf(RespValue.Failure.class);
        assertThat(client.call("PING").toString()).isEqualTo("PONG");
      }
    }
  }

  @Test
  void whatIsNoRequestEndsItsConnectionWithAnError() throws Exception {
    for (String hostile :
        List.of(
            "*1000000000\r\n",
            "*1\r\n$1000000000\r\n",
            "*1\r\n$-5\r\n",
            "*1\r\n:5\r\n",
            "*x\r\n",
            "*1\r\n$1\r\nabc\r\n",
            "set \"a\r\n",
            "x".repeat(70_000))) {
      try (Socket socket = socket()) {
        socket.getOutputStream().write(bytes(hostile));
        String answer =
            new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        assertThat(answer)
            .as(hostile.substring(0, 10 % hostile.length()))
            .startsWith("-ERR Protocol");
      } catch (SocketException _) {
        // It was closed while it still sent.
      }
    }
  }

  @Test
  void aRequestThatComesByteForByteIsOne() throws Exception {
    try (Socket socket = socket()) {
      for (byte each :
          bytes("*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$3\r\na\r\n\r\n*2\r\n$3\r\nGET\r\n$1\r\nk\r\n")) {
        socket.getOutputStream().write(each);
      }
      String expected = "+OK\r\n$3\r\na\r\n\r\n";
      assertThat(
              new String(
                  socket.getInputStream().readNBytes(expected.length()), StandardCharsets.US_ASCII))
          .isEqualTo(expected);
    }
  }

  // Garbage

  @Test
  void garbageOfAllKindsIsAnsweredOrDropped() throws Exception {
    SplittableRandom random = new SplittableRandom(SEED);
    for (int frames = 0; frames < FRAMES; ) {
      ByteArrayOutputStream stream = new ByteArrayOutputStream();
      int count = random.nextInt(1, 400);
      for (int i = 1; i < count; i++) {
        stream.writeBytes(request(random));
      }
      // Last, since what is no request ends its connection.
      stream.writeBytes(frame(random));
      frames += count;
      try (Socket socket = socket()) {
        socket.getOutputStream().write(stream.toByteArray());
        socket.shutdownOutput();
        drain(socket);
        requireWell();
      } catch (SocketException _) {
        // It was closed while it still sent.
      }
    }
  }

  private static void drain(Socket socket) throws IOException {
    byte[] some = new byte[1 << 16];
    while (socket.getInputStream().read(some) >= 0) {
      // Whatever is answered.
    }
  }

  private static byte[] frame(SplittableRandom random) {
    return switch (random.nextInt(3)) {
      case 0 -> {
        byte[] noise = new byte[random.nextInt(60)];
        random.nextBytes(noise);
        yield noise;
      }
      case 1 -> {
        byte[] like = new byte[random.nextInt(60)];
        for (int i = 0; i < like.length; i++) {
          like[i] = (byte) "*$\r\n0123456789+-GETSabc ".charAt(random.nextInt(24));
        }
        yield like;
      }
      default -> bytes("*" + random.nextInt(5) + "\r\n$" + random.nextInt(9) + "\r\nGET\r\n");
    };
  }

  /** A whole request of words that may mean something. */
  private static byte[] request(SplittableRandom random) {
    List<String> words =
        List.of(
            "GET",
            "SET",
            "MSET",
            "DEL",
            "MULTI",
            "EXEC",
            "WATCH",
            "SCAN",
            "GAMUT",
            "AT",
            "IN",
            "eventual",
            "LEVEL",
            "CLIENT",
            "REPLY",
            "OFF",
            "ON",
            "a",
            "b",
            "0",
            "-1",
            "EX",
            "NX",
            "HELLO",
            "3",
            "RESET",
            "KEYS",
            "*",
            "INFO",
            "COMMAND",
            "DOCS",
            "EXPIRE",
            "COPY",
            "");
    StringBuilder request = new StringBuilder();
    int count = random.nextInt(1, 6);
    request.append('*').append(count).append("\r\n");
    for (int i = 0; i < count; i++) {
      String word = words.get(random.nextInt(words.size()));
      request.append('$').append(word.length()).append("\r\n").append(word).append("\r\n");
    }
    return bytes(request.toString());
  }

  // Too many, and too slow

  @Test
  void manyConnectionsThatSayNothingOrHalfARequestKeepNobodyOut() throws Exception {
    List<SocketChannel> flood = new ArrayList<>();
    try {
      InetSocketAddress to = new InetSocketAddress(address().host(), address().port());
      for (int i = 0; i < CONNECTIONS; i++) {
        SocketChannel channel = SocketChannel.open(to);
        flood.add(channel);
        if (i % 2 == 0) {
          channel.write(ByteBuffer.wrap(bytes("*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$8000000\r\nbegun")));
        }
        if (i % 200 == 0) {
          requireWell();
        }
      }
      requireWell();
    } finally {
      for (SocketChannel channel : flood) {
        channel.close();
      }
    }
  }

  @Test
  void clientsThatDoNotReadTheirAnswersAreNotReadFrom() throws Exception {
    try (WireClient client = connect()) {
      client.call("SET", "large", "x".repeat(1 << 20));
    }
    List<SocketChannel> deaf = new ArrayList<>();
    try {
      InetSocketAddress to = new InetSocketAddress(address().host(), address().port());
      byte[] asking = bytes("*2\r\n$3\r\nGET\r\n$5\r\nlarge\r\n".repeat(2_000));
      long before = usedBytes();
      for (int i = 0; i < 20; i++) {
        SocketChannel channel = SocketChannel.open(to);
        channel.configureBlocking(false);
        channel.write(ByteBuffer.wrap(asking));
        deaf.add(channel);
        requireWell();
      }
      // 40 GB are asked for.
      assertThat(usedBytes() - before).isLessThan(800L << 20);
    } finally {
      for (SocketChannel channel : deaf) {
        channel.close();
      }
    }
  }

  private static long usedBytes() {
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }

  @Test
  void aLargeValueInManySmallPiecesHoldsNobodyUp() throws Exception {
    int length = 4 << 20;
    try (Socket socket = socket()) {
      socket.getOutputStream().write(bytes("*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$" + length + "\r\n"));
      byte[] piece = new byte[100];
      long began = System.nanoTime();
      for (int sent = 0; sent < length; sent += piece.length) {
        socket.getOutputStream().write(piece, 0, Math.min(piece.length, length - sent));
      }
      socket.getOutputStream().write(bytes("\r\n"));
      assertThat(socket.getInputStream().readNBytes(5)).isEqualTo(bytes("+OK\r\n"));
      assertThat(System.nanoTime() - began).isLessThan(TimeUnit.SECONDS.toNanos(20));
    }
  }
}
