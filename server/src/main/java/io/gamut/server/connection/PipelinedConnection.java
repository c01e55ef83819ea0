package io.gamut.server.connection;

import io.gamut.core.BinaryWriter;
import io.gamut.overlay.Endpoint;
import io.gamut.server.service.ClientConnection;
import io.gamut.server.service.ConnectionLimits;
import io.gamut.server.service.NodeServices;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client's connection: takes its requests in order and answers them in order.
 *
 * <p><b>Order.</b> Requests take effect as they came, pipelined ones too. Writes may be under way
 * together, weak ones or strong ones, since the replica keeps the order of each kind, and strong
 * reads that are read together; anything else begins only when nothing is under way, so a read sees
 * all writes before it, and no write overtakes a read that waits.
 *
 * <p><b>Bounds.</b> While {@value #UNDER_WAY_MAX} answers are outstanding, the disk is behind, or
 * the client does not read its answers, nothing more is read from it. What it holds of requests and
 * answers counts against a {@link ClientMemory}.
 *
 * @param <W> writes replies of its protocol
 */
public final class PipelinedConnection<W> extends ChannelInboundHandlerAdapter
    implements ClientConnection {
  /** Said to a client whose request cannot be taken. */
  public static final String NO_ROOM =
      "requests and answers of clients take up the memory there is for them";

  private static final Logger LOGGER = LoggerFactory.getLogger(PipelinedConnection.class);
  private static final int UNDER_WAY_MAX = 4_096;
  private static final int OUT_BYTES_MAX = 1 << 20;

  /**
   * For which requests are begun one after the other, before others on the loop have their turn.
   */
  private static final long BEGINNING_NANOS_MAX = 1_000_000;

  private final NodeServices services;
  private final ClientMemory.Share share;
  private final Function<PipelinedConnection<W>, Dialogue<W>> protocol;
  private final ArrayDeque<Answer> answers = new ArrayDeque<>();
  private final UnderWay underWay = new UnderWay();
  private BinaryWriter out = new BinaryWriter();
  private @Nullable ChannelHandlerContext context;
  private @Nullable ByteBuf unread;
  private @Nullable Dialogue<W> dialogue;
  private @Nullable Request held;
  private @Nullable Request running;
  private long takenNanos;

  /** Of the request that was taken last, which may be held. */
  private long takenBytes;

  private boolean isAnswered = true;
  private boolean proceeding;
  private boolean mayProceed;
  private boolean yielding;
  private boolean paused;
  private boolean flushScheduled;
  private boolean isInputOver;
  private boolean closing;

  /**
   * @param memory that all connections of the protocol share
   * @param protocol begins the dialogue once the connection is open
   */
  public PipelinedConnection(
      NodeServices services,
      ClientMemory memory,
      Function<PipelinedConnection<W>, Dialogue<W>> protocol) {
    this.services = services;
    share = memory.share(() -> later(this::onEvicted));
    this.protocol = protocol;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    context = ctx;
    dialogue = protocol.apply(this);
  }

  /** Where the client found this server. */
  public Endpoint localAddress() {
    InetSocketAddress local = (InetSocketAddress) context().channel().localAddress();
    return new Endpoint(local.getAddress().getHostAddress(), local.getPort());
  }

  /** Where the client is, for people. */
  public String remoteAddress() {
    return String.valueOf(context().channel().remoteAddress()).replace("/", "");
  }

  private Dialogue<W> dialogue() {
    if (dialogue == null) {
      throw new IllegalStateException("the connection is not open yet");
    }
    return dialogue;
  }

  private ChannelHandlerContext context() {
    if (context == null) {
      throw new IllegalStateException("the connection is not open yet");
    }
    return context;
  }

  // Bytes in

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    ByteBuf more = (ByteBuf) message;
    if (closing) {
      more.release();
    } else if (unread == null) {
      unread = more;
    } else {
      unread = Incoming.joined(unread, more, ctx);
    }
    proceed();
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    flush();
  }

  /** Takes requests as long as there are any and they may begin. */
  private void proceed() {
    mayProceed = true;
    if (proceeding) {
      return; // what is begun may be answered at once
    }
    proceeding = true;
    long began = System.nanoTime();
    try {
      while (mayProceed) {
        mayProceed = false;
        beginRequests(began);
        dialogue().reads().flush();
      }
    } finally {
      proceeding = false;
    }
    releaseIfEmpty();
    regulate();
    account();
  }

  private void beginRequests(long began) {
    while (!closing && mayBegin() && !underWay.isAlone()) {
      Request request = held != null ? held : next();
      held = null;
      if (request == null) {
        closing = isInputOver;
        return;
      }
      if (!underWay.mayBegin(request, dialogue().reads())) {
        held = request;
        return;
      }
      run(request);
      if (takenNanos - began > BEGINNING_NANOS_MAX) {
        yieldToOthers();
      }
    }
  }

  private void yieldToOthers() {
    yielding = true;
    later(() -> {
      yielding = false;
      resume();
    });
  }

  /** What is not begun, to be answered later, is answered when this returns. */
  private void run(Request request) {
    running = request;
    takenNanos = System.nanoTime();
    dialogue().run(request);
    if (running != null) {
      running = null;
      dialogue().onAnswered(request, System.nanoTime() - takenNanos);
    }
  }

  private @Nullable Request next() {
    if (unread == null) {
      return null;
    }
    ByteBuffer bytes = unread.nioBuffer();
    long begunBytes = dialogue().begunBytes();
    Request request = dialogue().next(bytes);
    unread.skipBytes(bytes.position());
    takenBytes = begunBytes + bytes.position() - dialogue().begunBytes();
    return request;
  }

  private void releaseIfEmpty() {
    if (unread != null && !unread.isReadable()) {
      unread.release();
      unread = null;
    }
  }

  private boolean mayBegin() {
    if (services.isOverloaded()) {
      awaitRoom();
      return false;
    }
    return !yielding && answers.size() < UNDER_WAY_MAX && context().channel().isWritable();
  }

  /**
   * Goes on once there is room. Whoever stops for want of it must call this: there may be some a
   * moment later, and nobody else would say so.
   */
  private void awaitRoom() {
    if (!paused) {
      paused = true;
      services.whenRoom(() -> context().executor().execute(this::onRoom));
    }
  }

  /** Stops or goes on reading from the socket. */
  private void regulate() {
    boolean mayRead = mayBegin() && !underWay.isAlone() && held == null;
    if (context().channel().config().isAutoRead() != mayRead) {
      context().channel().config().setAutoRead(mayRead);
    }
  }

  private void onRoom() {
    paused = false;
    resume();
  }

  private void resume() {
    try {
      proceed();
      flush();
    } catch (RuntimeException e) {
      exceptionCaught(context(), e);
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    if (ctx.channel().isWritable()) {
      resume();
    }
    account();
  }

  // What is held

  private void account() {
    ChannelOutboundBuffer leaving = context().channel().unsafe().outboundBuffer();
    long coming = (unread == null ? 0 : unread.capacity()) + dialogue().begunBytes();
    long asked = coming + (held == null ? 0 : takenBytes) + underWay.readingBytes();
    long answered = out.length() + (leaving == null ? 0 : leaving.totalPendingWriteBytes());
    share.hold(asked + answered);
  }

  private void onEvicted() {
    LOGGER.debug("A {} connection is closed: it holds too much", dialogue().protocol());
    if (answers.isEmpty() && context().channel().isWritable()) {
      isAnswered = true;
      answerNow(dialogue().noRoom());
      closing = true;
      flush();
    } else {
      var _ = context().close();
    }
  }

  // Answers out

  /** Whether the request that is being run is answered: else its reply goes nowhere. */
  public void setAnswered(boolean answered) {
    isAnswered = answered;
  }

  /** Answers the request that is being run, after those before it. */
  public void answerNow(Consumer<W> reply) {
    if (answers.isEmpty() && isAnswered) {
      reply.accept(dialogue().writer(out));
      if (out.length() >= OUT_BYTES_MAX) {
        flush();
      }
    } else {
      answer(newAnswer(null), reply);
    }
  }

  private Answer newAnswer(@Nullable Request request) {
    return newAnswer(request, 0);
  }

  private Answer newAnswer(@Nullable Request request, long bytes) {
    Answer answer = new Answer(isAnswered, request, takenNanos, bytes);
    answers.add(answer);
    return answer;
  }

  /** Begins what is answered later: the requests behind it may begin as their kind allows. */
  public Answer begin(Kind kind) {
    Request begun = running;
    running = null;
    return newAnswer(begun, underWay.begin(kind, begun == null ? 0 : takenBytes));
  }

  /** What was begun is done. From any thread. */
  public void end(Answer answer, Consumer<W> reply) {
    onThisLoop(() -> {
      underWay.end(answer.bytes());
      answer(answer, reply);
      if (answer.request() != null) {
        dialogue().onAnswered(answer.request(), System.nanoTime() - answer.takenNanos());
      }
      drainAnswers();
      if (underWay.isNothing() || answers.size() < UNDER_WAY_MAX / 2) {
        proceed();
      }
      flushSoon();
    });
  }

  /** Runs a task after others have had their turn. */
  public void later(Runnable task) {
    context().executor().execute(task);
  }

  public boolean isOpen() {
    return context().channel().isActive();
  }

  public void onThisLoop(Runnable task) {
    if (context().executor().inEventLoop()) {
      task.run();
    } else {
      context().executor().execute(task);
    }
  }

  /** Flushes after the other answers that are being given now: they share a system call. */
  private void flushSoon() {
    if (!flushScheduled) {
      flushScheduled = true;
      context()
          .executor()
          .execute(() -> {
            flushScheduled = false;
            flush();
          });
    }
  }

  private void answer(Answer answer, Consumer<W> reply) {
    boolean isNext = answers.getFirst().equals(answer);
    BinaryWriter to = isNext ? out : new BinaryWriter();
    int before = to.length();
    if (answer.isAnswered()) {
      reply.accept(dialogue().writer(to));
    }
    underWay.onAnswered(to.length() - before);
    if (isNext) {
      answers.removeFirst();
    } else {
      answer.complete(to);
    }
  }

  private void drainAnswers() {
    while (!answers.isEmpty()) {
      BinaryWriter written = answers.getFirst().written();
      if (written == null) {
        return;
      }
      out.write(written);
      answers.removeFirst();
    }
  }

  private void flush() {
    drainAnswers();
    if (out.length() > 0) {
      // Taken out first: while it writes, the channel may say that it is writable again, and so
      // bring us back here.
      BinaryWriter leaving = out;
      out = new BinaryWriter();
      Outgoing.send(context(), leaving);
      account();
    }
    if (closing && answers.isEmpty()) {
      ConnectionLimits.closeWhenTaken(context());
    }
  }

  // The end

  /** Takes nothing more and closes once all is answered. */
  public void closeWhenAnswered() {
    closing = true;
  }

  @Override
  public void drain() {
    closing = true;
    flush();
  }

  @Override
  public void finish() {
    isInputOver = true;
    resume();
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    closing = true;
    share.release();
    dialogue().onClosed();
    held = null;
    if (unread != null) {
      unread.release();
      unread = null;
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (cause instanceof IOException) {
      LOGGER.debug("A {} connection has failed: {}", dialogue().protocol(), cause.getMessage());
    } else if (cause instanceof UncheckedIOException) {
      LOGGER.error(
          "A {} connection is closed because the store could not be read",
          dialogue().protocol(),
          cause);
    } else {
      LOGGER.error("A {} connection is closed because of a bug", dialogue().protocol(), cause);
    }
    var _ = ctx.close();
  }
}
