package io.gamut.core;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What one client wrote and read: the part of its history that later requests must respect.
 *
 * <p>It keeps two things. <em>Per key</em> the greatest version the session wrote or saw there,
 * with a mark of where it is to be found; the eldest keys beyond {@link Limits#SESSION_KEYS_MAX}
 * are <em>folded</em> into one vector and one ledger index, which ask for more than the entries did
 * and never for less. And a <em>causal</em> vector and ledger index: what operations at {@link
 * Consistency#CAUSAL} and above wrote and read.
 *
 * <p>The guarantees are those of Terry et al., "Session Guarantees for Weakly Consistent Replicated
 * Data" (PDIS 1994). An entry is satisfied by a version at least as great, or by coverage of its
 * mark: a collected tombstone then cannot block a session for ever.
 *
 * <p>Mutable, for one thread at a time. A copy of it travels as a token: see {@link TokenSeal}.
 */
public final class Session {
  private static final int FORMAT = 2;
  private static final int FORMAT_WITHOUT_LEDGER = 1;
  private static final int DOT = 0;
  private static final int POSITION = 1;

  /** What the session last saw at a key. */
  public record Seen(Version version, Mark mark) {}

  private final LinkedHashMap<Key, Seen> keys = new LinkedHashMap<>();
  private int keyBytes;
  private VersionVector folded = VersionVector.EMPTY;
  private long foldedIndex;
  private VersionVector causal = VersionVector.EMPTY;
  private long index;
  private long latest;

  /** What {@link #everything} said last, with what was met since; unless that is stale. */
  private VersionVector met = VersionVector.EMPTY;

  private long metIndex;
  private boolean isMetStale;

  /** What must be visible before this session may read {@code key} at {@code level}. */
  public Requirement requirement(Key key, Consistency level) {
    if (level == Consistency.EVENTUAL) {
      return Requirement.NONE;
    }
    Seen seen = keys.get(key);
    VersionVector vector = seen == null ? folded : VersionVector.EMPTY;
    long applied = seen == null ? foldedIndex : 0;
    if (level != Consistency.SESSION) {
      vector = vector.join(causal);
      applied = Math.max(applied, index);
    }
    return seen == null && vector.isEmpty() && applied == 0
        ? Requirement.NONE
        : new Requirement(vector, applied, seen);
  }

  /** What must be visible, or absorbed, so that nothing is missing that this session has met. */
  public Requirement everything() {
    if (isMetStale) {
      isMetStale = false;
      met = folded.join(causal);
      metIndex = Math.max(foldedIndex, index);
      keys.values().forEach(seen -> meet(seen.mark));
    }
    return new Requirement(met, metIndex, null);
  }

  private void meet(Mark mark) {
    switch (mark) {
      case Dot dot -> met = met.raisedTo(dot);
      case LedgerPosition(long at) -> metIndex = Math.max(metIndex, at);
    }
  }

  /** Whether what is marked by one is there wherever it is by the other. */
  private static boolean isWithin(Mark one, Mark other) {
    return switch (one) {
      case Dot(Origin origin, long sequence) ->
          other instanceof Dot dot && dot.origin().equals(origin) && sequence <= dot.sequence();
      case LedgerPosition(long at) -> other instanceof LedgerPosition(long index) && at <= index;
    };
  }

  /** Remembers a write or a read of {@code key} at {@code level}. */
  public void observe(Key key, Version version, Mark mark, Consistency level) {
    Seen before = keys.remove(key);
    if (before == null) {
      keyBytes += key.bytes().length;
    }
    boolean newer = before == null || version.isAfter(before.version);
    if (newer) {
      meet(mark);
      isMetStale |= before != null && !isWithin(before.mark, mark);
    }
    keys.put(key, newer ? new Seen(version, mark) : before);
    latest = Math.max(latest, version.timestamp());
    if (level.compareTo(Consistency.CAUSAL) >= 0) {
      switch (mark) {
        case Dot dot -> causal = causal.raisedTo(dot);
        case LedgerPosition(long at) -> index = Math.max(index, at);
      }
      meet(mark);
    }
    foldEldest();
  }

  /** Remembers that a read at a strong level found nothing at a position of the ledger. */
  public void observe(LedgerPosition position) {
    index = Math.max(index, position.index());
    meet(position);
  }

  /** Remembers that every key was deleted, at a position of the ledger. */
  public void observeAll(Version version, LedgerPosition position, Consistency level) {
    List.copyOf(keys.keySet()).forEach(key -> observe(key, version, position, level));
    latest = Math.max(latest, version.timestamp());
    foldedIndex = Math.max(foldedIndex, position.index());
    index = Math.max(index, position.index());
    meet(position);
  }

  /**
   * Forgets what is gone for good: so that it is told of that once.
   *
   * @param closed the ends of the origins that have one
   */
  public void forget(Ends closed) {
    isMetStale = true;
    folded = closed.reachable(folded);
    causal = closed.reachable(causal);
    for (Map.Entry<Key, Seen> each : List.copyOf(keys.entrySet())) {
      if (each.getValue().mark instanceof Dot dot && closed.isBeyond(dot)) {
        keys.remove(each.getKey());
        keyBytes -= each.getKey().bytes().length;
      }
    }
  }

  private void foldEldest() {
    while (keys.size() > Limits.SESSION_KEYS_MAX || keyBytes > Limits.SESSION_KEY_BYTES_MAX) {
      Map.Entry<Key, Seen> eldest = Objects.requireNonNull(keys.pollFirstEntry());
      keyBytes -= eldest.getKey().bytes().length;
      switch (eldest.getValue().mark) {
        case Dot dot -> folded = folded.raisedTo(dot);
        case LedgerPosition(long at) -> foldedIndex = Math.max(foldedIndex, at);
      }
    }
  }

  /** Takes over what {@code other} depends on, beside what this session depends on already. */
  public void merge(Session other) {
    isMetStale = true;
    folded = folded.join(other.folded);
    foldedIndex = Math.max(foldedIndex, other.foldedIndex);
    causal = causal.join(other.causal);
    index = Math.max(index, other.index);
    latest = Math.max(latest, other.latest);
    other.keys.forEach((key, seen) -> observe(key, seen.version, seen.mark, Consistency.SESSION));
  }

  /** The dependencies of a causal write of this session. */
  public VersionVector causal() {
    return causal;
  }

  /** How far the ledger must be applied where a causal write of this session is accepted. */
  public long index() {
    return index;
  }

  /** The greatest timestamp this session has met: a clock that stamps for it must be past that. */
  public long latest() {
    return latest;
  }

  public @Nullable Seen seen(Key key) {
    return keys.get(key);
  }

  public void write(BinaryWriter out) {
    out.writeByte(FORMAT);
    out.writeLong(latest);
    folded.write(out);
    out.writeVarint(foldedIndex);
    causal.write(out);
    out.writeVarint(index);
    out.writeVarint(keys.size());
    keys.forEach((key, seen) -> {
      out.writeBytes(key.bytes());
      out.writeLong(seen.version.timestamp());
      out.writeOrigin(seen.version.stamper());
      switch (seen.mark) {
        case Dot(Origin origin, long sequence) -> {
          out.writeByte(DOT);
          out.writeOrigin(origin);
          out.writeVarint(sequence);
        }
        case LedgerPosition(long at) -> {
          out.writeByte(POSITION);
          out.writeVarint(at);
        }
      }
    });
  }

  /** Reads what {@link #write} wrote, or an earlier release. */
  public static Session read(BinaryReader in) {
    int format = in.readByte();
    if (format != FORMAT && format != FORMAT_WITHOUT_LEDGER) {
      throw new InvalidDataException("session format " + format + " is not known here");
    }
    boolean hasLedger = format == FORMAT;
    Session session = new Session();
    session.isMetStale = true;
    session.latest = in.readLong();
    session.folded = VersionVector.read(in);
    session.foldedIndex = hasLedger ? in.readVarint() : 0;
    session.causal = VersionVector.read(in);
    session.index = hasLedger ? in.readVarint() : 0;
    int count = in.readCount(Limits.SESSION_KEYS_MAX, "keys in a session");
    for (int i = 0; i < count; i++) {
      Key key = Key.of(in.readBytes(Limits.KEY_BYTES_MAX));
      Version version = new Version(in.readLong(), in.readOrigin());
      Mark mark = hasLedger ? readMark(in) : readDot(in);
      session.observe(key, version, mark, Consistency.SESSION);
    }
    return session;
  }

  private static Mark readMark(BinaryReader in) {
    int kind = in.readByte();
    return switch (kind) {
      case DOT -> readDot(in);
      case POSITION -> new LedgerPosition(in.readVarint());
      default -> throw new InvalidDataException("a mark of kind " + kind);
    };
  }

  private static Dot readDot(BinaryReader in) {
    Origin origin = in.readOrigin();
    long sequence = in.readVarint();
    if (sequence < 1) {
      throw new InvalidDataException("a dot's sequence counts from 1, not " + sequence);
    }
    return new Dot(origin, sequence);
  }

  @Override
  public String toString() {
    return "Session["
        + keys.size()
        + " keys, folded "
        + folded
        + ", causal "
        + causal
        + ", index "
        + index
        + "]";
  }
}
