package io.gamut.server;

import io.gamut.core.ClusterId;
import io.gamut.core.Key;
import io.gamut.core.Pair;
import io.gamut.core.Reply;
import io.gamut.core.Requirement;
import io.gamut.core.TokenSeal;
import io.gamut.core.VersionVector;
import io.gamut.overlay.LinkFaults;
import io.gamut.overlay.Overlay;
import io.gamut.replication.Input;
import io.gamut.replication.message.Member;
import io.gamut.replication.store.UpdateStore;
import io.netty.channel.EventLoop;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What a node offers to its client protocols. From any thread. */
public final class NodeServices {
  private final NodeConfig config;
  private final ClusterId cluster;
  private final Supplier<TokenSeal> seals;
  private final ReplicaLoop replicaLoop;
  private final UpdateStore store;
  private final Overlay overlay;
  private final EventLoop loop;
  private final Runnable onLeft;

  NodeServices(
      NodeConfig config,
      ClusterId cluster,
      Supplier<TokenSeal> seals,
      ReplicaLoop replicaLoop,
      UpdateStore store,
      Overlay overlay,
      EventLoop loop,
      Runnable onLeft) {
    this.config = config;
    this.cluster = cluster;
    this.seals = seals;
    this.replicaLoop = replicaLoop;
    this.store = store;
    this.overlay = overlay;
    this.loop = loop;
    this.onLeft = onLeft;
  }

  /**
   * How a node stands at one moment.
   *
   * @param antiEntropyBytes sent to others because they asked for what they lacked
   */
  public record Status(
      VersionVector received,
      VersionVector visible,
      VersionVector stable,
      boolean settled,
      List<Integer> neighbours,
      List<Member> members,
      long antiEntropyBytes) {}

  public NodeConfig config() {
    return config;
  }

  public ClusterId cluster() {
    return cluster;
  }

  /** A seal of one's own: for one thread. */
  public TokenSeal newSeal() {
    return seals.get();
  }

  /** Whether the view satisfies a requirement now, so that {@link #lookup} may answer it. */
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

  public @Nullable Pair lookup(Key key) {
    return store.lookup(key);
  }

  public List<Pair> scan(@Nullable Key after, int limit) {
    return store.scan(after, limit);
  }

  /** Asks the replica; the answer comes on its event loop. */
  public void submit(LongFunction<Input> request, Consumer<Reply> answer) {
    replicaLoop.submit(request, answer);
  }

  /** Until when a request may wait that comes now. */
  public static long deadlineNanos(int waitMillis) {
    return System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(waitMillis);
  }

  /** Whether the disk is behind; on the replica's event loop it is exact, elsewhere a hint. */
  public boolean isOverloaded() {
    return replicaLoop.isOverloaded();
  }

  /** Calls back, on the replica's event loop, once the disk has caught up. */
  public void whenRoom(Runnable callback) {
    loop.execute(() -> replicaLoop.whenRoom(callback));
  }

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

  public LinkFaults faults() {
    return overlay.faults();
  }

  /** Tells the node that its leaving has been answered. */
  public void onLeft() {
    onLeft.run();
  }
}
