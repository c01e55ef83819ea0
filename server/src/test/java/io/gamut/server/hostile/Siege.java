package io.gamut.server.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.internal.PlatformDependent;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hostile clients before one server, over real sockets, whatever its protocol is. All the while a
 * fresh client must be served soon, and what the server holds in memory must stay bounded: both are
 * measured again and again.
 *
 * <p>{@code -Dgamut.frames=N}, {@code -Dgamut.connections=N} and {@code -Dgamut.seed=S} say how
 * much. A long run has 1,000,000 and 9,000 of them.
 */
public final class Siege implements AutoCloseable {
  public static final int FRAMES = Integer.getInteger("gamut.frames", 15_000);
  public static final int CONNECTIONS = Integer.getInteger("gamut.connections", 1_000);
  public static final long SEED = Long.getLong("gamut.seed", 4_711L);

  private static final Logger LOGGER = LoggerFactory.getLogger(Siege.class);

  /** How soon a fresh client is answered, in the median. */
  private static final long MEDIAN_MILLIS_MAX = 100;

  /** And at the latest: a machine that tests beside it may hold it up for longer. */
  private static final long ANSWER_MILLIS_MAX = Long.getLong("gamut.answerMillis", 5_000L);

  /**
   * Of heap, behind a collection, and of buffers outside: what the budgets of a server with 1 GiB
   * come to, the clients' own part, and less than any of the attacks asks for.
   */
  private static final long HELD_BYTES_MAX = 400L << 20;

  private static final int REQUESTS_MAX = 400;
  private static final int SOCKET_MILLIS_MAX = 10_000;
  private static final int CHECKS = 10;

  private final Dialect dialect;
  private final long heldBefore;
  private final ResourceLeakDetector.Level levelBefore = ResourceLeakDetector.getLevel();
  private final ListAppender<ILoggingEvent> leaks = new ListAppender<>();
  private final List<Long> servedMicros = new ArrayList<>();
  private final long beganNanos = System.nanoTime();
  private long heldMax;

  /** Begins when a client has been served already: the first of all loads the server's classes. */
  public Siege(Dialect dialect) throws IOException {
    this.dialect = dialect;
    dialect.requireServed();
    ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.ADVANCED);
    leaks.start();
    leakLogger().addAppender(leaks);
    heldBefore = heldBytes();
  }

  private static ch.qos.logback.classic.Logger leakLogger() {
    return (ch.qos.logback.classic.Logger) LoggerFactory.getLogger(ResourceLeakDetector.class);
  }

  // What must hold

  /** A fresh client is answered, and what was there is there. */
  public void requireWell() throws IOException {
    long began = System.nanoTime();
    dialect.requireServed();
    long micros = TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - began);
    servedMicros.add(micros);
  }

  /** The same, and nobody has made the server hold too much. */
  public void requireBounded() throws IOException {
    requireWell();
    long held = heldBytes() - heldBefore;
    heldMax = Math.max(heldMax, held);
    assertThat(held).as("bytes held").isLessThan(HELD_BYTES_MAX);
  }

  private static long heldBytes() {
    Runtime runtime = Runtime.getRuntime();
    System.gc();
    long direct = Math.max(0, PlatformDependent.usedDirectMemory());
    return runtime.totalMemory() - runtime.freeMemory() + direct;
  }

  /** Nothing is left behind, and nobody had to wait. */
  @Override
  public void close() throws IOException {
    requireBounded();
    ResourceLeakDetector.setLevel(levelBefore);
    leakLogger().detachAppender(leaks);
    Collections.sort(servedMicros);
    long medianMicros = servedMicros.get(servedMicros.size() / 2);
    LOGGER.info(
        "{} s; a fresh client was answered {} times, within {} us in the median, {} at most;"
            + " {} MiB were held at most",
        TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - beganNanos),
        servedMicros.size(),
        medianMicros,
        servedMicros.getLast(),
        heldMax >> 20);
    assertThat(leaks.list).as("buffers that nobody released").isEmpty();
    assertThat(servedMicros.getLast())
        .as("microseconds until a fresh client was answered")
        .isLessThan(TimeUnit.MILLISECONDS.toMicros(ANSWER_MILLIS_MAX));
    assertThat(medianMicros)
        .as("microseconds until a fresh client was answered, in the median")
        .isLessThan(TimeUnit.MILLISECONDS.toMicros(MEDIAN_MILLIS_MAX));
  }

  // Single connections

  /** Opens a connection that gives up after a while. */
  public Socket socket() throws IOException {
    Socket socket = new Socket(dialect.server().host(), dialect.server().port());
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(SOCKET_MILLIS_MAX);
    return socket;
  }

  /** All that is answered to some bytes until the server ends the connection. */
  public String answersToEnd(byte[] sent) throws IOException {
    try (Socket socket = socket()) {
      try {
        socket.getOutputStream().write(sent);
      } catch (SocketException _) {
        // It was closed while it still sent; what was answered before can be read.
      }
      return text(socket.getInputStream().readAllBytes());
    }
  }

  /**
   * All that is answered to some bytes that come in two parts.
   *
   * @param at where the second part begins; before 0 for each byte on its own
   */
  public String answersSplit(byte[] sent, int at) throws IOException {
    try (Socket socket = socket()) {
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      all.writeBytes(sent);
      all.writeBytes(dialect.lastRequest());
      byte[] bytes = all.toByteArray();
      if (at < 0) {
        for (byte each : bytes) {
          socket.getOutputStream().write(each);
        }
      } else {
        socket.getOutputStream().write(bytes, 0, at);
        socket.getOutputStream().write(bytes, at, bytes.length - at);
      }
      return awaitMark(socket);
    }
  }

  /** What is answered up to the mark, or to the end of the connection where that comes first. */
  private String awaitMark(Socket socket) throws IOException {
    StringBuilder answered = new StringBuilder();
    byte[] some = new byte[1 << 14];
    int from = 0;
    while (answered.indexOf(dialect.mark(), from) < 0) {
      from = Math.max(0, answered.length() - dialect.mark().length());
      int count = socket.getInputStream().read(some);
      if (count < 0) {
        break;
      }
      answered.append(new String(some, 0, count, StandardCharsets.ISO_8859_1));
    }
    return answered.toString();
  }

  /** Bytes as text, one character for each. */
  public static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  /** Text as bytes, one for each character. */
  public static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  // Garbage

  /**
   * Sends {@link #FRAMES} frames: on each connection requests, until they are answered, and then
   * garbage that ends the connection in one way or another.
   */
  public void sendGarbage() throws IOException {
    SplittableRandom random = new SplittableRandom(SEED);
    int nextCheck = 0;
    int frames = 0;
    while (frames < FRAMES) {
      int count = random.nextInt(1, REQUESTS_MAX);
      ByteArrayOutputStream requests = new ByteArrayOutputStream();
      for (int i = 1; i < count; i++) {
        requests.writeBytes(dialect.request(random));
      }
      requests.writeBytes(dialect.lastRequest());
      byte[] end = dialect.garbage(random);
      int ending = random.nextInt(3);
      try (Socket socket = socket()) {
        socket.getOutputStream().write(requests.toByteArray());
        assertThat(awaitMark(socket))
            .as("seed %d, frame %d", SEED, frames)
            .contains(dialect.mark());
        socket.getOutputStream().write(end);
        end(socket, ending);
      } catch (SocketException _) {
        // It was closed while it still sent.
      }
      frames += count;
      if (frames >= nextCheck) {
        nextCheck += FRAMES / CHECKS;
        requireBounded();
      } else {
        requireWell();
      }
    }
  }

  private static void end(Socket socket, int how) throws IOException {
    switch (how) {
      case 0 -> {
        socket.shutdownOutput();
        byte[] some = new byte[1 << 16];
        while (socket.getInputStream().read(some) >= 0) {
          // Whatever is answered.
        }
      }
      case 1 -> socket.setSoLinger(true, 0);
      default -> {
        // Closed in the usual way, with answers unread.
      }
    }
  }

  // Too many

  /**
   * Opens {@link #CONNECTIONS} connections, each of which begins something, and stays; and some
   * before that, since a server that has just begun has its code yet to compile.
   */
  public void flood(List<byte[]> beginnings) throws IOException {
    flood(beginnings, CONNECTIONS / 4);
    servedMicros.clear();
    flood(beginnings, CONNECTIONS);
    requireBounded();
  }

  private void flood(List<byte[]> beginnings, int connections) throws IOException {
    try (Channels flood = new Channels()) {
      for (int i = 0; i < connections; i++) {
        SocketChannel channel = flood.open();
        channel.configureBlocking(true);
        channel.write(ByteBuffer.wrap(beginnings.get(i % beginnings.size())));
        switch (i % 7) {
          case 5 -> {
            var _ = channel.shutdownOutput();
          }
          case 6 -> {
            channel.setOption(StandardSocketOptions.SO_LINGER, 0);
            channel.close();
          }
          default -> {
            // It stays as it is.
          }
        }
        if (i % 50 == 0) {
          requireWell();
        }
      }
      requireBounded();
    }
  }

  /** Connections that ask for more than can be held, and do not read it. */
  public void askWithoutReading(int connections, byte[] asking) throws IOException {
    pushRehearsed(connections, asking);
  }

  /** Connections that send, together, more than can be held, of requests that do not end. */
  public void beginWithoutEnd(int connections, byte[] beginning) throws IOException {
    pushRehearsed(connections, beginning);
  }

  /**
   * Connections that have each sent a large request, were answered, and say no more: together more
   * than can be held.
   *
   * @param answer how the answer begins
   */
  public void fallSilentAfter(byte[] request, String answer) throws IOException {
    List<Socket> silent = new ArrayList<>();
    try {
      while ((long) silent.size() * request.length < HELD_BYTES_MAX * 4 / 3) {
        Socket socket = socket();
        silent.add(socket);
        socket.getOutputStream().write(request);
        assertThat(text(socket.getInputStream().readNBytes(answer.length()))).isEqualTo(answer);
      }
      requireBounded();
    } finally {
      for (Socket socket : silent) {
        socket.close();
      }
    }
  }

  /**
   * Twice, and the second time counts: what was never done has its code to compile, and its memory
   * to get.
   */
  private void pushRehearsed(int connections, byte[] bytes) throws IOException {
    push(connections, bytes);
    servedMicros.clear();
    push(connections, bytes);
  }

  private void push(int connections, byte[] bytes) throws IOException {
    try (Channels channels = new Channels()) {
      for (int i = 0; i < connections; i++) {
        channels.open();
      }
      push(channels, bytes);
    }
  }

  /** Sends the same on all connections at once, as far as the server takes it. */
  private void push(Channels channels, byte[] bytes) throws IOException {
    List<ByteBuffer> rest = new ArrayList<>();
    channels.all.forEach(_ -> rest.add(ByteBuffer.wrap(bytes)));
    int rounds = 0;
    // A round without progress may be one in which the server had other things to do.
    for (int idle = 0; idle < 2 * CHECKS; idle++) {
      for (int i = 0; i < channels.all.size(); i++) {
        if (channels.push(i, rest.get(i))) {
          idle = -1;
        }
      }
      requireWell();
      if (rounds++ % CHECKS == 0) {
        requireBounded();
      }
    }
  }

  /** Connections that only send, none of which waits for anything. */
  private final class Channels implements AutoCloseable {
    private final List<SocketChannel> all = new ArrayList<>();

    SocketChannel open() throws IOException {
      InetSocketAddress to =
          new InetSocketAddress(dialect.server().host(), dialect.server().port());
      SocketChannel channel = SocketChannel.open(to);
      channel.configureBlocking(false);
      all.add(channel);
      return channel;
    }

    /** Sends what goes, and says whether something went. */
    boolean push(int place, ByteBuffer rest) {
      try {
        return rest.hasRemaining() && all.get(place).write(rest) > 0;
      } catch (IOException _) {
        // The server has had enough of it.
        rest.position(rest.limit());
        return true;
      }
    }

    @Override
    public void close() throws IOException {
      for (SocketChannel channel : all) {
        channel.close();
      }
    }
  }

  // Too slow

  /** Sends one request in pieces that take a packet each; returns what comes until it is whole. */
  public String trickle(byte[] request, int pieceBytes) throws IOException {
    try (Socket socket = socket()) {
      long began = System.nanoTime();
      for (int sent = 0; sent < request.length; sent += pieceBytes) {
        socket.getOutputStream().write(request, sent, Math.min(pieceBytes, request.length - sent));
      }
      socket.getOutputStream().write(dialect.lastRequest());
      String answered = awaitMark(socket);
      assertThat(System.nanoTime() - began).isLessThan(TimeUnit.SECONDS.toNanos(20));
      return answered;
    }
  }
}
