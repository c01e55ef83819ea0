package io.gamut.overlay;

import io.gamut.core.NodeId;
import io.gamut.overlay.routing.Topology;
import java.util.SortedSet;
import java.util.concurrent.CompletableFuture;

/**
 * The network between nodes: links that come and go, and paths over them.
 *
 * <p>Everything runs on the one event loop that the owner passed in. Methods that answer at once
 * must be called on it (and throw {@link IllegalStateException} elsewhere); those without an answer
 * and those that return a future may be called from any thread.
 *
 * <p><b>Promises.</b> A payload may be lost at any moment. While the links on its path stand, it is
 * delivered at most once and in the order sent, per source, destination and channel. Across a
 * change of route ({@link OverlayListener#onRouteChanged}) order may break. It comes from a node
 * that knows the cluster's id; the network itself is trusted, nothing is encrypted here.
 */
public interface Overlay {
  NodeId self();

  /** Where this node listens, as it tells others. */
  Endpoint address();

  /**
   * Sends over the shortest path. The array is the overlay's from here on.
   *
   * @return false when no path is known or the next link's queue is full: nothing was sent
   * @throws IllegalArgumentException if the payload exceeds {@link Limits#PAYLOAD_BYTES_MAX}, or
   *     the channel is {@link Channel#TOPOLOGY}, which is the overlay's own
   */
  boolean send(NodeId destination, Channel channel, byte[] payload);

  /**
   * Sends to every reachable node but this one, over the tree of shortest paths: each node gets it
   * at most once, each link carries it at most once in calm weather. Where a queue is full, the
   * nodes behind it miss it.
   *
   * @throws IllegalArgumentException as {@link #send}
   */
  void broadcast(Channel channel, byte[] payload);

  /** From now on keep a link with this node; called again, it changes the address. */
  void addPeer(NodeId peer, Endpoint address);

  /** From now on no link with this node: closes it, and turns it away until it is added again. */
  void removePeer(NodeId peer);

  /**
   * Asks a member to let this node, which has no cluster yet, into its cluster; on success the
   * contact is a peer. Dials until it is answered or refused for good; the last call counts.
   *
   * @return fails with {@link OverlayException} when refused, when this node has a cluster already,
   *     or when the overlay is closed
   */
  CompletableFuture<Joined> join(Endpoint contact, byte[] request);

  /** The nodes at the other ends of the links that stand. */
  SortedSet<NodeId> neighbours();

  /** The nodes to which a path exists, without this one. */
  SortedSet<NodeId> reachable();

  /** The reachable part of the network, this node included, as this node knows it. */
  Topology topology();

  OverlayCounters counters();

  LinkFaults faults();

  /**
   * Stops listening and dialling, hands what the sockets take at once to them, closes all links.
   * The event loop stays the owner's.
   */
  CompletableFuture<Void> close();
}
