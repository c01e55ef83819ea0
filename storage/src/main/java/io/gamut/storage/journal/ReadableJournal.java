package io.gamut.storage.journal;

import java.io.IOException;

/** A journal that is read while it is written. */
@FunctionalInterface
public interface ReadableJournal {
  /**
   * Begins to read what is durable now, from a position on. Takes no lock and waits for nobody.
   *
   * @param position any; reading begins sooner where a batch begins, as at the positions that are
   *     reported as durable and those that {@link JournalVisitor#onBatch} tells
   * @throws IOException when the journal is closed. If what lay there has been deleted, this or the
   *     first read says so
   */
  JournalReader readFrom(long position) throws IOException;
}
