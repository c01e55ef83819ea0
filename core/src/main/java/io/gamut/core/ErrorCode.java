package io.gamut.core;

/** The first word of an error that a client meets, the same in every protocol. */
public enum ErrorCode {
  /** The request itself is wrong; asking again does not help. */
  ERR,
  /** This server does not yet hold what the session depends on. */
  ERR_DEP,
  /** What the session depends on is gone for good with a given-up disk. */
  ERR_LOST,
  /** The level asked for needs a majority, and there is none here. */
  NOQUORUM,
  /** The clock of this server is too far off to stamp writes. */
  CLOCK,
  /** The server cannot take the request now: it is starting, stopping, or full. */
  BUSY,
  /** The outcome of a write is not known; it may have happened. */
  UNKNOWN
}
