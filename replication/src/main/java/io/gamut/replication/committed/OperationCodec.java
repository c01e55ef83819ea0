package io.gamut.replication.committed;

import io.gamut.core.BinaryReader;
import io.gamut.core.BinaryWriter;
import io.gamut.core.Change;
import io.gamut.core.Change.Arithmetic;
import io.gamut.core.Change.ExpiryRule;
import io.gamut.core.Condition;
import io.gamut.core.Content;
import io.gamut.core.Decimals;
import io.gamut.core.InvalidDataException;
import io.gamut.core.Key;
import io.gamut.core.Limits;
import io.gamut.core.Operation;
import io.gamut.core.Renewal;
import io.gamut.core.Version;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The encoding of {@linkplain Operation operations}. */
final class OperationCodec {
  private static final int WANTS_BEFORE = 1;
  private static final int WITHDRAWN = 1 << 1;
  private static final int CLEARS = 1 << 2;
  private static final int TRANSACTION = 1 << 3;

  private static final int ABSENT = 1;
  private static final int PRESENT = 2;
  private static final int VERSION_IS = 3;
  private static final int VALUE_IS = 4;
  private static final int TAG_IS = 5;
  private static final int TAG_IS_NOT = 6;

  private static final int DELETE = 1;
  private static final int PUT = 2;
  private static final int INCREMENT = 3;
  private static final int APPEND = 4;
  private static final int PREPEND = 5;
  private static final int EXPIRE_AT = 6;
  private static final int LOOK = 7;
  private static final int REWRITE = 8;
  private static final int INCREMENT_UNSIGNED = 9;
  private static final int INCREMENT_DECIMAL = 10;
  private static final int OVERWRITE = 11;
  private static final int EXPIRE_BY_RULE = 12;
  private static final int COPY = 13;
  private static final int REWRITE_STALE = 14;
  private static final int RENEW = 15;
  private static final int CLAIM = 16;

  private OperationCodec() {}

  // Operations

  static void write(@Nullable Operation operation, BinaryWriter out) {
    switch (operation) {
      case null -> out.writeByte(WITHDRAWN);
      case Operation.Minitransaction part -> write(part, out);
      case Operation.Transaction(var conditions, var steps) -> {
        out.writeByte(TRANSACTION);
        writeConditions(conditions, out);
        out.writeVarint(steps.size());
        steps.forEach(step -> write(step, out));
      }
      case Operation.Clear.CLEAR -> {
        out.writeByte(CLEARS);
        out.writeVarint(0);
        out.writeVarint(0);
      }
    }
  }

  private static void write(Operation.Minitransaction part, BinaryWriter out) {
    out.writeByte(part.wantsBefore() ? WANTS_BEFORE : 0);
    writeConditions(part.conditions(), out);
    out.writeVarint(part.changes().size());
    part.changes().forEach(change -> writeChange(change, out));
  }

  private static void writeConditions(List<Condition> conditions, BinaryWriter out) {
    out.writeVarint(conditions.size());
    conditions.forEach(condition -> writeCondition(condition, out));
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
      case Condition.TagIs(Key key, long tag) -> {
        begin(TAG_IS, key, out);
        out.writeLong(tag);
      }
      case Condition.TagIsNot(Key key, long tag) -> {
        begin(TAG_IS_NOT, key, out);
        out.writeLong(tag);
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
      case Change.Look(Key key) -> begin(LOOK, key, out);
      case Change.Rewrite(Key key, byte[] bytes, int flags, boolean isStale) -> {
        begin(isStale ? REWRITE_STALE : REWRITE, key, out);
        out.writeVarint(Integer.toUnsignedLong(flags));
        out.writeBytes(bytes);
      }
      case Change.Increment(Key key, long delta, Arithmetic arithmetic) -> {
        boolean isSigned = arithmetic == Arithmetic.SIGNED;
        begin(isSigned ? INCREMENT : INCREMENT_UNSIGNED, key, out);
        if (!isSigned) {
          out.writeByte(arithmetic.code());
        }
        out.writeLong(delta);
      }
      case Change.IncrementDecimal(Key key, BigDecimal delta) -> {
        begin(INCREMENT_DECIMAL, key, out);
        out.writeBytes(Decimals.format(delta));
      }
      case Change.Append(Key key, byte[] bytes, boolean isInFront) -> {
        begin(isInFront ? PREPEND : APPEND, key, out);
        out.writeBytes(bytes);
      }
      case Change.Overwrite(Key key, int offset, byte[] bytes) -> {
        begin(OVERWRITE, key, out);
        out.writeVarint(offset);
        out.writeBytes(bytes);
      }
      case Change.ExpireAt(Key key, long millis, ExpiryRule rule) -> {
        boolean isAlways = rule == ExpiryRule.ALWAYS;
        begin(isAlways ? EXPIRE_AT : EXPIRE_BY_RULE, key, out);
        if (!isAlways) {
          out.writeByte(rule.code());
        }
        out.writeVarint(millis);
      }
      case Change.Renew(Key key, Renewal renewal) -> {
        begin(RENEW, key, out);
        out.writeByte(renewal.code());
      }
      case Change.Claim(Key key, long untilMillis) -> {
        begin(CLAIM, key, out);
        out.writeVarint(untilMillis);
      }
      case Change.Copy(Key key, Key source) -> {
        begin(COPY, key, out);
        out.writeBytes(source.bytes());
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

  static void writeValue(Content.Value value, BinaryWriter out) {
    out.writeVarint(value.marks());
    out.writeVarint(value.expiresAtMillis());
    out.writeBytes(value.bytes());
  }

  static @Nullable Operation read(BinaryReader in) {
    int flags = in.readByte();
    if (flags == WITHDRAWN) {
      return null;
    }
    return switch (flags) {
      case CLEARS -> readClear(in);
      case TRANSACTION -> {
        List<Condition> conditions = readConditions(in);
        List<Operation.Minitransaction> steps = new ArrayList<>();
        for (int left = in.readCount(Operation.PARTS_MAX, "steps"); left > 0; left--) {
          steps.add(readPart(in.readByte(), in));
        }
        yield new Operation.Transaction(conditions, steps);
      }
      default -> readPart(flags, in);
    };
  }

  private static Operation readClear(BinaryReader in) {
    long conditions = in.readVarint();
    long changes = in.readVarint();
    if (conditions != 0 || changes != 0) {
      throw new InvalidDataException("an operation that deletes every key does nothing else");
    }
    return Operation.Clear.CLEAR;
  }

  private static Operation.Minitransaction readPart(int flags, BinaryReader in) {
    if (flags != 0 && flags != WANTS_BEFORE) {
      throw new InvalidDataException("operation of flags " + flags);
    }
    List<Condition> conditions = readConditions(in);
    List<Change> changes = new ArrayList<>();
    for (int left = in.readCount(Operation.PARTS_MAX, "changes"); left > 0; left--) {
      changes.add(readChange(in));
    }
    return new Operation.Minitransaction(conditions, changes, flags == WANTS_BEFORE);
  }

  private static List<Condition> readConditions(BinaryReader in) {
    List<Condition> conditions = new ArrayList<>();
    for (int left = in.readCount(Operation.PARTS_MAX, "conditions"); left > 0; left--) {
      conditions.add(readCondition(in));
    }
    return conditions;
  }

  private static Condition readCondition(BinaryReader in) {
    int kind = in.readByte();
    Key key = readKey(in);
    return switch (kind) {
      case ABSENT -> new Condition.Absent(key);
      case PRESENT -> new Condition.Present(key);
      case VERSION_IS -> new Condition.VersionIs(key, readVersion(in));
      case VALUE_IS -> new Condition.ValueIs(key, in.readBytes(Limits.VALUE_BYTES_MAX));
      case TAG_IS -> new Condition.TagIs(key, in.readLong());
      case TAG_IS_NOT -> new Condition.TagIsNot(key, in.readLong());
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
      case LOOK -> new Change.Look(key);
      case REWRITE, REWRITE_STALE -> {
        int flags = (int) in.readVarint();
        byte[] bytes = in.readBytes(Limits.VALUE_BYTES_MAX);
        yield new Change.Rewrite(key, bytes, flags, kind == REWRITE_STALE);
      }
      case INCREMENT_UNSIGNED -> {
        Arithmetic arithmetic = Arithmetic.of(in.readByte());
        yield new Change.Increment(key, in.readLong(), arithmetic);
      }
      case INCREMENT_DECIMAL -> new Change.IncrementDecimal(key, readDecimal(in));
      case OVERWRITE -> {
        long offset = in.readVarint();
        if (offset < 0 || offset > Limits.VALUE_BYTES_MAX) {
          throw new InvalidDataException("an offset of " + offset + " bytes");
        }
        yield new Change.Overwrite(key, (int) offset, in.readBytes(Limits.VALUE_BYTES_MAX));
      }
      case EXPIRE_BY_RULE -> {
        ExpiryRule rule = ExpiryRule.of(in.readByte());
        yield new Change.ExpireAt(key, in.readVarint(), rule);
      }
      case RENEW -> new Change.Renew(key, Renewal.of(in.readByte()));
      case CLAIM -> new Change.Claim(key, in.readVarint());
      case COPY -> new Change.Copy(key, readKey(in));
      default -> throw new InvalidDataException("change of kind " + kind);
    };
  }

  private static BigDecimal readDecimal(BinaryReader in) {
    BigDecimal number = Decimals.parse(in.readBytes(Decimals.TEXT_BYTES_MAX));
    if (number == null) {
      throw new InvalidDataException("a number that cannot be read");
    }
    return number;
  }

  private static Key readKey(BinaryReader in) {
    return Key.of(in.readBytes(Limits.KEY_BYTES_MAX));
  }

  static Version readVersion(BinaryReader in) {
    return new Version(in.readLong(), in.readOrigin());
  }

  static Content.Value readValue(BinaryReader in) {
    long marks = in.readVarint();
    long expiresAtMillis = in.readVarint();
    return Content.Value.marked(in.readBytes(Limits.VALUE_BYTES_MAX), marks, expiresAtMillis);
  }
}
