package io.gamut.replication.strong;

import io.gamut.core.Reply;

/**
 * What strong reads may count on at a replica just now.
 *
 * @param isHopeless whether it knows that it reaches no majority
 * @param ageNanos how old its committed state may be at most; {@link Reply.Read#AGE_UNKNOWN} if
 *     nothing says so
 */
public record Outlook(boolean isHopeless, long ageNanos) {}
