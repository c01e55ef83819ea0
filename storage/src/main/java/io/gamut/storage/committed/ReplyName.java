package io.gamut.storage.committed;

/**
 * Under what a reply is kept. Sorted by proposer, then by number, as their encoding is.
 *
 * @param number not negative
 */
record ReplyName(long proposer, long number) implements Comparable<ReplyName> {
  ReplyName {
    if (number < 0) {
      throw new IllegalArgumentException("a proposer's numbers are not negative: " + number);
    }
  }

  @Override
  public int compareTo(ReplyName other) {
    int byProposer = Long.compareUnsigned(proposer, other.proposer);
    return byProposer != 0 ? byProposer : Long.compare(number, other.number);
  }
}
