package io.gamut.server.http;

import io.gamut.core.ClusterId;
import io.gamut.core.Consistency;
import io.gamut.core.Ends;
import io.gamut.core.Key;
import io.gamut.core.NodeId;
import io.gamut.core.Pair;
import io.gamut.core.Reply;
import io.gamut.core.Requirement;
import io.gamut.core.TokenSeal;
import io.gamut.core.VersionVector;
import io.gamut.ledger.log.Configuration;
import io.gamut.replication.Input;
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
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/** A node that answers what it was told to, so that HTTP meets what nodes seldom say. */
final class StubServices implements NodeServices {
  volatile @Nullable Reply reply;
  volatile @Nullable Pair pair;
  volatile boolean settled = true;
  volatile boolean silent;
  volatile boolean broken;
  volatile @Nullable Runnable waiting;
  volatile boolean overloaded;

  @Override
  public NodeId node() {
    return new NodeId(7);
  }

  @Override
  public ClusterId cluster() {
    return new ClusterId(1, 2);
  }

  @Override
  public InstantSource clock() {
    return InstantSource.system();
  }

  @Override
  public Consistency defaultLevel() {
    if (broken) {
      throw new IllegalStateException("told to be broken");
    }
    return Consistency.SESSION;
  }

  @Override
  public int waitMillis() {
    return 100;
  }

  @Override
  public TokenSeal newSeal() {
    return new TokenSeal(cluster(), new byte[32]);
  }

  @Override
  public boolean isReadable(Key key, Requirement requirement) {
    return reply == null;
  }

  @Override
  public Ends ends() {
    return Ends.NONE;
  }

  @Override
  public @Nullable Pair lookup(Key key) {
    return pair;
  }

  @Override
  public void list(Question.Listing listing, Executor here, Consumer<Answered<Listed>> then) {
    Listed listed =
        reply instanceof Reply.Failed failed
            ? new Listed.Refused(failed)
            : new Listed.Found(new Page(List.of(), true), 0, Reply.Read.AGE_UNKNOWN);
    then.accept(new Answered<>(listed, node()));
  }

  @Override
  public void submit(LongFunction<Input> request, Consumer<Answered<Reply>> answer) {
    answer.accept(new Answered<>(answer(), node()));
  }

  @Override
  public void submitStrong(LongFunction<StrongInput> request, Consumer<Answered<Reply>> answer) {
    answer.accept(new Answered<>(answer(), node()));
  }

  private Reply answer() {
    Reply known = reply;
    if (known == null) {
      throw new IllegalStateException("told to answer nothing");
    }
    return known;
  }

  @Override
  public boolean isOverloaded() {
    return overloaded;
  }

  @Override
  public void whenRoom(Runnable callback) {
    waiting = callback;
  }

  @Override
  public CompletableFuture<Looked> look(Key key) {
    throw new UnsupportedOperationException();
  }

  @Override
  public CompletableFuture<History> history(Key key, int count) {
    throw new UnsupportedOperationException();
  }

  @Override
  public CompletableFuture<Status> status() {
    if (broken) {
      throw new IllegalStateException("told to be broken");
    }
    if (silent) {
      return new CompletableFuture<>();
    }
    LedgerStatus ledger =
        new LedgerStatus(
            null, 0, 0, 0, VersionVector.EMPTY, Configuration.NOBODY, 0, 0, 0, Ends.NONE);
    return CompletableFuture.completedFuture(
        new Status(
            VersionVector.EMPTY,
            VersionVector.EMPTY,
            VersionVector.EMPTY,
            settled,
            List.of(),
            List.of(),
            0,
            ledger));
  }

  @Override
  public Map<NodeId, ClientAddresses> others() {
    return Map.of();
  }

  @Override
  public ServerFaults faults() {
    throw new UnsupportedOperationException();
  }
}
