package io.gamut.overlay;

/**
 * What a frame is about, the most urgent first.
 *
 * <p>A link always sends what it holds of an earlier channel before a later one, at the granularity
 * of one segment ({@link Limits#SEGMENT_BYTES_MAX}). Each channel has a queue of its own per link,
 * bounded in bytes; a full queue refuses. A queue must hold at least one frame of the largest kind
 * its channel is meant for.
 */
public enum Channel {
  /** Liveness and clock probes: tiny, useless when late, so a short queue. 256 KiB. */
  PROBES(0, 256 << 10),

  /** Link-state advertisements; used by the overlay itself only. 4 MiB: a full table fits twice. */
  TOPOLOGY(1, 4 << 20),

  /** Replicated log and elections. 32 MiB: one largest payload leaving while one is gathered. */
  LEDGER(2, 32 << 20),

  /**
   * Long entries of the replicated log: a leader's heartbeats must not wait behind them. 32 MiB: as
   * above.
   */
  LEDGER_BULK(3, 32 << 20),

  /** Weak updates and anti-entropy. 32 MiB: one largest payload leaving while one is gathered. */
  WEAK(4, 32 << 20),

  /** Client requests passed on to another node. 32 MiB: a few of the largest values. */
  FORWARD(5, 32 << 20),

  /** Snapshot chunks. 20 MiB: one largest payload; who streams waits for room anyway. */
  SNAPSHOT(6, 20 << 20);

  private static final Channel[] BY_CODE = values();

  private final int code;
  private final int queueBytesMax;

  Channel(int code, int queueBytesMax) {
    this.code = code;
    this.queueBytesMax = queueBytesMax;
  }

  /** The channel of a wire code, which {@link #isCode} has accepted. */
  public static Channel ofCode(int code) {
    return BY_CODE[code];
  }

  public static boolean isCode(int code) {
    return code >= 0 && code < BY_CODE.length;
  }

  /** How the wire names this channel; also its rank, 0 the most urgent. */
  public int code() {
    return code;
  }

  /** How much one link queues of this channel, payload and header bytes. */
  public int queueBytesMax() {
    return queueBytesMax;
  }
}
