package io.gamut.replication.committed;

import io.gamut.core.BinaryReader;
import io.gamut.core.BinaryWriter;
import io.gamut.core.Content;
import io.gamut.core.InvalidDataException;
import io.gamut.core.Operation;
import io.gamut.core.OperationResult;
import io.gamut.core.OperationResult.ChangeResult;
import io.gamut.core.OperationResult.Changed;
import io.gamut.core.OperationResult.Cleared;
import io.gamut.core.OperationResult.Failed;
import io.gamut.core.OperationResult.Problem;
import io.gamut.core.OperationResult.Transacted;
import io.gamut.core.OperationResult.Unmet;
import io.gamut.core.OperationResult.Withdrawn;
import io.gamut.core.Version;
import java.util.ArrayList;
import java.util.List;

/** The encoding of {@linkplain OperationResult what has become of operations}. */
public final class ResultCodec {
  private static final int CHANGED = 1;
  private static final int UNMET = 2;
  private static final int FAILED = 3;
  private static final int NOTHING = 4;
  private static final int CLEARED = 5;
  private static final int TRANSACTED = 6;

  private static final int REPLACED = 1;
  private static final int HAS_BEFORE = 1 << 1;
  private static final int HAS_NO_VERSION = 1 << 2;

  private ResultCodec() {}

  public static byte[] encode(List<OperationResult> results) {
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
        OperationCodec.writeVersion(version, out);
      }
      case Unmet(int condition, Version version) -> {
        out.writeByte(UNMET);
        out.writeVarint(condition);
        out.writeByte(version == null ? 0 : 1);
        if (version != null) {
          OperationCodec.writeVersion(version, out);
        }
      }
      case Transacted(List<OperationResult> steps) -> {
        out.writeByte(TRANSACTED);
        out.writeVarint(steps.size());
        steps.forEach(step -> writeResult(step, out));
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
    Version version = change.version();
    out.writeByte(
        (change.replacedValue() ? REPLACED : 0)
            | (before == null ? 0 : HAS_BEFORE)
            | (version == null ? HAS_NO_VERSION : 0));
    if (version != null) {
      OperationCodec.writeVersion(version, out);
    }
    out.writeLong(change.number());
    if (before != null) {
      OperationCodec.writeValue(before, out);
    }
  }

  static List<OperationResult> decode(byte[] bytes) {
    BinaryReader in = new BinaryReader(bytes);
    List<OperationResult> results = read(in);
    in.requireEnd();
    return results;
  }

  /** Reads what {@link #encode} has written. */
  public static List<OperationResult> read(BinaryReader in) {
    List<OperationResult> results = new ArrayList<>();
    for (int left = in.readCount(CommandCodec.OPERATIONS_MAX, "results"); left > 0; left--) {
      results.add(readResult(in));
    }
    return results;
  }

  private static OperationResult readResult(BinaryReader in) {
    int kind = in.readByte();
    if (kind != TRANSACTED) {
      return readResult(kind, in);
    }
    List<OperationResult> steps = new ArrayList<>();
    for (int left = in.readCount(Operation.PARTS_MAX, "steps"); left > 0; left--) {
      steps.add(readResult(in.readByte(), in));
    }
    return new Transacted(steps);
  }

  private static OperationResult readResult(int kind, BinaryReader in) {
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
        yield new Unmet(condition, in.readByte() == 0 ? null : OperationCodec.readVersion(in));
      }
      case FAILED -> new Failed(Problem.of(in.readByte()));
      case NOTHING -> Withdrawn.WITHDRAWN;
      case CLEARED -> new Cleared(OperationCodec.readVersion(in));
      default -> throw new InvalidDataException("result of kind " + kind);
    };
  }

  private static ChangeResult readChangeResult(BinaryReader in) {
    int flags = in.readByte();
    Version version = (flags & HAS_NO_VERSION) == 0 ? OperationCodec.readVersion(in) : null;
    long number = in.readLong();
    Content.Value before = (flags & HAS_BEFORE) == 0 ? null : OperationCodec.readValue(in);
    return new ChangeResult(version, (flags & REPLACED) != 0, number, before);
  }
}
