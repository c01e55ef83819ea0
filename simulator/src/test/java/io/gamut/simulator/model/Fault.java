package io.gamut.simulator.model;

/** A rule of docs/consistency.md that is left out or changed, to see that the model needs it. */
enum Fault {
  NONE,

  // Applying entries.
  ABSORBED_OUT_OF_TURN,
  ABSORBED_WITHOUT_DEPENDENCIES,
  STRONG_WITHOUT_DEPENDENCIES,
  STRONG_KEEPS_ITS_STAMP,
  /** The effective version has the tie-break of the operation's stamp, not one of the ledger's. */
  EFFECTIVE_VERSION_SHARED,
  OVERTAKING_NOT_CHECKED,
  RANGE_TOMBSTONE_NOT_CHECKED,
  PROPOSERS_NOT_CHECKED,
  /** A proposer's greater number is taken for the next one. */
  PROPOSERS_BY_MAXIMUM,

  // Lost origins.
  CLOSE_IGNORED,
  /** An origin that was closed once is not closed lower when more disks are lost. */
  CLOSED_ONCE_ONLY,
  VOID_NOT_SATISFIED,
  /** A dependency beyond the end does not wait for what lies before the end either. */
  VOID_WITH_ALL_BEFORE,
  STRONG_WAITS_FOR_VOID,
  /** Who was asked how much it holds of an origin that is to be closed goes on receiving of it. */
  NOT_FENCED,
  /** Nobody asks a server that was admitted since the others were asked what they hold. */
  NEWCOMER_NOT_ASKED,
  /** What is held beyond the end of a closed origin is dropped. */
  NOT_OFFERED_AGAIN,
  CAUSAL_WRITE_ACCEPTED_ANYWHERE,
  CAUSAL_WRITE_ACCEPTED_BEFORE_INDEX,
  /** What is offered again takes a new dot before its dependencies are visible. */
  OFFERED_AGAIN_UNSEEN,

  // Tombstones.
  FLOOR_WITHOUT_PROMISES,
  FLOOR_WITHOUT_ABSORPTION,
  /** Updates of closed origins may still be on their way when the floor is raised. */
  FLOOR_WITHOUT_CLOSED,
  PROMISE_NOT_KEPT,
  /** A retry brings an old stamp to a replica that has promised not to stamp there. */
  RETRY_BELOW_PROMISE,
  /** A server that came back stamps before the floor waits for its promises. */
  STAMPED_BEFORE_ADMISSION,
  BELOW_FLOOR_TAKEN,
  BELOW_FLOOR_SHOWN,
  STRONG_BELOW_FLOOR,

  // Visibility and sessions.
  SHOWN_WITHOUT_DEPENDENCIES,
  TOKEN_DROPPED_AT_STRONG_READ,
  INDEX_IGNORED_BY_WEAK_READ,
  INDEX_NOT_CARRIED_BY_UPDATE,
  ABSENCE_NOT_REMEMBERED,
  STAMP_NOT_AFTER_SESSION,
  /** A clock does not pass what its replica receives and applies. */
  CLOCK_NOT_MERGED,
  RETRY_STAMPED_ANEW,
  LINEARIZABLE_NOT_CONFIRMED,
  STRONG_READ_BEFORE_ABSORPTION
}
