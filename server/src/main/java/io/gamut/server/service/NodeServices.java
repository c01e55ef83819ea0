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
import io.gamut.overlay.LinkFaults;
import io.gamut.replication.Input;
import io.gamut.replication.message.Member;
import io.gamut.replication.strong.StrongInput;
import java.util.List;
import java.util.concurrent.CompletableFuture;
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
      LedgerStatus ledger) {}

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
      Ends ends) {}

  NodeId node();

  ClusterId cluster();

  /** The level of connections that ask for none. */
  Consistency defaultLevel();

  /** How long a request waits for what its session depends on, unless its connection says. */
  int waitMillis();

  /** A seal of one's own: for one thread. */
  TokenSeal newSeal();

  /** Whether the view satisfies a requirement now, so that {@link #lookup} may answer it. */
  boolean isReadable(Key key, Requirement requirement);

  /** The ends of origins whose disk is gone for good: what is beyond, sessions are told once. */
  Ends ends();

  @Nullable Pair lookup(Key key);

  /** Pairs with keys after {@code after} (from the first when null), ascending, tombstones too. */
  List<Pair> scan(@Nullable Key after, int limit);

  /** The same of what is committed, and nothing else. */
  List<Pair> scanCommitted(@Nullable Key after, int limit);

  /** Asks the weak world; the answer comes on the replica's event loop. */
  void submit(LongFunction<Input> request, Consumer<Reply> answer);

  /** Asks the strong world; the answer comes on the replica's event loop. */
  void submitStrong(LongFunction<StrongInput> request, Consumer<Reply> answer);

  /** Whether the disk is behind; on the replica's event loop it is exact, elsewhere a hint. */
  boolean isOverloaded();

  /** Calls back, on the replica's event loop, once the disk has caught up. */
  void whenRoom(Runnable callback);

  CompletableFuture<Status> status();

  LinkFaults faults();

  /** Tells the node that its leaving has been answered. */
  void onLeft();
}
