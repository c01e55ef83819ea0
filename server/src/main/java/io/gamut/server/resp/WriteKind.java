package io.gamut.server.resp;

/** Whether a request only writes, and how. */
enum WriteKind {
  /** It is something else. */
  NONE,
  WEAK,
  STRONG
}
