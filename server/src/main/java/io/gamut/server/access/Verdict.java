package io.gamut.server.access;

/** What came of a name and a password. */
public sealed interface Verdict {
  /** They are this user's. */
  record Granted(User user) implements Verdict {}

  /** They are nobody's. */
  record Denied() implements Verdict {}

  /** Too many passwords wait to be looked at: nothing is known of this one. */
  record Busy() implements Verdict {}
}
