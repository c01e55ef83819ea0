package io.gamut.server.passing;

import io.gamut.core.NodeId;
import io.gamut.replication.remote.Sight;
import org.jspecify.annotations.Nullable;

/**
 * What a replica holds of a key.
 *
 * @param sight null if it has not answered in time, or could not be asked
 * @param nanos how long it took to ask it; 0 of this server itself
 */
public record Seen(NodeId node, @Nullable Sight sight, long nanos) {}
