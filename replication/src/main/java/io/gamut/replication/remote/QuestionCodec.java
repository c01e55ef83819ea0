package io.gamut.replication.remote;

import io.gamut.core.BinaryReader;
import io.gamut.core.BinaryWriter;
import io.gamut.core.Content;
import io.gamut.core.InvalidDataException;
import io.gamut.core.Key;
import io.gamut.core.Limits;
import io.gamut.core.NodeId;
import io.gamut.core.Operation;
import io.gamut.core.Requirement;
import io.gamut.core.Version;
import io.gamut.core.VersionVector;
import io.gamut.replication.message.ContentCodec;
import io.gamut.replication.strong.Freshness;
import io.gamut.replication.strong.StrongInput.Wanted;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The encoding of {@link Question}s. */
final class QuestionCodec {
  private static final int READ = 1;
  private static final int WRITE = 2;
  private static final int COMMITTED = 3;
  private static final int REMOVE = 4;
  private static final int LISTING = 5;
  private static final int LOOK = 6;

  private static final int OF_VIEW = 0;
  private static final int ANY = 1;
  private static final int AT_MOST = 2;
  private static final int LATEST = 3;

  private static final int HAS_VALUES = 1;
  private static final int HAS_AFTER = 1 << 1;

  private QuestionCodec() {}

  // Writing

  static void write(Question question, BinaryWriter out) {
    switch (question) {
      case Question.Read(Key key, Requirement requirement, int waitMillis) -> {
        begin(READ, waitMillis, out);
        Parts.writeKey(key, out);
        Parts.writeRequirement(requirement, out);
      }
      case Question.Write write -> {
        begin(WRITE, write.waitMillis(), out);
        write(write, out);
      }
      case Question.Committed(List<Wanted> wanted, Freshness freshness, int waitMillis) -> {
        begin(COMMITTED, waitMillis, out);
        write(freshness, out);
        out.writeVarint(wanted.size());
        for (Wanted each : wanted) {
          Parts.writeKey(each.key(), out);
          Parts.writeRequirement(each.requirement(), out);
        }
      }
      case Question.Remove(NodeId node, int waitMillis) -> {
        begin(REMOVE, waitMillis, out);
        node.write(out);
      }
      case Question.Listing listing -> {
        begin(LISTING, listing.waitMillis(), out);
        write(listing, out);
      }
      case Question.Look(Key key) -> {
        begin(LOOK, 0, out);
        Parts.writeKey(key, out);
      }
    }
  }

  private static void begin(int kind, int waitMillis, BinaryWriter out) {
    out.writeByte(kind);
    out.writeVarint(waitMillis);
  }

  private static void write(Question.Write write, BinaryWriter out) {
    Parts.writeKey(write.key(), out);
    out.writeByte(ContentCodec.flags(write.content()));
    ContentCodec.write(write.content(), out);
    write.dependencies().write(out);
    out.writeVarint(write.index());
    out.writeLong(write.sessionLatest());
    Version stamp = write.stamp();
    out.writeByte(stamp == null ? 0 : 1);
    if (stamp != null) {
      Parts.writeVersion(stamp, out);
    }
  }

  private static void write(Question.Listing listing, BinaryWriter out) {
    Key after = listing.after();
    out.writeByte((listing.hasValues() ? HAS_VALUES : 0) | (after == null ? 0 : HAS_AFTER));
    if (after != null) {
      Parts.writeKey(after, out);
    }
    out.writeVarint(listing.limit());
    Parts.writeRequirement(listing.requirement(), out);
    write(listing.freshness(), out);
  }

  private static void write(@Nullable Freshness freshness, BinaryWriter out) {
    switch (freshness) {
      case null -> out.writeByte(OF_VIEW);
      case Freshness.Any.ANY -> out.writeByte(ANY);
      case Freshness.AtMost(long nanos) -> {
        out.writeByte(AT_MOST);
        out.writeVarint(nanos);
      }
      case Freshness.Latest.LATEST -> out.writeByte(LATEST);
    }
  }

  // Reading

  static Question read(BinaryReader in) {
    int kind = in.readByte();
    int waitMillis = in.readInt();
    if (waitMillis > Limits.WAIT_MILLIS_MAX) {
      throw new InvalidDataException("a wait of " + waitMillis + " ms");
    }
    return switch (kind) {
      case READ -> new Question.Read(Parts.readKey(in), Parts.readRequirement(in), waitMillis);
      case WRITE -> readWrite(waitMillis, in);
      case COMMITTED -> readCommitted(waitMillis, in);
      case REMOVE -> new Question.Remove(NodeId.read(in), waitMillis);
      case LISTING -> readListing(waitMillis, in);
      case LOOK -> new Question.Look(Parts.readKey(in));
      default -> throw new InvalidDataException("a question of kind " + kind);
    };
  }

  private static Question readWrite(int waitMillis, BinaryReader in) {
    Key key = Parts.readKey(in);
    Content content = ContentCodec.read(in.readByte(), in);
    VersionVector dependencies = VersionVector.read(in);
    long index = in.readVarint();
    long sessionLatest = in.readLong();
    Version stamp = in.readByte() == 0 ? null : Parts.readVersion(in);
    return new Question.Write(key, content, dependencies, index, sessionLatest, stamp, waitMillis);
  }

  private static Question readCommitted(int waitMillis, BinaryReader in) {
    Freshness freshness = Objects.requireNonNullElse(readFreshness(in), Freshness.Any.ANY);
    List<Wanted> wanted = new ArrayList<>();
    for (int left = in.readCount(Operation.PARTS_MAX, "keys"); left > 0; left--) {
      wanted.add(new Wanted(Parts.readKey(in), Parts.readRequirement(in)));
    }
    if (wanted.isEmpty()) {
      throw new InvalidDataException("a read of no key");
    }
    return new Question.Committed(List.copyOf(wanted), freshness, waitMillis);
  }

  private static Question readListing(int waitMillis, BinaryReader in) {
    int flags = in.readByte();
    Key after = (flags & HAS_AFTER) == 0 ? null : Parts.readKey(in);
    int limit = in.readInt();
    if (limit > Question.Listing.LIMIT_MAX) {
      throw new InvalidDataException("a listing of " + limit + " pairs");
    }
    Requirement requirement = Parts.readRequirement(in);
    return new Question.Listing(
        after, limit, (flags & HAS_VALUES) != 0, requirement, readFreshness(in), waitMillis);
  }

  private static @Nullable Freshness readFreshness(BinaryReader in) {
    int kind = in.readByte();
    return switch (kind) {
      case OF_VIEW -> null;
      case ANY -> Freshness.Any.ANY;
      case AT_MOST -> new Freshness.AtMost(in.readVarint());
      case LATEST -> Freshness.Latest.LATEST;
      default -> throw new InvalidDataException("a freshness of kind " + kind);
    };
  }
}
