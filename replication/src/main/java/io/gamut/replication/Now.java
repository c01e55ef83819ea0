package io.gamut.replication;

/**
 * The time of a step, given from outside.
 *
 * @param nanos monotonic, for waiting; its zero means nothing
 * @param wallMillis since 1970, for stamps; may jump
 */
public record Now(long nanos, long wallMillis) {}
