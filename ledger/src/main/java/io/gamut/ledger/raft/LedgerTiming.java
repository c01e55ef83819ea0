package io.gamut.ledger.raft;

/**
 * The times and budgets of a participant, each with its unit and reason.
 *
 * @param heartbeatNanos between a leader's messages in silence
 * @param electionMinNanos a leader unheard for longer is doubted; also how long its followers grant
 *     no votes, and how long it believes in its majority
 * @param electionMaxNanos each participant draws its patience up to this anew each time, so that
 *     seldom two stand at once
 * @param resendNanos an unanswered message counts as lost
 * @param byteNanos later by this for each byte under way: what is long takes its time on the wire
 *     and on a disk, and more so if it is sent twice
 * @param batchBytes about how much one message carries
 * @param windowBytes about how much may be under way to one participant
 * @param windowMessages how many messages may be
 * @param pendingBytes about how much may stand in the log uncommitted; more is refused
 */
public record LedgerTiming(
    long heartbeatNanos,
    long electionMinNanos,
    long electionMaxNanos,
    long resendNanos,
    long byteNanos,
    int batchBytes,
    long windowBytes,
    int windowMessages,
    long pendingBytes) {
  private static final long MILLI = 1_000_000;

  public static final LedgerTiming DEFAULT =
      new LedgerTiming(
          40 * MILLI, 160 * MILLI, 320 * MILLI, 200 * MILLI, 100, 256 << 10, 8 << 20, 64, 64 << 20);
}
