package io.gamut.replication.strong;

/** How old the committed state may be that a read is answered from. */
public sealed interface Freshness {
  /** As old as this replica's is. */
  enum Any implements Freshness {
    ANY
  }

  /** Not older than this. */
  record AtMost(long nanos) implements Freshness {}

  /** The latest when the read was asked for. */
  enum Latest implements Freshness {
    LATEST
  }
}
