package io.gamut.server.http;

import io.gamut.core.InvalidDataException;
import io.gamut.core.TokenSeal;
import io.gamut.server.access.User;
import io.gamut.server.access.Verdict;
import io.gamut.server.request.Reads;
import io.gamut.server.request.Writes;
import io.gamut.server.service.ClientConnection;
import io.gamut.server.service.ConnectionLimits;
import io.gamut.server.service.NodeServices;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client's connection: takes its requests one after the other, the next one when the answer to
 * the one before has left. On its event loop.
 *
 * <p><b>Bounds.</b> While a request is done nothing is read, so what is pipelined waits in the
 * client's own buffers, but for what came with the same packet. A head and a body each must be here
 * in time, however they trickle in; bodies share a budget with those of other connections; a client
 * that does not read its answer is let go.
 *
 * <p><b>What cannot go on</b> (bytes that are no HTTP, a body that is too long) gets its answer,
 * and then the connection is read for a moment longer without looking: if it were closed at once,
 * the system would tell a client that still sends of a reset, and the answer would be lost.
 */
final class HttpConnection extends ChannelInboundHandlerAdapter
    implements ClientConnection, Exchange.Client {
  private static final Logger LOGGER = LoggerFactory.getLogger(HttpConnection.class);

  /** Of a request that is refused by its head: a longer body is not waited for. */
  private static final int SKIPPED_BYTES_MAX = 64 << 10;

  /** What it is about. */
  private enum State {
    /** A request's head is awaited. */
    HEAD,
    /** The rest of it is. */
    BODY,
    /** It is being done. */
    DOING,
    /** Its answer is on the way. */
    ANSWERING,
    /** Whatever comes is dropped, until the client closes or time is up. */
    LINGERING
  }

  private final HttpShared shared;
  private final NodeServices services;
  private final TokenSeal seal;
  private final Admission admission;
  private final ArrayDeque<HttpObject> unread = new ArrayDeque<>();
  private final Arrivals arrivals;
  private State state = State.HEAD;
  private Body body;
  private @Nullable ChannelHandlerContext context;
  private @Nullable Reads reads;
  private @Nullable Writes writes;
  private @Nullable Head head;
  private @Nullable Future<?> timer;
  private long number;
  private boolean hasBegun;
  private boolean isProceeding;
  private boolean isStalled;
  private boolean isDraining;
  private boolean isInputOver;

  /**
   * The head of the request that is being received or done.
   *
   * @param refusal why it will not be done, once it is here in full
   */
  private record Head(
      HttpRequest request,
      @Nullable Target target,
      @Nullable Route route,
      boolean isKept,
      @Nullable ProblemException refusal) {}

  HttpConnection(HttpShared shared) {
    this.shared = shared;
    services = shared.services().connection();
    seal = services.newSeal();
    admission = new Admission(shared.access());
    body = new Body(shared.bodies(), 0);
    arrivals = new Arrivals(this::onBytes, this::mayRead, shared.bodies(), this::onNoRoom);
  }

  /** Goes before the decoder. */
  ChannelHandler arrivals() {
    return arrivals;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    context = ctx;
    reads = new Reads(services, this::onThisLoop);
    writes = new Writes(services, this::onThisLoop);
    ctx.channel().closeFuture().addListener(_ -> shared.open().decrementAndGet());
    if (shared.open().incrementAndGet() > shared.limits().connectionsMax()) {
      LOGGER.debug("An HTTP connection is closed: there are too many");
      var _ = ctx.close();
    }
    startTimer(shared.limits().headMillis());
  }

  private ChannelHandlerContext context() {
    if (context == null) {
      throw new IllegalStateException("the connection is not open yet");
    }
    return context;
  }

  // Requests in

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (state == State.LINGERING) {
      ReferenceCountUtil.release(message);
      return;
    }
    unread.add((HttpObject) message);
    proceed();
  }

  private void proceed() {
    if (isProceeding) {
      return;
    }
    isProceeding = true;
    try {
      while (state == State.HEAD || state == State.BODY) {
        HttpObject next = unread.poll();
        if (next == null) {
          break;
        }
        take(next);
      }
    } finally {
      isProceeding = false;
    }
    regulate();
    arrivals.passOn();
    if (isInputOver && mayRead() && arrivals.isEmpty() && unread.isEmpty()) {
      ConnectionLimits.closeWhenTaken(context());
    }
  }

  private void onBytes() {
    hasBegun = true;
  }

  /** The request that is being done is answered, and what came after it is dropped. */
  private void onNoRoom() {
    if (mayRead()) {
      giveUp(Body.noRoom().answer());
    } else {
      arrivals.drop();
      dropUnread();
      isDraining = true;
    }
  }

  private boolean mayRead() {
    return state != State.DOING && state != State.ANSWERING;
  }

  private void regulate() {
    if (context().channel().config().isAutoRead() != mayRead()) {
      context().channel().config().setAutoRead(mayRead());
    }
  }

  private void take(HttpObject next) {
    try {
      if (next.decoderResult().isFailure()) {
        throw Heads.unreadable(next.decoderResult().cause());
      }
      if (next instanceof HttpRequest request) {
        onHead(request);
      }
      if (next instanceof HttpContent content) {
        onContent(content);
      }
    } catch (ProblemException e) {
      giveUp(e.answer());
    } finally {
      ReferenceCountUtil.release(next);
    }
  }

  private void onHead(HttpRequest request) {
    number++;
    state = State.BODY;
    startTimer(shared.limits().bodyMillis());
    boolean isKept = HttpUtil.isKeepAlive(request);
    try {
      Heads.check(request);
      Target target = Target.parse(request.uri());
      Route route = Route.find(request.method(), target);
      admission.requireSaid(route, request.headers());
      Heads.requireRoom(request, route.bodyBytesMax());
      body = new Body(shared.bodies(), Heads.bodyBytesMax(request, route.bodyBytesMax()));
      head = new Head(request, target, route, isKept, null);
      if (route.bodyBytesMax() > 0 && HttpUtil.is100ContinueExpected(request)) {
        var _ = context().writeAndFlush(Responses.goOn());
      }
    } catch (ProblemException e) {
      head = new Head(request, null, null, isKept, e);
      if (!Heads.isShort(request, SKIPPED_BYTES_MAX)) {
        throw e;
      }
    }
  }

  private void onContent(HttpContent content) {
    arrivals.onBody(content.content().readableBytes());
    if (head == null) {
      return;
    }
    if (head.refusal == null) {
      body.append(content.content());
    }
    if (content instanceof LastHttpContent) {
      stopTimer();
      hasBegun = false;
      state = State.DOING;
      begin(head);
    }
  }

  private void begin(Head here) {
    if (here.refusal != null) {
      answer(here.refusal.answer());
      return;
    }
    if (here.route == null || here.target == null) {
      throw new IllegalStateException("a request without a route");
    }
    HttpRequest request = here.request;
    Route route = here.route;
    Target target = here.target;
    admission.check(
        route,
        request.headers(),
        verdict -> onThisLoop(() -> begin(route, target, request, verdict)));
  }

  private void begin(Route route, Target target, HttpRequest request, Verdict verdict) {
    User user;
    try {
      user = admission.admitted(route, verdict);
    } catch (ProblemException e) {
      answer(e.answer());
      return;
    }
    Exchange exchange =
        new Exchange(this, user, number, request.method(), target, request.headers(), body.bytes());
    if (route.isWrite() && services.isOverloaded()) {
      services.whenRoom(() -> later(() -> run(route, exchange)));
    } else {
      run(route, exchange);
    }
  }

  private void run(Route route, Exchange exchange) {
    guarded(() -> route.run().accept(exchange));
  }

  /** Of what goes on later, too, its request may turn out to be wrong. */
  private void guarded(Runnable task) {
    try {
      task.run();
    } catch (ProblemException e) {
      answer(e.answer());
    } catch (InvalidDataException e) {
      answer(Answer.of(Problem.MALFORMED, String.valueOf(e.getMessage())));
    } catch (RuntimeException e) {
      onBug(e);
    }
  }

  private void onBug(RuntimeException bug) {
    LOGGER.error("An HTTP request could not be done", bug);
    if (state == State.DOING) {
      giveUp(Answer.of(Problem.INTERNAL, "the server's log says more"));
    }
  }

  // Answers out

  @Override
  public void answer(Answer answer) {
    Head answered = head;
    if (state != State.DOING || answered == null) {
      throw new IllegalStateException("an answer without a request");
    }
    boolean isKept = answered.isKept && !isDraining && !admission.isOver();
    body.release();
    state = State.ANSWERING;
    send(answer, isKept).addListener(isKept ? _ -> onAnswered() : ChannelFutureListener.CLOSE);
    regulate();
  }

  private void onAnswered() {
    state = State.HEAD;
    head = null;
    arrivals.onAnswered();
    isStalled = false;
    if (isDraining) {
      var _ = context().close();
      return;
    }
    startTimer(shared.limits().headMillis());
    proceed();
  }

  private ChannelFuture send(Answer answer, boolean isKept) {
    HttpRequest request = head == null ? null : head.request;
    return context().writeAndFlush(Responses.of(answer, request, isKept, services().clock()));
  }

  /** Answers, drops what comes, and closes. */
  private void giveUp(Answer answer) {
    body.release();
    dropUnread();
    arrivals.drop();
    state = State.LINGERING;
    send(answer, false)
        .addListener(_ -> {
          if (context().channel() instanceof DuplexChannel channel && channel.isActive()) {
            var _ = channel.shutdownOutput();
          }
        });
    startTimer(shared.limits().lingerMillis());
    regulate();
  }

  // Time

  private void startTimer(int millis) {
    stopTimer();
    timer = context().executor().schedule(this::onTime, millis, TimeUnit.MILLISECONDS);
  }

  private void stopTimer() {
    if (timer != null) {
      timer.cancel(false);
      timer = null;
    }
  }

  private void onTime() {
    boolean isUnderWay = state == State.BODY || (state == State.HEAD && hasBegun);
    if (isUnderWay && context().channel().isActive()) {
      giveUp(new ProblemException(Problem.TIMEOUT, "the rest of it did not come").answer());
    } else {
      var _ = context().close();
    }
  }

  /** Nothing has left for a while; the first time that may be a while which began before. */
  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof IdleStateEvent && state == State.ANSWERING) {
      if (isStalled) {
        var _ = ctx.close();
      }
      isStalled = true;
    }
  }

  // What requests need

  @Override
  public NodeServices services() {
    return services;
  }

  @Override
  public Reads reads() {
    if (reads == null) {
      throw new IllegalStateException("the connection is not open yet");
    }
    return reads;
  }

  @Override
  public Writes writes() {
    if (writes == null) {
      throw new IllegalStateException("the connection is not open yet");
    }
    return writes;
  }

  @Override
  public TokenSeal seal() {
    return seal;
  }

  @Override
  public void later(Runnable task) {
    context().executor().execute(() -> guarded(task));
  }

  @Override
  public void later(Runnable task, long delay, TimeUnit unit) {
    var _ = context().executor().schedule(() -> guarded(task), delay, unit);
  }

  @Override
  public boolean isOpen() {
    return context().channel().isActive();
  }

  private void onThisLoop(Runnable task) {
    if (context().executor().inEventLoop()) {
      guarded(task);
    } else {
      later(task);
    }
  }

  // The end

  @Override
  public void drain() {
    isDraining = true;
    switch (state) {
      case HEAD -> {
        var _ = context().close();
      }
      case BODY -> giveUp(new ProblemException(Problem.BUSY, "the server is stopping").answer());
      case DOING, ANSWERING, LINGERING -> {}
    }
  }

  @Override
  public void finish() {
    isInputOver = true;
    proceed();
  }

  private void dropUnread() {
    unread.forEach(ReferenceCountUtil::release);
    unread.clear();
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    stopTimer();
    dropUnread();
    arrivals.drop();
    if (state != State.DOING) {
      body.release();
    }
    ctx.fireChannelInactive();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (cause instanceof IOException) {
      LOGGER.debug("An HTTP connection has failed: {}", cause.getMessage());
    } else {
      LOGGER.error("An HTTP connection is closed because of a bug", cause);
    }
    var _ = ctx.close();
  }
}
