package io.gamut.replication.message;

import io.gamut.core.Content;
import io.gamut.core.Dot;
import io.gamut.core.Key;
import io.gamut.core.Version;
import io.gamut.core.VersionVector;

/**
 * A weak write on its way to every replica.
 *
 * @param dot its name
 * @param version decides which write wins the key
 * @param dependencies what must be visible before it; earlier sequences of its own origin always
 *     are, and are not listed
 * @param index of the ledger, so much of which must be applied before it; 0 for none
 */
public record Update(
    Dot dot, Version version, VersionVector dependencies, long index, Key key, Content content) {
  private static final int OVERHEAD_BYTES = 72;

  /** One that does not depend on the ledger. */
  public Update(Dot dot, Version version, VersionVector dependencies, Key key, Content content) {
    this(dot, version, dependencies, 0, key, content);
  }

  /** Roughly the bytes it takes in memory and on the wire, for budgets. */
  public int size() {
    return OVERHEAD_BYTES + 24 * dependencies.size() + key.bytes().length + content.size();
  }
}
