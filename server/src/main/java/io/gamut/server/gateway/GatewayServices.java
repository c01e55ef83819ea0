package io.gamut.server.gateway;

import io.gamut.core.ClusterId;
import io.gamut.core.Consistency;
import io.gamut.core.Ends;
import io.gamut.core.ErrorCode;
import io.gamut.core.Key;
import io.gamut.core.NodeId;
import io.gamut.core.Pair;
import io.gamut.core.Reply;
import io.gamut.core.Requirement;
import io.gamut.core.TokenSeal;
import io.gamut.replication.Input;
import io.gamut.replication.gateway.Lane;
import io.gamut.replication.remote.Answered;
import io.gamut.replication.remote.ClientAddresses;
import io.gamut.replication.remote.Listed;
import io.gamut.replication.remote.Question;
import io.gamut.replication.strong.StrongInput;
import io.gamut.server.fault.ServerFaults;
import io.gamut.server.passing.Looked;
import io.gamut.server.service.NodeServices;
import io.gamut.server.trail.History;
import io.netty.channel.EventLoop;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A gateway as its client protocols see it: as a node that holds nothing, so that everything is
 * asked for.
 *
 * @param lane of the connection whose requests these are
 */
record GatewayServices(
    GatewayConfig config,
    NodeId node,
    ClusterId cluster,
    Supplier<TokenSeal> seals,
    EventLoop eventLoop,
    GatewayLoop loop,
    ServerFaults faults,
    Lane lane)
    implements NodeServices {
  private static final Reply.Failed NOT_HERE =
      new Reply.Failed(
          ErrorCode.ERR, "this is a gateway, which holds no data: say so to a server itself");

  @Override
  public NodeServices connection() {
    return new GatewayServices(config, node, cluster, seals, eventLoop, loop, faults, new Lane());
  }

  @Override
  public InstantSource clock() {
    return faults.clock();
  }

  @Override
  public Consistency defaultLevel() {
    return config.defaultLevel();
  }

  @Override
  public int waitMillis() {
    return config.waitMillis();
  }

  @Override
  public TokenSeal newSeal() {
    return seals.get();
  }

  @Override
  public boolean holdsData() {
    return false;
  }

  @Override
  public boolean isReadable(Key key, Requirement requirement) {
    return false;
  }

  /** One may be answered by one server, and the next, if that is lost, by another. */
  @Override
  public boolean keepsWeakOrder() {
    return false;
  }

  @Override
  public Ends ends() {
    return loop.standing().ends();
  }

  @Override
  public @Nullable Pair lookup(Key key) {
    throw new IllegalStateException("a gateway holds nothing that could be read");
  }

  @Override
  public void list(Question.Listing listing, Executor here, Consumer<Answered<Listed>> then) {
    loop.list(lane, listing, listed -> here.execute(() -> then.accept(listed)));
  }

  @Override
  public void submit(LongFunction<Input> request, Consumer<Answered<Reply>> answer) {
    Question question = Question.of(request.apply(0), System.nanoTime());
    if (question == null) {
      answer.accept(Answered.byNone(NOT_HERE));
    } else {
      loop.ask(lane, question, answer);
    }
  }

  @Override
  public void submitStrong(LongFunction<StrongInput> request, Consumer<Answered<Reply>> answer) {
    StrongInput asked = request.apply(0);
    Question question = Question.of(asked, System.nanoTime());
    if (question != null) {
      loop.ask(lane, question, answer);
    } else if (asked instanceof StrongInput.Execute) {
      loop.execute(lane, number -> (StrongInput.Execute) request.apply(number), answer);
    } else {
      answer.accept(Answered.byNone(NOT_HERE));
    }
  }

  @Override
  public boolean isOverloaded() {
    return loop.isOverloaded();
  }

  @Override
  public void whenRoom(Runnable callback) {
    loop.whenRoom(callback);
  }

  @Override
  public CompletableFuture<Status> status() {
    return CompletableFuture.supplyAsync(
        () -> Status.of(loop.standing(), loop.neighbours()), eventLoop);
  }

  @Override
  public CompletableFuture<Looked> look(Key key) {
    return loop.look(lane, key);
  }

  @Override
  public CompletableFuture<History> history(Key key, int count) {
    return CompletableFuture.failedFuture(
        new IllegalStateException(
            "this is a gateway, which keeps no history: ask a server itself, for what it has"
                + " seen"));
  }

  @Override
  public Map<NodeId, ClientAddresses> others() {
    return loop.addresses();
  }
}
