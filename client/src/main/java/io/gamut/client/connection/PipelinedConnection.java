package io.gamut.client.connection;

import io.gamut.core.InvalidDataException;
import io.gamut.protocol.resp.ReplyReader;
import io.gamut.protocol.resp.RespValue;
import java.io.IOException;
import java.net.Socket;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One connection that any number of threads share: what they offer leaves in the order it was
 * offered, and replies come in that order.
 *
 * <p>Offering never waits for the network. One thread writes: whatever has gathered while the last
 * write was under way leaves with the next. One thread reads, and hands out the replies.
 *
 * <p><b>What was sent.</b> A request counts as sent from the moment the writer takes it, before its
 * first byte is written; one that the writer never took is certainly with nobody but us. This line
 * is what tells a write that may be repeated from one whose outcome is unknown.
 *
 * <p><b>Bounds.</b> At most {@code pipelineMax} requests are under way, and no more than {@value
 * #UNSENT_BYTES_MAX} bytes wait for the writer, one request apart.
 */
public final class PipelinedConnection {
  private static final int UNSENT_BYTES_MAX = 16 << 20;

  /** Is told that replies came, and that the connection ended, once. Must not block. */
  interface Listener {
    void onReplied(PipelinedConnection connection);

    void onClosed(PipelinedConnection connection, IOException cause);
  }

  private final ServerAddress server;
  private final SocketSource.Opened opened;
  private final int pipelineMax;
  private final Listener listener;
  private final ReplyReader replies;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition gathered = lock.newCondition();

  // Under the lock; the volatile ones may be read without it.
  private final ArrayDeque<Exchange> underWay = new ArrayDeque<>();
  private RequestBuffer gathering = new RequestBuffer();
  private RequestBuffer leaving = new RequestBuffer();
  private long answered;
  private long taken;
  private volatile int outstanding;
  private volatile long silentSinceNanos = System.nanoTime();
  private volatile @Nullable IOException ended;

  private PipelinedConnection(
      ServerAddress server, SocketSource.Opened opened, int pipelineMax, Listener listener)
      throws IOException {
    this.server = server;
    this.opened = opened;
    this.pipelineMax = pipelineMax;
    this.listener = listener;
    this.replies = new ReplyReader(opened.socket().getInputStream());
  }

  /**
   * Connects and greets: sends the greeting's requests, of which none may be answered by an error.
   * Blocks for up to the limit a step.
   */
  static PipelinedConnection open(
      ServerAddress server,
      SocketSource sockets,
      List<byte[][]> greeting,
      int timeoutMillis,
      int pipelineMax,
      Listener listener)
      throws IOException {
    SocketSource.Opened opened = sockets.open(server, timeoutMillis);
    try {
      PipelinedConnection connection =
          new PipelinedConnection(server, opened, pipelineMax, listener);
      connection.greet(greeting);
      opened.socket().setSoTimeout(0);
      return connection;
    } catch (IOException | InvalidDataException e) {
      opened.below().close();
      throw e instanceof IOException broken ? broken : new IOException(e.getMessage(), e);
    }
  }

  private void greet(List<byte[][]> greeting) throws IOException {
    greeting.forEach(gathering::request);
    gathering.flushTo(opened.socket().getOutputStream());
    for (int i = 0; i < greeting.size(); i++) {
      if (replies.read() instanceof RespValue.Failure failure) {
        throw new GreetingRefusedException(failure);
      }
    }
  }

  /** Begins to serve; before this nothing may be offered. */
  void start() {
    Thread.ofVirtual().name("gamut-client-write-" + server).start(this::writeAll);
    // A thread of its own wakes up sooner than one that first needs a carrier.
    Thread.ofPlatform().daemon().name("gamut-client-read-" + server).start(this::readAll);
  }

  public ServerAddress server() {
    return server;
  }

  int outstanding() {
    return outstanding;
  }

  boolean hasRoom() {
    return ended == null && outstanding < pipelineMax;
  }

  /** Takes a request, unless the connection is full or has ended; then nothing has happened. */
  boolean offer(Exchange exchange) {
    lock.lock();
    try {
      if (!hasRoom() || gathering.length() > UNSENT_BYTES_MAX) {
        return false;
      }
      exchange.write(gathering);
      if (underWay.isEmpty()) {
        silentSinceNanos = System.nanoTime();
      }
      underWay.add(exchange);
      outstanding = underWay.size();
      gathered.signal();
      return true;
    } finally {
      lock.unlock();
    }
  }

  private void writeAll() {
    try {
      while (takeGathered()) {
        leaving.flushTo(opened.socket().getOutputStream());
      }
    } catch (IOException e) {
      end(e);
    }
  }

  /** Waits for requests and takes them; false if there will be none any more. */
  private boolean takeGathered() {
    lock.lock();
    try {
      while (gathering.length() == 0 && ended == null) {
        gathered.awaitUninterruptibly();
      }
      RequestBuffer full = gathering;
      gathering = leaving;
      leaving = full;
      taken = answered + underWay.size();
      return ended == null;
    } finally {
      lock.unlock();
    }
  }

  private void readAll() {
    try {
      while (ended == null) {
        RespValue reply = replies.read();
        answeredNext().onReply(reply);
        listener.onReplied(this);
      }
    } catch (IOException e) {
      end(e);
    } catch (RuntimeException e) {
      end(new IOException("what came over it cannot be used: " + e.getMessage(), e));
    }
  }

  private Exchange answeredNext() {
    lock.lock();
    try {
      Exchange eldest = underWay.poll();
      if (eldest == null) {
        throw new InvalidDataException("a reply to no request");
      }
      answered++;
      outstanding = underWay.size();
      silentSinceNanos = System.nanoTime();
      return eldest;
    } finally {
      lock.unlock();
    }
  }

  /** For how long the server has owed a reply without sending any. */
  long silentNanos(long nowNanos) {
    return outstanding == 0 ? 0 : nowNanos - silentSinceNanos;
  }

  /** Ends the connection now; what is under way is told. Blocks on nothing. */
  void end(IOException cause) {
    List<Exchange> sent = new ArrayList<>();
    List<Exchange> unsent = new ArrayList<>();
    lock.lock();
    try {
      if (ended != null) {
        return;
      }
      ended = cause;
      for (Exchange exchange : underWay) {
        (answered + sent.size() < taken ? sent : unsent).add(exchange);
      }
      underWay.clear();
      outstanding = 0;
      gathered.signal();
    } finally {
      lock.unlock();
    }
    closeQuietly(opened.below());
    // Those that may go elsewhere find this one gone.
    listener.onClosed(this, cause);
    sent.forEach(exchange -> exchange.onGone(true, cause));
    unsent.forEach(exchange -> exchange.onGone(false, cause));
  }

  private static void closeQuietly(Socket socket) {
    try {
      socket.close();
    } catch (IOException ignored) {
      // A socket that cannot even be closed has nothing left to lose.
    }
  }
}
