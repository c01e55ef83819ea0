package io.gamut.core;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What one client wrote and read: the part of its history that later requests must respect.
 *
 * <p>It keeps three things. <em>Per key</em> the greatest version the session wrote or saw there,
 * with the dot that brought it; the eldest keys beyond {@link Limits#SESSION_KEYS_MAX} are
 * <em>folded</em> into one vector, which asks for more than the entries did and never for less. And
 * a <em>causal</em> vector: what operations at {@link Consistency#CAUSAL} wrote and read.
 *
 * <p>The guarantees are those of Terry et al., "Session Guarantees for Weakly Consistent Replicated
 * Data" (PDIS 1994). An entry is satisfied by a version at least as great, or by coverage of its
 * dot: a collected tombstone then cannot block a session for ever.
 *
 * <p>Mutable, for one thread at a time. A copy of it travels as a token: see {@link TokenSeal}.
 */
public final class Session {
  private static final int FORMAT = 1;

  /** What the session last saw at a key. */
  public record Seen(Version version, Dot dot) {}

  private final LinkedHashMap<Key, Seen> keys = new LinkedHashMap<>();
  private int keyBytes;
  private VersionVector folded = VersionVector.EMPTY;
  private VersionVector causal = VersionVector.EMPTY;
  private long latest;

  /** What must be visible before this session may read {@code key} at {@code level}. */
  public Requirement requirement(Key key, Consistency level) {
    if (level == Consistency.EVENTUAL) {
      return Requirement.NONE;
    }
    Seen seen = keys.get(key);
    VersionVector vector = seen == null ? folded : VersionVector.EMPTY;
    if (level != Consistency.SESSION) {
      vector = vector.join(causal);
    }
    return seen == null && vector.isEmpty() ? Requirement.NONE : new Requirement(vector, seen);
  }

  /** Remembers a write or a read of {@code key} at {@code level}. */
  public void observe(Key key, Version version, Dot dot, Consistency level) {
    Seen before = keys.remove(key);
    if (before == null) {
      keyBytes += key.bytes().length;
    }
    boolean newer = before == null || version.isAfter(before.version);
    keys.put(key, newer ? new Seen(version, dot) : before);
    latest = Math.max(latest, version.timestamp());
    if (level.compareTo(Consistency.CAUSAL) >= 0) {
      causal = causal.raisedTo(dot);
    }
    foldEldest();
  }

  private void foldEldest() {
    while (keys.size() > Limits.SESSION_KEYS_MAX || keyBytes > Limits.SESSION_KEY_BYTES_MAX) {
      Map.Entry<Key, Seen> eldest = Objects.requireNonNull(keys.pollFirstEntry());
      keyBytes -= eldest.getKey().bytes().length;
      folded = folded.raisedTo(eldest.getValue().dot);
    }
  }

  /** Takes over what {@code other} depends on, beside what this session depends on already. */
  public void merge(Session other) {
    folded = folded.join(other.folded);
    causal = causal.join(other.causal);
    latest = Math.max(latest, other.latest);
    other.keys.forEach((key, seen) -> observe(key, seen.version, seen.dot, Consistency.SESSION));
  }

  /** The dependencies of a causal write of this session. */
  public VersionVector causal() {
    return causal;
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
    causal.write(out);
    out.writeVarint(keys.size());
    keys.forEach((key, seen) -> {
      out.writeBytes(key.bytes());
      out.writeLong(seen.version.timestamp());
      out.writeOrigin(seen.version.stamper());
      out.writeOrigin(seen.dot.origin());
      out.writeVarint(seen.dot.sequence());
    });
  }

  public static Session read(BinaryReader in) {
    int format = in.readByte();
    if (format != FORMAT) {
      throw new InvalidDataException("session format " + format + " is not known here");
    }
    Session session = new Session();
    session.latest = in.readLong();
    session.folded = VersionVector.read(in);
    session.causal = VersionVector.read(in);
    int count = in.readCount(Limits.SESSION_KEYS_MAX, "keys in a session");
    for (int i = 0; i < count; i++) {
      Key key = Key.of(in.readBytes(Limits.KEY_BYTES_MAX));
      Version version = new Version(in.readLong(), in.readOrigin());
      session.observe(key, version, readDot(in), Consistency.SESSION);
    }
    return session;
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
    return "Session[" + keys.size() + " keys, folded " + folded + ", causal " + causal + "]";
  }
}
