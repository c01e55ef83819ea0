package io.gamut.replication.committed;

import io.gamut.core.BinaryReader;
import io.gamut.core.BinaryWriter;
import io.gamut.core.Change;
import io.gamut.core.Condition;
import io.gamut.core.Content;
import io.gamut.core.InvalidDataException;
import io.gamut.core.Key;
import io.gamut.core.Limits;
import io.gamut.core.Operation;
import io.gamut.core.OperationResult;
import io.gamut.core.OperationResult.ChangeResult;
import io.gamut.core.OperationResult.Changed;
import io.gamut.core.OperationResult.Cleared;
import io.gamut.core.OperationResult.Failed;
import io.gamut.core.OperationResult.Problem;
import io.gamut.core.OperationResult.Unmet;
import io.gamut.core.OperationResult.Withdrawn;
import io.gamut.core.Version;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The encoding of {@linkplain Operation operations} and of what has become of them. */
final class OperationCodec {
  private static final int WANTS_BEFORE = 1;
  private static final int WITHDRAWN = 1 << 1;
  private static final int CLEARS = 1 << 2;

  private static final int ABSENT = 1;
  private static final int PRESENT = 2;
  private static final int VERSION_IS = 3;
  private static final int VALUE_IS = 4;

  private static final int DELETE = 1;
  private static final int PUT = 2;
  private static final int INCREMENT = 3;
  private static final int APPEND = 4;
  private static final int PREPEND = 5;
  private static final int EXPIRE_AT = 6;

  private static final int CHANGED = 1;
  private static final int UNMET = 2;
  private static final int FAILED = 3;
  private static final int NOTHING = 4;
  private static final int CLEARED = 5;

  private static final int REPLACED = 1;
  private static final int HAS_BEFORE = 1 << 1;

  private OperationCodec() {}

  // Operations

  static void write(@Nullable Operation operation, BinaryWriter out) {
    if (operation == null) {
      out.writeByte(WITHDRAWN);
      return;
    }
    int clears = operation.clears() ? CLEARS : 0;
    out.writeByte(clears | (operation.wantsBefore() ? WANTS_BEFORE : 0));
    out.writeVarint(operation.conditions().size());
    operation.conditions().forEach(condition -> writeCondition(condition, out));
    out.writeVarint(operation.changes().size());
    operation.changes().forEach(change -> writeChange(change, out));
  }

  private static void writeCondition(Condition condition, BinaryWriter out) {
    switch (condition) {
      case Condition.Absent(Key key) -> begin(ABSENT, key, out);
      case Condition.Present(Key key) -> begin(PRESENT, key, out);
      case Condition.VersionIs(Key key, Version version) -> {
        begin(VERSION_IS, key, out);
        writeVersion(version, out);
      }
      case Condition.ValueIs(Key key, byte[] bytes) -> {
        begin(VALUE_IS, key, out);
        out.writeBytes(bytes);
      }
    }
  }

  private static void writeChange(Change change, BinaryWriter out) {
    switch (change) {
      case Change.Put(Key key, Content.Value value) -> {
        begin(PUT, key, out);
        writeValue(value, out);
      }
      case Change.Put(Key key, Content.Tombstone _) -> begin(DELETE, key, out);
      case Change.Increment(Key key, long delta) -> {
        begin(INCREMENT, key, out);
        out.writeLong(delta);
      }
      case Change.Append(Key key, byte[] bytes, boolean isInFront) -> {
        begin(isInFront ? PREPEND : APPEND, key, out);
        out.writeBytes(bytes);
      }
      case Change.ExpireAt(Key key, long millis) -> {
        begin(EXPIRE_AT, key, out);
        out.writeVarint(millis);
      }
    }
  }

  private static void begin(int kind, Key key, BinaryWriter out) {
    out.writeByte(kind);
    out.writeBytes(key.bytes());
  }

  static void writeVersion(Version version, BinaryWriter out) {
    out.writeLong(version.timestamp());
    out.writeOrigin(version.stamper());
  }

  private static void writeValue(Content.Value value, BinaryWriter out) {
    out.writeVarint(Integer.toUnsignedLong(value.flags()));
    out.writeVarint(value.expiresAtMillis());
    out.writeBytes(value.bytes());
  }

  static @Nullable Operation read(BinaryReader in) {
    int flags = in.readByte();
    if (flags == WITHDRAWN) {
      return null;
    }
    if ((flags & ~(WANTS_BEFORE | CLEARS)) != 0) {
      throw new InvalidDataException("operation of flags " + flags);
    }
    List<Condition> conditions = new ArrayList<>();
    for (int left = in.readCount(Operation.PARTS_MAX, "conditions"); left > 0; left--) {
      conditions.add(readCondition(in));
    }
    List<Change> changes = new ArrayList<>();
    for (int left = in.readCount(Operation.PARTS_MAX, "changes"); left > 0; left--) {
      changes.add(readChange(in));
    }
    return new Operation(conditions, changes, (flags & WANTS_BEFORE) != 0, (flags & CLEARS) != 0);
  }

  private static Condition readCondition(BinaryReader in) {
    int kind = in.readByte();
    Key key = readKey(in);
    return switch (kind) {
      case ABSENT -> new Condition.Absent(key);
      case PRESENT -> new Condition.Present(key);
      case VERSION_IS -> new Condition.VersionIs(key, readVersion(in));
      case VALUE_IS -> new Condition.ValueIs(key, in.readBytes(Limits.VALUE_BYTES_MAX));
      default -> throw new InvalidDataException("condition of kind " + kind);
    };
  }

  private static Change readChange(BinaryReader in) {
    int kind = in.readByte();
    Key key = readKey(in);
    return switch (kind) {
      case DELETE -> new Change.Put(key, Content.Tombstone.TOMBSTONE);
      case PUT -> new Change.Put(key, readValue(in));
      case INCREMENT -> new Change.Increment(key, in.readLong());
      case APPEND, PREPEND ->
          new Change.Append(key, in.readBytes(Limits.VALUE_BYTES_MAX), kind == PREPEND);
      case EXPIRE_AT -> new Change.ExpireAt(key, in.readVarint());
      default -> throw new InvalidDataException("change of kind " + kind);
    };
  }

  private static Key readKey(BinaryReader in) {
    return Key.of(in.readBytes(Limits.KEY_BYTES_MAX));
  }

  static Version readVersion(BinaryReader in) {
    return new Version(in.readLong(), in.readOrigin());
  }

  private static Content.Value readValue(BinaryReader in) {
    int flags = (int) in.readVarint();
    long expiresAtMillis = in.readVarint();
    return new Content.Value(in.readBytes(Limits.VALUE_BYTES_MAX), flags, expiresAtMillis);
  }

  // Results

  static byte[] encode(List<OperationResult> results) {
    BinaryWriter out = new BinaryWriter();
    out.writeVarint(results.size());
    results.forEach(result -> writeResult(result, out));
    return out.toByteArray();
  }

  private static void writeResult(OperationResult result, BinaryWriter out) {
    switch (result) {
      case Changed(List<ChangeResult> changes) -> {
        out.writeByte(CHANGED);
        out.writeVarint(changes.size());
        changes.forEach(change -> writeResult(change, out));
      }
      case Cleared(Version version) -> {
        out.writeByte(CLEARED);
        writeVersion(version, out);
      }
      case Unmet(int condition, Version version) -> {
        out.writeByte(UNMET);
        out.writeVarint(condition);
        out.writeByte(version == null ? 0 : 1);
        if (version != null) {
          writeVersion(version, out);
        }
      }
      case Failed(Problem problem) -> {
        out.writeByte(FAILED);
        out.writeByte(problem.code());
      }
      case Withdrawn.WITHDRAWN -> out.writeByte(NOTHING);
    }
  }

  private static void writeResult(ChangeResult change, BinaryWriter out) {
    Content.Value before = change.before();
    out.writeByte((change.replacedValue() ? REPLACED : 0) | (before == null ? 0 : HAS_BEFORE));
    writeVersion(change.version(), out);
    out.writeLong(change.number());
    if (before != null) {
      writeValue(before, out);
    }
  }

  static List<OperationResult> decode(byte[] bytes) {
    BinaryReader in = new BinaryReader(bytes);
    List<OperationResult> results = new ArrayList<>();
    for (int left = in.readCount(CommandCodec.OPERATIONS_MAX, "results"); left > 0; left--) {
      results.add(readResult(in));
    }
    in.requireEnd();
    return results;
  }

  private static OperationResult readResult(BinaryReader in) {
    int kind = in.readByte();
    return switch (kind) {
      case CHANGED -> {
        List<ChangeResult> changes = new ArrayList<>();
        for (int left = in.readCount(Operation.PARTS_MAX, "changes"); left > 0; left--) {
          changes.add(readChangeResult(in));
        }
        yield new Changed(changes);
      }
      case UNMET -> {
        int condition = in.readCount(Operation.PARTS_MAX, "conditions");
        yield new Unmet(condition, in.readByte() == 0 ? null : readVersion(in));
      }
      case FAILED -> new Failed(Problem.of(in.readByte()));
      case NOTHING -> Withdrawn.WITHDRAWN;
      case CLEARED -> new Cleared(readVersion(in));
      default -> throw new InvalidDataException("result of kind " + kind);
    };
  }

  private static ChangeResult readChangeResult(BinaryReader in) {
    int flags = in.readByte();
    Version version = readVersion(in);
    long number = in.readLong();
    Content.Value before = (flags & HAS_BEFORE) == 0 ? null : readValue(in);
    return new ChangeResult(version, (flags & REPLACED) != 0, number, before);
  }
}
