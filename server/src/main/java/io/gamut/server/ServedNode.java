package io.gamut.server;

import io.gamut.core.ClusterId;
import io.gamut.core.Consistency;
import io.gamut.core.Ends;
import io.gamut.core.Key;
import io.gamut.core.NodeId;
import io.gamut.core.Pair;
import io.gamut.core.Reply;
import io.gamut.core.Requirement;
import io.gamut.core.TokenSeal;
import io.gamut.ledger.Ledger;
import io.gamut.ledger.log.Participant;
import io.gamut.overlay.LinkFaults;
import io.gamut.overlay.Overlay;
import io.gamut.replication.Input;
import io.gamut.replication.Replica;
import io.gamut.replication.View;
import io.gamut.replication.group.GroupReplica;
import io.gamut.replication.strong.StrongInput;
import io.gamut.server.service.NodeServices;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A node's parts as its client protocols see them.
 *
 * @param owner of these parts, who can stop them
 */
record ServedNode(
    NodeConfig config,
    Identity identity,
    GroupLoop groupLoop,
    WeakRequests weakRequests,
    View view,
    Overlay overlay,
    Owner owner)
    implements NodeServices {
  /** Is told what clients' requests have brought to light. */
  interface Owner {
    /** The node has left the cluster. */
    void onLeft();

    /** The node cannot go on. */
    void onFailure(Throwable failure);
  }

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
    GroupView now = groupLoop.view();
    if (!now.settled() || !now.admitted()) {
      return false;
    }
    if (requirement.isNone()) {
      return true;
    }
    Pair pair = requirement.seen() == null ? null : lookup(key);
    return requirement.isSatisfiedBy(
        now.shown(), now.applied(), pair == null ? null : pair.version());
  }

  @Override
  public Ends ends() {
    return groupLoop.view().ends();
  }

  @Override
  public @Nullable Pair lookup(Key key) {
    return read(() -> view.lookup(key));
  }

  @Override
  public List<Pair> scan(@Nullable Key after, int limit) {
    return read(() -> view.scan(after, limit));
  }

  @Override
  public List<Pair> scanCommitted(@Nullable Key after, int limit) {
    return read(() -> view.committed().scan(after, limit));
  }

  /** A read that comes across damage is the last: what else is wrong, nobody knows. */
  private <T extends @Nullable Object> T read(Supplier<T> reading) {
    try {
      return reading.get();
    } catch (RuntimeException e) {
      if (Damage.in(e).isPresent()) {
        owner.onFailure(e);
      }
      throw e;
    }
  }

  @Override
  public void submit(LongFunction<Input> request, Consumer<Reply> answer) {
    weakRequests.ask(request, answer);
  }

  @Override
  public void submitStrong(LongFunction<StrongInput> request, Consumer<Reply> answer) {
    groupLoop.submitStrong(request, answer);
  }

  @Override
  public boolean isOverloaded() {
    return groupLoop.isOverloaded();
  }

  @Override
  public void whenRoom(Runnable callback) {
    weakRequests.execute(() -> groupLoop.whenRoom(callback));
  }

  @Override
  public CompletableFuture<Status> status() {
    CompletableFuture<Status> status = new CompletableFuture<>();
    weakRequests.execute(() -> status.complete(statusHere()));
    return status;
  }

  private Status statusHere() {
    GroupReplica group = groupLoop.group();
    Replica weak = group.weak();
    return new Status(
        weak.received(),
        weak.visible(),
        weak.stable(),
        weak.isSettled(),
        overlay.neighbours().stream().map(node -> node.value()).toList(),
        weak.members().members(),
        groupLoop.antiEntropyBytes(),
        ledgerStatus(group));
  }

  private static LedgerStatus ledgerStatus(GroupReplica group) {
    Ledger ledger = group.ledger();
    Participant leader = ledger.leader();
    return new LedgerStatus(
        leader == null ? null : leader.node(),
        ledger.term(),
        group.machine().applied().index(),
        ledger.lastIndex(),
        group.machine().absorbed(),
        ledger.configuration(),
        group.machine().hash(),
        group.machine().floor(),
        group.machine().discarded(),
        group.machine().ends());
  }

  @Override
  public LinkFaults faults() {
    return overlay.faults();
  }

  @Override
  public void onLeft() {
    owner.onLeft();
  }
}
