package io.gamut.overlay;

import io.gamut.core.NodeId;

/**
 * What the overlay tells its owner, always on the event loop that the owner passed in.
 *
 * <p>No method may block. One that throws is logged as a bug, and the overlay goes on. Nothing is
 * called any more once {@link Overlay#close} has been.
 */
public interface OverlayListener {
  /**
   * A payload from another node (or from this one, if it sent to itself). Do not modify the array:
   * the overlay may be passing it on.
   */
  void onMessage(NodeId source, Channel channel, byte[] payload);

  /** A link to this node stands: what is sent to it now goes there directly. */
  default void onNeighbourUp(NodeId neighbour) {}

  /** The neighbour has been silent for a while; the link still stands. */
  default void onNeighbourSuspected(NodeId neighbour) {}

  /** A suspected neighbour was heard of again. */
  default void onNeighbourTrusted(NodeId neighbour) {}

  /** The link is gone, and with it what was queued on it. */
  default void onNeighbourDown(NodeId neighbour) {}

  /** A path to this node exists, of one link or many. */
  default void onReachable(NodeId node) {}

  /** No path to this node exists. */
  default void onUnreachable(NodeId node) {}

  /**
   * Frames to this node now take another way: what was on the old one may be lost or come late.
   * Treat it as a reconnect.
   */
  default void onRouteChanged(NodeId node) {}

  /** A node that is no peer, or whose address changed, linked up and said where it listens. */
  default void onPeerLearned(NodeId node, Endpoint address) {}

  /** A dialled node would not link; told once for each change of reason, and dialled again. */
  default void onRefused(Endpoint address, Refusal refusal) {}
}
