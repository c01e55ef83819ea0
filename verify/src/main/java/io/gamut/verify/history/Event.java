package io.gamut.verify.history;

/**
 * Something that was done to the cluster, or happened to it.
 *
 * @param at on the clock of the requests
 * @param name such as {@code cut} or {@code kill}
 * @param detail for people
 */
public record Event(long at, String name, String detail) {}
