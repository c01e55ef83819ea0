package io.gamut.simulator.model;

import java.util.ArrayList;
import java.util.List;

/**
 * A session: where it is in its script, its token, and what the judge remembers of it.
 *
 * @param position of the next operation
 * @param answered how many of its strong operations are answered
 * @param issued how many were sent
 * @param waits for an answer that may have been lost (a weak write that is to be tried again)
 * @param token what it knows
 * @param seen the newest version per key that it wrote or read, for the judge
 * @param seenCausally per key what must be seen by all its operations at causal and above
 * @param confirmed of a linearizable read under way: 1 + the commit index; 0 if there is none
 * @param acknowledged the greatest index acknowledged to anybody before that read began
 */
record Session(
    int position,
    int issued,
    int answered,
    boolean waits,
    Token token,
    int seen,
    int seenCausally,
    int confirmed,
    int acknowledged) {

  /** What one write or read of a key left: a dot, or an index if the dot is 0. */
  record Entry(int key, int version, int dot, int index) {}

  /** Section 4. The latest is the greatest version met, which every new stamp must pass. */
  record Token(List<Entry> entries, int vector, int index, int latest) {
    static final Token EMPTY = new Token(List.of(), 0, 0, 0);

    Token remembering(Entry entry) {
      int later = Math.max(latest, entry.version);
      if (entries.contains(entry)) {
        return new Token(entries, vector, index, later);
      }
      List<Entry> more = new ArrayList<>(entries);
      // An index is never lost, so what is no later than that need not be kept.
      more.removeIf(old -> old.key == entry.key && entry.dot == 0 && old.version <= entry.version);
      more.add(entry);
      return new Token(List.copyOf(more), vector, index, later);
    }

    Token withDot(int origin, int sequence) {
      return new Token(entries, Vector.raised(vector, origin, sequence), index, latest);
    }

    Token withIndex(int reached) {
      return new Token(entries, vector, Math.max(index, reached), latest);
    }
  }

  static final Session START = new Session(0, 0, 0, false, Token.EMPTY, 0, 0, 0, 0);

  Session with(Token next) {
    return new Session(
        position, issued, answered, waits, next, seen, seenCausally, confirmed, acknowledged);
  }

  Session moved() {
    return new Session(position + 1, issued, answered, false, token, seen, seenCausally, 0, 0);
  }

  Session waiting(Token next) {
    return new Session(
        position, issued, answered, true, next, seen, seenCausally, confirmed, acknowledged);
  }

  Session sent() {
    return new Session(position + 1, issued + 1, answered, false, token, seen, seenCausally, 0, 0);
  }

  Session heard() {
    return new Session(
        position, issued, answered + 1, waits, token, seen, seenCausally, confirmed, acknowledged);
  }

  Session begun(int commitIndex, int acknowledgedIndex) {
    return new Session(
        position,
        issued,
        answered,
        waits,
        token,
        seen,
        seenCausally,
        1 + commitIndex,
        acknowledgedIndex);
  }

  /** The judge notes a version of one key. */
  Session noting(int key, int version) {
    return new Session(
        position,
        issued,
        answered,
        waits,
        token,
        Stamp.raised(seen, key, version),
        seenCausally,
        confirmed,
        acknowledged);
  }

  /** The judge notes what binds all keys. */
  Session notingCausally(int perKey) {
    return new Session(
        position,
        issued,
        answered,
        waits,
        token,
        seen,
        Stamp.join(seenCausally, perKey),
        confirmed,
        acknowledged);
  }

  /** Told that something is lost: it drops that, and the judge asks for nothing from before. */
  Session told(Token remaining) {
    return new Session(position, issued, answered, waits, remaining, 0, 0, 0, 0);
  }
}
