package io.gamut.storage.journal;

/**
 * What opening a journal found and did.
 *
 * @param created whether there was no journal before
 * @param firstPosition nothing below it is left; what the caller still needs from below it is gone
 * @param endPosition the end of the last batch; all below it is durable now
 * @param batches how many batches were read
 * @param cutBytes how many bytes, counted to the last one that was not zero, were cut off as a torn
 *     tail: they had never been synced
 */
public record RecoveryReport(
    boolean created, long firstPosition, long endPosition, long batches, long cutBytes) {}
