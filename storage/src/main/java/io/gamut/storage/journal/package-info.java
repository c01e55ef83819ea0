/**
 * The one journal of a node. Read {@link io.gamut.storage.journal.SegmentedJournal} for what it
 * promises, {@code JournalRecovery} for why it can, {@link io.gamut.storage.journal.GroupCommit}
 * for who syncs when.
 */
@NullMarked
package io.gamut.storage.journal;

import org.jspecify.annotations.NullMarked;
