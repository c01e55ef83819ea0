package io.gamut.ledger.raft;

/** What a follower has told its leader in this term. */
final class Acknowledgements {
  private long round;
  private long match = Long.MAX_VALUE;

  /** The latest round of reads that the leader has asked to confirm. */
  long round() {
    return round;
  }

  /** Up to where the log was said to match; beyond everything while nobody is followed. */
  long match() {
    return match;
  }

  /** Another leader, or nobody. */
  void onFollowing(boolean isSomebody) {
    round = 0;
    match = isSomebody ? -1 : Long.MAX_VALUE;
  }

  void onAppend(long ofRound) {
    round = Math.max(round, ofRound);
  }

  void onSent(long through) {
    match = through;
  }
}
