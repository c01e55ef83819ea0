package io.gamut.overlay;

import io.gamut.core.ClusterId;
import io.gamut.core.NodeId;

/** A cluster has let this node in: which one, by whom, and what its admission had to say. */
@SuppressWarnings("ArrayRecordComponent") // handed over, never compared
public record Joined(ClusterId cluster, NodeId contact, byte[] answer) {}
