package io.gamut.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.gamut.protocol.resp.RequestParser;
import io.gamut.protocol.resp.RespProtocolException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A server over real sockets that answers as a test says. Each connection has a thread, so a script
 * may wait; what comes behind on that connection waits too, as at a real server.
 */
final class ScriptedServer implements AutoCloseable {
  /** Ends the connection instead of an answer. */
  static final String HANG_UP = "";

  static final String OK = "+OK\r\n";
  static final String NULL = "_\r\n";
  private static final long LIMIT_NANOS = 20_000_000_000L;

  interface Script {
    String answer(Request request) throws Exception;
  }

  /**
   * A request without what comes before its command.
   *
   * @param token of {@code GAMUT IN}, if it had one
   * @param level of {@code GAMUT AT}, if it had one
   */
  record Request(
      int connection, @Nullable String token, @Nullable String level, List<String> words) {
    static Request of(int connection, List<byte[]> raw) {
      List<String> words = new ArrayList<>();
      raw.forEach(word -> words.add(new String(word, StandardCharsets.ISO_8859_1)));
      String token = prefix(words, "IN");
      String level = prefix(words, "AT");
      return new Request(connection, token, level, List.copyOf(words));
    }

    private static @Nullable String prefix(List<String> words, String name) {
      if (words.size() > 3 && words.getFirst().equals("GAMUT") && words.get(1).equals(name)) {
        words.removeFirst();
        words.removeFirst();
        return words.removeFirst();
      }
      return null;
    }

    String name() {
      return words.getFirst();
    }

    String word(int index) {
      return words.get(index);
    }
  }

  private final ServerSocket listening;
  private final List<Request> received = new CopyOnWriteArrayList<>();
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final AtomicInteger accepted = new AtomicInteger();
  private volatile Script script;

  ScriptedServer(ServerSocket listening, Script script) {
    this.listening = listening;
    this.script = script;
    Thread.ofPlatform().daemon().start(this::accept);
  }

  static ScriptedServer with(Script script) {
    return at(0, script);
  }

  /** On a port, where one listened before perhaps, or somebody's connection ends just now. */
  static ScriptedServer at(int port, Script script) {
    @Nullable ServerSocket[] bound = new ServerSocket[1];
    await(
        "port " + port + " is free",
        () -> {
          bound[0] = boundTo(port);
          return bound[0] != null;
        });
    return new ScriptedServer(Objects.requireNonNull(bound[0]), script);
  }

  private static @Nullable ServerSocket boundTo(int port) {
    try {
      ServerSocket listening = new ServerSocket();
      listening.setReuseAddress(true);
      // Small, so that a client that is not read from is soon stuck.
      listening.setReceiveBufferSize(4_096);
      try {
        listening.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 50);
        return listening;
      } catch (BindException e) {
        listening.close();
        return null;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A port at which nobody listens, for a server that comes later. */
  static int freePort() {
    try (ServerSocket once = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return once.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The body of an answer with a receipt; null fields are left out. */
  static String receipted(
      String level, @Nullable String token, @Nullable String outcome, String body) {
    List<String> fields = new ArrayList<>(List.of("+level", "+" + level, "+replica", ":7"));
    if (token != null) {
      fields.addAll(List.of("+token", "+" + token));
    }
    if (outcome != null) {
      fields.addAll(List.of("+outcome", "+" + outcome));
    }
    return "|" + fields.size() / 2 + "\r\n" + String.join("\r\n", fields) + "\r\n" + body;
  }

  static String bulk(String text) {
    return "$" + text.getBytes(StandardCharsets.ISO_8859_1).length + "\r\n" + text + "\r\n";
  }

  /** For a script to wait at, with a limit. */
  static void pass(CountDownLatch latch) throws InterruptedException {
    assertThat(latch.await(LIMIT_NANOS, java.util.concurrent.TimeUnit.NANOSECONDS)).isTrue();
  }

  static void await(String what, BooleanSupplier condition) {
    long began = System.nanoTime();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime() - began)
          .as("waited too long until %s", what)
          .isLessThan(LIMIT_NANOS);
      LockSupport.parkNanos(1_000_000);
    }
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = listening.accept();
        open.add(socket);
        if (listening.isClosed()) {
          closeQuietly(socket); // it came while all were being closed
        }
        int number = accepted.getAndIncrement();
        Thread.ofPlatform().daemon().start(() -> serve(socket, number));
      }
    } catch (IOException e) {
      // Closed: the test is over, or wants nobody to listen.
    }
  }

  private void serve(Socket socket, int number) {
    try (socket) {
      RequestParser parser = new RequestParser();
      ByteBuffer held = ByteBuffer.allocate(16 << 20);
      InputStream in = socket.getInputStream();
      int count = in.read(held.array());
      while (count > 0) {
        held.position(held.position() + count).flip();
        List<byte[]> request = parser.next(held);
        while (request != null) {
          String answer = answer(Request.of(number, request));
          if (answer.equals(HANG_UP)) {
            return;
          }
          socket.getOutputStream().write(answer.getBytes(StandardCharsets.ISO_8859_1));
          request = parser.next(held);
        }
        held.compact();
        count = in.read(held.array(), held.position(), held.remaining());
      }
    } catch (IOException | RespProtocolException e) {
      // The client has gone, or the test has ended the connection.
    } finally {
      open.remove(socket);
    }
  }

  private String answer(Request request) {
    try {
      if (request.name().equals("HELLO")) {
        received.add(request);
        return request.words().contains("wrong") ? "-WRONGPASS no\r\n" : "%0\r\n";
      }
      if (request.words().equals(List.of("GAMUT", "RECEIPT", "ON"))) {
        return OK;
      }
      received.add(request);
      return script.answer(request);
    } catch (Exception e) {
      return "-ERR the script failed: " + e + "\r\n";
    }
  }

  void script(Script other) {
    script = other;
  }

  String address() {
    return "127.0.0.1:" + port();
  }

  int port() {
    return listening.getLocalPort();
  }

  /** Data commands, greetings left aside. */
  List<Request> received() {
    return received.stream().filter(request -> !request.name().equals("HELLO")).toList();
  }

  List<Request> greetings() {
    return received.stream().filter(request -> request.name().equals("HELLO")).toList();
  }

  long received(String name) {
    return received.stream().filter(request -> request.name().equals(name)).count();
  }

  int connections() {
    return open.size();
  }

  /** Ends all connections, and goes on listening. */
  void hangUp() {
    open.forEach(ScriptedServer::closeQuietly);
  }

  private static void closeQuietly(Socket socket) {
    try {
      socket.close();
    } catch (IOException ignored) {
      // Gone already.
    }
  }

  @Override
  public void close() {
    try {
      listening.close();
    } catch (IOException ignored) {
      // Nobody listens, which is what was wanted.
    }
    hangUp();
  }
}
