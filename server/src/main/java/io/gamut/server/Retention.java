package io.gamut.server;

/**
 * How much of the journal is kept.
 *
 * @param checkpointBytes of journal after which a checkpoint lets what lies before it go. 256 MiB
 *     by default: a start then reads no more than a few seconds' worth
 * @param retainedBytes of journal whose ledger entries are kept for those that lag behind; who lags
 *     more is sent the whole state. 256 MiB by default: less than that is sent faster than most
 *     states
 */
public record Retention(long checkpointBytes, long retainedBytes) {
  public static final Retention DEFAULT = new Retention(256L << 20, 256L << 20);

  /**
   * How often {@link #retainedBytes} may be kept while a state is on its way to somebody who will
   * need the entries behind it.
   */
  private static final int PINNED_TIMES = 16;

  public Retention {
    if (checkpointBytes <= 0 || retainedBytes < 0) {
      throw new IllegalArgumentException(
          "a checkpoint after %d bytes, and %d bytes retained, make no sense"
              .formatted(checkpointBytes, retainedBytes));
    }
  }

  /** Bytes of journal whose ledger entries are kept at most, whoever needs them. */
  long pinnedBytesMax() {
    return Math.multiplyExact(retainedBytes, PINNED_TIMES);
  }
}
