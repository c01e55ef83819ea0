package io.gamut.replication.remote;

import io.gamut.core.BinaryReader;
import io.gamut.core.BinaryWriter;
import io.gamut.core.Dot;
import io.gamut.core.ErrorCode;
import io.gamut.core.InvalidDataException;
import io.gamut.core.Operation;
import io.gamut.core.Pair;
import io.gamut.core.Reply;
import io.gamut.core.Version;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The encoding of the {@linkplain Reply replies} to questions. */
final class AnswerCodec {
  private static final int READ = 1;
  private static final int WRITTEN = 2;
  private static final int FAILED = 3;
  private static final int DONE = 4;

  private static final int WORDS_BYTES_MAX = 1_000;

  private AnswerCodec() {}

  static void write(Reply reply, BinaryWriter out) {
    switch (reply) {
      case Reply.Read(List<@Nullable Pair> pairs, long index, long ageNanos) -> {
        out.writeByte(READ);
        out.writeVarint(index);
        out.writeLong(ageNanos);
        out.writeVarint(pairs.size());
        pairs.forEach(pair -> Parts.writePair(pair, out));
      }
      case Reply.Written(Version version, Dot dot, boolean replacedValue) -> {
        out.writeByte(WRITTEN);
        Parts.writeVersion(version, out);
        out.writeOrigin(dot.origin());
        out.writeVarint(dot.sequence());
        out.writeByte(replacedValue ? 1 : 0);
      }
      case Reply.Failed(ErrorCode code, String message) -> {
        out.writeByte(FAILED);
        out.writeBytes(code.name().getBytes(StandardCharsets.US_ASCII));
        byte[] words = message.getBytes(StandardCharsets.UTF_8);
        out.writeBytes(Arrays.copyOf(words, Math.min(words.length, WORDS_BYTES_MAX)));
      }
      case Reply.Done _ -> out.writeByte(DONE);
      case Reply.Executed _ -> throw new IllegalArgumentException("no answer to a question");
    }
  }

  static Reply read(BinaryReader in) {
    int kind = in.readByte();
    return switch (kind) {
      case READ -> readRead(in);
      case WRITTEN ->
          new Reply.Written(
              Parts.readVersion(in), new Dot(in.readOrigin(), in.readVarint()), in.readByte() != 0);
      case FAILED -> readFailed(in);
      case DONE -> new Reply.Done();
      default -> throw new InvalidDataException("an answer of kind " + kind);
    };
  }

  private static Reply readRead(BinaryReader in) {
    long index = in.readVarint();
    long ageNanos = in.readLong();
    List<@Nullable Pair> pairs = new ArrayList<>();
    for (int left = in.readCount(Operation.PARTS_MAX, "pairs"); left > 0; left--) {
      pairs.add(Parts.readPair(in));
    }
    return new Reply.Read(pairs, index, ageNanos);
  }

  private static Reply readFailed(BinaryReader in) {
    String code = new String(in.readBytes(WORDS_BYTES_MAX), StandardCharsets.US_ASCII);
    String words = new String(in.readBytes(WORDS_BYTES_MAX), StandardCharsets.UTF_8);
    for (ErrorCode known : ErrorCode.values()) {
      if (known.name().equals(code)) {
        return new Reply.Failed(known, words);
      }
    }
    throw new InvalidDataException("error " + code + " is not known here");
  }
}
