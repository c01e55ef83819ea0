package io.gamut.server;

import io.gamut.core.ClusterId;
import io.gamut.core.Consistency;
import io.gamut.core.Key;
import io.gamut.core.NodeId;
import io.gamut.core.Pair;
import io.gamut.core.Reply;
import io.gamut.core.Requirement;
import io.gamut.core.TokenSeal;
import io.gamut.overlay.LinkFaults;
import io.gamut.overlay.Overlay;
import io.gamut.replication.Input;
import io.gamut.replication.store.UpdateStore;
import io.gamut.server.service.NodeServices;
import io.netty.channel.EventLoop;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * A node's parts as its client protocols see them.
 *
 * @param loop the replica's
 * @param leave what to do when the node has left the cluster
 */
record ServedNode(
    NodeConfig config,
    Identity identity,
    ReplicaLoop replicaLoop,
    UpdateStore store,
    Overlay overlay,
    EventLoop loop,
    Runnable leave)
    implements NodeServices {
  @Override
  public NodeId node() {
    return config.id();
  }

  @Override
  public ClusterId cluster() {
    return identity.cluster();
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
    return new TokenSeal(identity.cluster(), identity.secret());
  }

  @Override
  public boolean isReadable(Key key, Requirement requirement) {
    ReplicaLoop.View view = replicaLoop.view();
    if (!view.settled()) {
      return false;
    }
    if (requirement.isNone()) {
      return true;
    }
    Pair pair = requirement.seen() == null ? null : store.lookup(key);
    return requirement.isSatisfiedBy(view.visible(), pair == null ? null : pair.version());
  }

  @Override
  public @Nullable Pair lookup(Key key) {
    return store.lookup(key);
  }

  @Override
  public List<Pair> scan(@Nullable Key after, int limit) {
    return store.scan(after, limit);
  }

  @Override
  public void submit(LongFunction<Input> request, Consumer<Reply> answer) {
    replicaLoop.submit(request, answer);
  }

  @Override
  public boolean isOverloaded() {
    return replicaLoop.isOverloaded();
  }

  @Override
  public void whenRoom(Runnable callback) {
    loop.execute(() -> replicaLoop.whenRoom(callback));
  }

  @Override
  public CompletableFuture<Status> status() {
    CompletableFuture<Status> status = new CompletableFuture<>();
    loop.execute(() -> status.complete(statusHere()));
    return status;
  }

  private Status statusHere() {
    var replica = replicaLoop.replica();
    return new Status(
        replica.received(),
        replica.visible(),
        replica.stable(),
        replica.isSettled(),
        overlay.neighbours().stream().map(node -> node.value()).toList(),
        replica.members().members(),
        replicaLoop.antiEntropyBytes());
  }

  @Override
  public LinkFaults faults() {
    return overlay.faults();
  }

  @Override
  public void onLeft() {
    leave.run();
  }
}
