package io.gamut.replication.remote;

import io.gamut.core.Reply;
import org.jspecify.annotations.Nullable;

/**
 * What a server holds of one key, and how it stands, at one moment.
 *
 * @param committed null where nothing ever was
 * @param shown at weak levels: the later of what is committed and what is tentative there
 * @param ageNanos how old its committed state may be at most; {@link Reply.Read#AGE_UNKNOWN} if
 *     nothing says so
 * @param wallMillis its wall clock, by which weak reads judge expiry
 */
public record Sight(
    Standing standing,
    @Nullable Glimpse committed,
    @Nullable Glimpse shown,
    long ageNanos,
    long wallMillis) {}
