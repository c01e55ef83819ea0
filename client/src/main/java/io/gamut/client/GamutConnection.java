package io.gamut.client;

import io.gamut.client.connection.RequestBuffer;
import io.gamut.core.InvalidDataException;
import io.gamut.protocol.resp.ReplyReader;
import io.gamut.protocol.resp.RespValue;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * One connection to a server that speaks RESP 3, for one thread at a time.
 *
 * <p>{@link #call} sends a request and waits for its reply: one write of the socket, and in calm
 * weather one read. Pipelines are made of {@link #send}, which gathers, and {@link #receive}, which
 * first sends what was gathered; replies come in the order of the requests. Receive before what is
 * under way fills the buffers of both kernels: a server that cannot write its replies stops reading
 * requests.
 *
 * <p>A reply is a value, an error of the server too ({@link RespValue.Failure}). An exception means
 * that the connection is gone: it is closed then, and its session with it, unless the session's
 * token was read before.
 */
public final class GamutConnection implements AutoCloseable {
  /** Bytes gathered before {@link #send} writes by itself. */
  private static final int GATHERED_BYTES_MAX = 32 << 10;

  private final String address;
  private final Socket socket;
  private final OutputStream out;
  private final ReplyReader replies;
  private final RequestBuffer requests = new RequestBuffer();
  private final Duration timeout;
  private long underWay;

  private GamutConnection(String address, Socket socket, Duration timeout) throws IOException {
    this.address = address;
    this.socket = socket;
    this.timeout = timeout;
    this.out = socket.getOutputStream();
    this.replies = new ReplyReader(socket.getInputStream());
  }

  /**
   * Connects and greets.
   *
   * @param timeout the limit for connecting, and for each reply; at least one millisecond
   */
  public static GamutConnection open(String host, int port, Duration timeout)
      throws ConnectionException {
    return open(host, port, timeout, new String[] {"HELLO", "3"});
  }

  /** The same at a server that has users. */
  public static GamutConnection open(String host, int port, Duration timeout, Credentials who)
      throws ConnectionException {
    String[] greeting = {"HELLO", "3", "AUTH", who.user(), who.password()};
    return open(host, port, timeout, greeting);
  }

  private static GamutConnection open(String host, int port, Duration timeout, String[] greeting)
      throws ConnectionException {
    String address = host + ":" + port;
    Socket socket = new Socket();
    try {
      socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
      socket.connect(new InetSocketAddress(host, port), millis(timeout));
      socket.setSoTimeout(millis(timeout));
      GamutConnection connection = new GamutConnection(address, socket, timeout);
      if (connection.call(greeting) instanceof RespValue.Failure failure) {
        throw new IOException("it answered the greeting with: " + failure.message());
      }
      return connection;
    } catch (IOException e) {
      closeQuietly(socket);
      throw new ConnectionException.Refused(
          "no connection to " + address + ": " + e.getMessage(), e);
    }
  }

  private static int millis(Duration timeout) {
    return Math.clamp(timeout.toMillis(), 1, Integer.MAX_VALUE);
  }

  /** Sends a request and waits for its reply; nothing else may be under way. */
  public RespValue call(byte[]... arguments) throws ConnectionException {
    if (underWay > 0) {
      throw new IllegalStateException(underWay + " replies are still to be received");
    }
    send(arguments);
    return receive();
  }

  /** {@link #call(byte[][])} with text as UTF-8. */
  public RespValue call(String... arguments) throws ConnectionException {
    return call(encoded(arguments));
  }

  /** Gathers a request; it leaves with {@link #flush} or {@link #receive}, or when it is time. */
  public void send(byte[]... arguments) throws ConnectionException {
    requests.request(arguments);
    underWay++;
    if (requests.length() > GATHERED_BYTES_MAX) {
      flush();
    }
  }

  /** {@link #send(byte[][])} with text as UTF-8. */
  public void send(String... arguments) throws ConnectionException {
    send(encoded(arguments));
  }

  /** Lets what was gathered leave now. */
  public void flush() throws ConnectionException {
    try {
      requests.flushTo(out);
    } catch (IOException e) {
      throw closed(e);
    }
  }

  /** The reply to the eldest request under way. */
  public RespValue receive() throws ConnectionException {
    if (underWay == 0) {
      throw new IllegalStateException("no request is under way");
    }
    flush();
    try {
      RespValue reply = replies.read();
      underWay--;
      return reply;
    } catch (SocketTimeoutException e) {
      close();
      throw new ConnectionException.TimedOut(
          address + " did not answer within " + timeout.toMillis() + " ms; the outcome is unknown",
          e);
    } catch (IOException | InvalidDataException e) {
      throw closed(e);
    }
  }

  private ConnectionException closed(Exception cause) {
    close();
    boolean unknown = underWay > 0;
    return new ConnectionException.Closed(
        "the connection to "
            + address
            + " is gone ("
            + cause.getMessage()
            + (unknown ? "); the outcome is unknown" : ")"),
        unknown,
        cause);
  }

  private static byte[][] encoded(String... arguments) {
    byte[][] encoded = new byte[arguments.length][];
    for (int i = 0; i < arguments.length; i++) {
      encoded[i] = arguments[i].getBytes(StandardCharsets.UTF_8);
    }
    return encoded;
  }

  public boolean isClosed() {
    return socket.isClosed();
  }

  @Override
  public void close() {
    closeQuietly(socket);
  }

  private static void closeQuietly(Socket socket) {
    try {
      socket.close();
    } catch (IOException ignored) {
      // A socket that cannot even be closed has nothing left to lose.
    }
  }
}
