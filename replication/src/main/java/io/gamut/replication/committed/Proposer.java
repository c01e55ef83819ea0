package io.gamut.replication.committed;

/**
 * Who numbers strong operations, so that a repeated one is known as such.
 *
 * @param id stays through restarts
 * @param boot a stamp of the hybrid clock, greater in each life: a later one ends the earlier ones
 */
public record Proposer(long id, long boot) {}
