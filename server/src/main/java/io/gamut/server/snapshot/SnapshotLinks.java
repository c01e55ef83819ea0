package io.gamut.server.snapshot;

import io.gamut.core.NodeId;

/** The way to other servers. On the replica's thread. */
public interface SnapshotLinks {
  /**
   * Sends a message. May be lost.
   *
   * @return false if it cannot be sent now
   */
  boolean send(NodeId to, byte[] message);

  /** Whether there is a way to a server. */
  boolean reaches(NodeId node);
}
