package io.gamut.server.service;

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
import io.gamut.replication.message.Member;
import io.gamut.replication.remote.Answered;
import io.gamut.replication.remote.ClientAddresses;
import io.gamut.replication.remote.Listed;
import io.gamut.replication.remote.Question;
import io.gamut.replication.remote.Standing;
import io.gamut.replication.strong.StrongInput;
import io.gamut.server.fault.ServerFaults;
import io.gamut.server.passing.Looked;
import io.gamut.server.trail.History;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/** What a node offers to the protocols that its clients speak. From any thread. */
public interface NodeServices {
  /**
   * How a node stands at one moment.
   *
   * @param antiEntropyBytes sent to others because they asked for what they lacked
   */
  record Status(
      VersionVector received,
      VersionVector visible,
      VersionVector stable,
      boolean settled,
      List<Integer> neighbours,
      List<Member> members,
      long antiEntropyBytes,
      LedgerStatus ledger) {
    /** As it was told, of a node that has these neighbours. */
    public static Status of(Standing standing, List<Integer> neighbours) {
      return new Status(
          standing.received(),
          standing.visible(),
          standing.stable(),
          standing.settled(),
          neighbours,
          standing.members().members(),
          standing.antiEntropyBytes(),
          LedgerStatus.of(standing));
    }
  }

  /**
   * How the ledger stands at one node.
   *
   * @param leader as far as is known
   * @param applied the last index that is applied here
   * @param last the last index in the log here
   * @param hash of the committed state: equal at equal applied indexes
   * @param floor timestamp up to which tombstones are collected, 0 for none
   * @param discarded updates of removed servers that came below the floor, and had no effect
   * @param ends of origins whose disk is gone for good
   */
  record LedgerStatus(
      @Nullable NodeId leader,
      long term,
      long applied,
      long last,
      VersionVector absorbed,
      Configuration configuration,
      long hash,
      long floor,
      long discarded,
      Ends ends) {
    private static LedgerStatus of(Standing standing) {
      return new LedgerStatus(
          standing.leader(),
          standing.term(),
          standing.applied(),
          standing.last(),
          standing.absorbed(),
          standing.configuration(),
          standing.hash(),
          standing.floor(),
          standing.discarded(),
          standing.ends());
    }
  }

  NodeId node();

  ClusterId cluster();

  /** What time it is for this node. */
  InstantSource clock();

  /** The level of connections that ask for none. */
  Consistency defaultLevel();

  /** How long a request waits for what its session depends on, unless its connection says. */
  int waitMillis();

  /**
   * The same, for one connection of a client: what it must remember between requests it keeps for
   * that connection.
   */
  default NodeServices connection() {
    return this;
  }

  /** A seal of one's own: for one thread. */
  TokenSeal newSeal();

  /** Whether the view satisfies a requirement now, so that {@link #lookup} may answer it. */
  boolean isReadable(Key key, Requirement requirement);

  /** The replica that this node is; null of one that holds no data. */
  default @Nullable NodeId replica() {
    return holdsData() ? node() : null;
  }

  /** Whether this node can answer a weak read; else each is a way to another and back. */
  default boolean holdsData() {
    return true;
  }

  /**
   * Whether weak writes of a connection that are under way together are found in their order only:
   * each where those before it are.
   */
  default boolean keepsWeakOrder() {
    return true;
  }

  /** The ends of origins whose disk is gone for good: what is beyond, sessions are told once. */
  Ends ends();

  /** A key of the view, after {@link #isReadable} has said that it may be read. */
  @Nullable Pair lookup(Key key);

  /**
   * Lists pairs, once what the listing requires is there.
   *
   * @param then is called by {@code here}, or at once
   */
  void list(Question.Listing listing, Executor here, Consumer<Answered<Listed>> then);

  /**
   * Asks the weak world; the answer comes on the replica's event loop. A node that has left the
   * cluster stops, once it has answered so.
   */
  void submit(LongFunction<Input> request, Consumer<Answered<Reply>> answer);

  /** Asks the strong world; the answer comes on the replica's event loop. */
  void submitStrong(LongFunction<StrongInput> request, Consumer<Answered<Reply>> answer);

  /** Whether the disk is behind; on the replica's event loop it is exact, elsewhere a hint. */
  boolean isOverloaded();

  /** Calls back, on the replica's event loop, once the disk has caught up. */
  void whenRoom(Runnable callback);

  CompletableFuture<Status> status();

  /**
   * Looks at what each replica holds of a key; completes on the replica's event loop, within about
   * a second. Fails with an {@link IllegalStateException} where too many look.
   */
  CompletableFuture<Looked> look(Key key);

  /**
   * The recent versions of a key on this server; fails with an {@link IllegalStateException} on a
   * node that keeps none.
   *
   * @param count how many at most
   */
  CompletableFuture<History> history(Key key, int count);

  /** Where clients reach the other servers, as far as they have said. */
  Map<NodeId, ClientAddresses> others();

  /** What may be made to go wrong. */
  ServerFaults faults();
}
