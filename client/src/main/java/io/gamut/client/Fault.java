package io.gamut.client;

import io.gamut.core.ErrorCode;
import java.util.Set;

/** Why a request was not carried out: the server's words, and what the client itself met. */
public enum Fault {
  /** The request itself is wrong, or a word of the server that has no case of its own here. */
  ERR(false),
  /** The server asked does not yet hold what the session depends on. */
  ERR_DEP(true),
  /** The server does not know who the client says it is, or does not let it do that. */
  DENIED(false),
  /** What the session depends on is gone for good with a given-up disk. */
  ERR_LOST(false),
  /** The level needs a majority, and there is none where it was asked for. */
  NOQUORUM(true),
  /** The server's clock is too far off to stamp writes. */
  CLOCK(true),
  /** The server is starting, stopping, or full. */
  BUSY(true),
  /** A read came back without an answer: the connection ended, or the server did not know. */
  NO_ANSWER(true),
  /** A read was answered with what the client cannot understand. */
  UNREADABLE(false),
  /** The deadline passed; a write had not been handed to a server. */
  DEADLINE(false),
  /** The client has as many calls under way as it may. */
  FULL(false),
  /** The client was closed. */
  CLOSED(false),
  /** The waiting thread was interrupted. */
  INTERRUPTED(false);

  private final boolean isPassing;

  Fault(boolean isPassing) {
    this.isPassing = isPassing;
  }

  /** Whether another server, or the same a little later, may well answer. */
  boolean isPassing() {
    return isPassing;
  }

  private static final Set<String> DENIALS = Set.of("NOAUTH", "NOPERM", "WRONGPASS");

  /** Of the first word of an error that says that nothing was done. */
  static Fault of(String word) {
    for (ErrorCode code : ErrorCode.values()) {
      if (code.name().equals(word)) {
        return switch (code) {
          case ERR -> ERR;
          case ERR_DEP -> ERR_DEP;
          case ERR_LOST -> ERR_LOST;
          case NOQUORUM -> NOQUORUM;
          case CLOCK -> CLOCK;
          case BUSY -> BUSY;
          case UNKNOWN -> NO_ANSWER;
        };
      }
    }
    return DENIALS.contains(word) ? DENIED : ERR;
  }
}
