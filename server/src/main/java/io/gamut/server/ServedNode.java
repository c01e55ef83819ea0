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
import io.gamut.replication.Input;
import io.gamut.replication.View;
import io.gamut.replication.remote.Answered;
import io.gamut.replication.remote.ClientAddresses;
import io.gamut.replication.remote.Listed;
import io.gamut.replication.remote.Page;
import io.gamut.replication.remote.Question;
import io.gamut.replication.strong.StrongInput;
import io.gamut.server.fault.ServerFaults;
import io.gamut.server.passing.Looked;
import io.gamut.server.service.NodeServices;
import io.gamut.server.trail.History;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
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
    RemoteRequests remote,
    View view,
    ServerFaults faults,
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
  public void list(Question.Listing listing, Executor here, Consumer<Answered<Listed>> then) {
    Runnable found =
        () -> then.accept(own(new Listed.Found(page(listing), 0, Reply.Read.AGE_UNKNOWN)));
    switch (listing.first()) {
      // What this server shows is a view, whether it is let in or not.
      case Question.Weak _
          when listing.requirement().isNone()
              || isReadable(Question.Listing.ANY, listing.requirement()) ->
          found.run();
      case Question.Weak first ->
          remote.list(
              listing,
              () -> {
                long deadline = deadlineNanos(listing);
                groupLoop.submit(
                    own -> first.input(own, deadline),
                    reply -> here.execute(() -> then.accept(own(listed(listing, reply)))));
              },
              listed -> here.execute(() -> then.accept(listed)));
      case Question.Strong first -> {
        long deadline = deadlineNanos(listing);
        groupLoop.submitStrong(
            own -> first.input(own, deadline),
            reply -> here.execute(() -> then.accept(own(listed(listing, reply)))));
      }
      case Question.Listing _, Question.Look _ -> throw new IllegalStateException();
    }
  }

  private <T> Answered<T> own(T reply) {
    return new Answered<>(reply, node());
  }

  private static long deadlineNanos(Question.Listing listing) {
    return System.nanoTime() + listing.waitMillis() * 1_000_000L;
  }

  private Listed listed(Question.Listing listing, Reply first) {
    return switch (first) {
      case Reply.Read read -> new Listed.Found(page(listing), read.index(), read.ageNanos());
      case Reply.Failed failed -> new Listed.Refused(failed);
      case Reply.Written _, Reply.Executed _, Reply.Done _ -> throw new IllegalStateException();
    };
  }

  private Page page(Question.Listing listing) {
    Page.Source source = listing.freshness() == null ? view::scan : view.committed()::scan;
    return read(() -> Page.read(source, listing.after(), listing.limit(), listing.hasValues()));
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
  public void submit(LongFunction<Input> request, Consumer<Answered<Reply>> answer) {
    remote.ask(
        request,
        answered -> {
          answer.accept(answered);
          if (answered.reply() instanceof Reply.Done) {
            owner.onLeft();
          }
        });
  }

  @Override
  public void submitStrong(LongFunction<StrongInput> request, Consumer<Answered<Reply>> answer) {
    groupLoop.submitStrong(request, reply -> answer.accept(own(reply)));
  }

  @Override
  public boolean isOverloaded() {
    return groupLoop.isOverloaded();
  }

  @Override
  public void whenRoom(Runnable callback) {
    remote.execute(() -> groupLoop.whenRoom(callback));
  }

  @Override
  public CompletableFuture<Status> status() {
    CompletableFuture<Status> status = new CompletableFuture<>();
    remote.execute(() -> status.complete(statusHere()));
    return status;
  }

  @Override
  public CompletableFuture<Looked> look(Key key) {
    return remote.look(node(), key);
  }

  @Override
  public CompletableFuture<History> history(Key key, int count) {
    return remote.history(key, count);
  }

  @Override
  public Map<NodeId, ClientAddresses> others() {
    return remote.addresses();
  }

  private Status statusHere() {
    return Status.of(remote.standing(), remote.neighbours());
  }
}
