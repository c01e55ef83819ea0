package io.gamut.core;

import java.util.Locale;
import java.util.Optional;

/** What a request may ask for, weakest first; SPEC and README have the table of promises. */
public enum Consistency {
  /** This replica's view, at once; a write is durable on one replica. */
  EVENTUAL,
  /** Per key, nothing older than the session wrote or read. */
  SESSION,
  /** A view that holds everything the session's history depends on. */
  CAUSAL,
  /** The committed prefix of this replica, never behind the session's own position. */
  SEQUENTIAL,
  /** Committed state of at most a given age. */
  BOUNDED,
  /** The latest committed value. */
  LINEARIZABLE;

  /** Weak levels work on one replica alone; strong ones need the ledger. */
  public boolean isWeak() {
    return this.compareTo(SEQUENTIAL) < 0;
  }

  /** Reads a level's name, in either case. */
  public static Optional<Consistency> parse(String name) {
    for (Consistency level : values()) {
      if (level.name().equalsIgnoreCase(name)) {
        return Optional.of(level);
      }
    }
    return Optional.empty();
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
