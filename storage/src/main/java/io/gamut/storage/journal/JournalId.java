package io.gamut.storage.journal;

import java.util.HexFormat;

/**
 * The random 128-bit name of one journal, drawn for an empty disk: a disk that was lost and
 * replaced comes back under another one.
 */
public record JournalId(long high, long low) {
  @Override
  public String toString() {
    return HexFormat.of().toHexDigits(high) + HexFormat.of().toHexDigits(low);
  }
}
