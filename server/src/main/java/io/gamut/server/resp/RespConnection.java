package io.gamut.server.resp;

import io.gamut.core.BinaryWriter;
import io.gamut.core.InvalidDataException;
import io.gamut.protocol.resp.ReplyWriter;
import io.gamut.protocol.resp.RequestParser;
import io.gamut.protocol.resp.RespProtocolException;
import io.gamut.server.service.NodeServices;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client's connection: takes its requests in order and answers them in order.
 *
 * <p><b>Order.</b> Requests take effect as they came, pipelined ones too. Writes may be under way
 * together, weak ones or strong ones, since the replica keeps the order of each kind; anything else
 * begins only when nothing is under way, so a read sees all writes before it, and no write
 * overtakes a read that waits.
 *
 * <p><b>Bounds.</b> While {@value #UNDER_WAY_MAX} answers are outstanding, the disk is behind, or
 * the client does not read its answers, nothing more is read from it.
 */
final class RespConnection extends ChannelInboundHandlerAdapter {
  private static final Logger LOGGER = LoggerFactory.getLogger(RespConnection.class);
  private static final int UNDER_WAY_MAX = 4_096;
  private static final int OUT_BYTES_MAX = 1 << 20;

  private final NodeServices services;
  private final RequestParser parser = new RequestParser();
  private final Commands commands;
  private final ArrayDeque<Answer> answers = new ArrayDeque<>();
  private BinaryWriter out = new BinaryWriter();
  private @Nullable ChannelHandlerContext context;
  private @Nullable ByteBuf unread;
  private @Nullable List<byte[]> held;
  private int writesUnderWay;
  private WriteKind kindUnderWay = WriteKind.NONE;
  private boolean waiting;
  private boolean proceeding;
  private boolean paused;
  private boolean flushScheduled;
  private boolean closing;

  RespConnection(NodeServices services) {
    this.services = services;
    this.commands = new Commands(services, this);
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    context = ctx;
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
    if (unread == null) {
      unread = more;
    } else {
      ByteBuf all = ctx.alloc().buffer(unread.readableBytes() + more.readableBytes());
      all.writeBytes(unread).writeBytes(more);
      unread.release();
      more.release();
      unread = all;
    }
    proceed();
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    flush();
  }

  /** Takes requests as long as there are any and they may begin. */
  private void proceed() {
    if (proceeding) {
      return;
    }
    proceeding = true;
    try {
      while (!closing && !waiting && mayBegin()) {
        List<byte[]> request = held != null ? held : next();
        held = null;
        if (request == null) {
          break;
        }
        WriteKind kind = commands.writeKind(request);
        if (writesUnderWay > 0 && kind != kindUnderWay) {
          held = request;
          break;
        }
        kindUnderWay = kind;
        run(request);
      }
    } catch (RespProtocolException e) {
      answerNow(writer -> writer.error("ERR " + e.getMessage()));
      closeWhenAnswered();
    } finally {
      proceeding = false;
    }
    releaseIfEmpty();
    regulate();
  }

  private void run(List<byte[]> request) {
    try {
      commands.run(request);
    } catch (InvalidDataException e) {
      answerNow(writer -> writer.error("ERR " + e.getMessage()));
    }
  }

  private @Nullable List<byte[]> next() throws RespProtocolException {
    if (unread == null) {
      return null;
    }
    ByteBuffer bytes = unread.nioBuffer();
    List<byte[]> request = parser.next(bytes);
    unread.skipBytes(bytes.position());
    return request;
  }

  private void releaseIfEmpty() {
    if (unread != null && !unread.isReadable()) {
      unread.release();
      unread = null;
    }
  }

  private boolean mayBegin() {
    return answers.size() < UNDER_WAY_MAX
        && context().channel().isWritable()
        && !services.isOverloaded();
  }

  /** Stops or goes on reading from the socket. */
  private void regulate() {
    boolean mayRead = mayBegin() && !waiting && held == null;
    if (context().channel().config().isAutoRead() != mayRead) {
      context().channel().config().setAutoRead(mayRead);
    }
    if (services.isOverloaded() && !paused) {
      paused = true;
      services.whenRoom(() -> context().executor().execute(this::onRoom));
    }
  }

  private void onRoom() {
    paused = false;
    resume();
  }

  private void resume() {
    proceed();
    flush();
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    if (ctx.channel().isWritable()) {
      resume();
    }
  }

  // Answers out

  /** Answers the request that is being run, after those before it. */
  void answerNow(Consumer<ReplyWriter> reply) {
    if (answers.isEmpty()) {
      reply.accept(new ReplyWriter(out, commands.isResp3()));
      if (out.length() >= OUT_BYTES_MAX) {
        flush();
      }
    } else {
      answer(later(), reply);
    }
  }

  private Answer later() {
    Answer answer = new Answer();
    answers.add(answer);
    return answer;
  }

  /** Begins a write: others may begin beside it. */
  Answer beginWrite() {
    writesUnderWay++;
    return later();
  }

  /** Begins something that nothing may begin beside. */
  Answer beginWait() {
    waiting = true;
    return later();
  }

  /** A write is done. From any thread. */
  void endWrite(Answer answer, Consumer<ReplyWriter> reply) {
    onThisLoop(() -> {
      writesUnderWay--;
      end(answer, reply);
    });
  }

  /** What was waited for is there. From any thread. */
  void endWait(Answer answer, Consumer<ReplyWriter> reply) {
    onThisLoop(() -> {
      waiting = false;
      end(answer, reply);
    });
  }

  void onThisLoop(Runnable task) {
    if (context().executor().inEventLoop()) {
      task.run();
    } else {
      context().executor().execute(task);
    }
  }

  private void end(Answer answer, Consumer<ReplyWriter> reply) {
    answer(answer, reply);
    drainAnswers();
    if (writesUnderWay == 0 || answers.size() < UNDER_WAY_MAX / 2) {
      proceed();
    }
    flushSoon();
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

  private void answer(Answer answer, Consumer<ReplyWriter> reply) {
    BinaryWriter own = new BinaryWriter();
    reply.accept(new ReplyWriter(own, commands.isResp3()));
    answer.complete(own.toByteArray());
  }

  private void drainAnswers() {
    while (!answers.isEmpty()) {
      byte[] bytes = answers.getFirst().bytes();
      if (bytes == null) {
        return;
      }
      out.writeRaw(bytes);
      answers.removeFirst();
    }
  }

  private void flush() {
    drainAnswers();
    if (out.length() > 0) {
      // Taken out first: while it writes, the channel may say that it is writable again, and so
      // bring us back here.
      byte[] bytes = out.toByteArray();
      out = new BinaryWriter();
      var _ = context().writeAndFlush(Unpooled.wrappedBuffer(bytes), context().voidPromise());
    }
    if (closing && answers.isEmpty()) {
      var _ =
          context().writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    }
  }

  // The end

  /** Takes nothing more and closes once all is answered. */
  void closeWhenAnswered() {
    closing = true;
  }

  /** The server stops: as {@link #closeWhenAnswered}, at once if nothing is under way. */
  void drain() {
    closing = true;
    flush();
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    closing = true;
    if (unread != null) {
      unread.release();
      unread = null;
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (cause instanceof IOException) {
      LOGGER.debug("A RESP connection has failed: {}", cause.getMessage());
    } else if (cause instanceof UncheckedIOException) {
      LOGGER.error("A RESP connection is closed because the store could not be read", cause);
    } else {
      LOGGER.error("A RESP connection is closed because of a bug", cause);
    }
    var _ = ctx.close();
  }
}
