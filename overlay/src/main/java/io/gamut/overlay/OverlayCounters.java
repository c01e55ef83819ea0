package io.gamut.overlay;

import io.gamut.core.NodeId;
import java.util.Map;
import java.util.SortedMap;

/**
 * What has gone over the network since the start, as of one moment.
 *
 * @param originated what this node itself sent, per channel: payloads, each counted once
 * @param delivered what this node was given, per channel: payloads
 * @param neighbours what crossed each link, per neighbour, lives and reconnects of it together
 * @param relayedFrames frames passed on for others
 * @param dropped frames dropped, by reason
 */
public record OverlayCounters(
    Map<Channel, Count> originated,
    Map<Channel, Count> delivered,
    SortedMap<NodeId, Neighbour> neighbours,
    long relayedFrames,
    Map<Drop, Long> dropped) {

  /** Frames and their bytes. */
  public record Count(long frames, long bytes) {
    public static final Count ZERO = new Count(0, 0);

    public Count plus(long moreBytes) {
      return new Count(frames + 1, bytes + moreBytes);
    }
  }

  /**
   * Traffic with one neighbour, in frames completed and their bytes with headers.
   *
   * @param connects how often a link to it came up: one more than reconnects
   */
  public record Neighbour(Map<Channel, Count> in, Map<Channel, Count> out, long connects) {}

  /** Why a frame went no further. */
  public enum Drop {
    /** The queue of the next link was full. */
    QUEUE_FULL,
    /** No path to the destination. */
    NO_ROUTE,
    /** The frame had travelled {@link Limits#HOPS_MAX} links. */
    HOP_LIMIT,
    /** A broadcast that had been seen before. */
    DUPLICATE,
    /** Queued on a link when that went down. */
    LINK_DOWN,
    /** Lost on purpose: {@link LinkFaults#loss}. */
    LAB_LOSS
  }
}
