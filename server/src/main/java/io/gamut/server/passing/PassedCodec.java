package io.gamut.server.passing;

import io.gamut.core.BinaryReader;
import io.gamut.core.BinaryWriter;
import io.gamut.core.Dot;
import io.gamut.core.ErrorCode;
import io.gamut.core.InvalidDataException;
import io.gamut.core.Key;
import io.gamut.core.LedgerPosition;
import io.gamut.core.Limits;
import io.gamut.core.Mark;
import io.gamut.core.Pair;
import io.gamut.core.Reply;
import io.gamut.core.Requirement;
import io.gamut.core.Session;
import io.gamut.core.Version;
import io.gamut.core.VersionVector;
import io.gamut.replication.message.ContentCodec;
import io.gamut.server.passing.PassedMessage.Ask;
import io.gamut.server.passing.PassedMessage.Declined;
import io.gamut.server.passing.PassedMessage.Request;
import io.gamut.server.passing.PassedMessage.Told;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The encoding of {@link PassedMessage}s: a mark, a kind, a body. They share a channel with the
 * messages of strong replicas, whose first byte is a format: the mark is none of those.
 */
public final class PassedCodec {
  private static final int MARK = 0xA1;
  private static final int ASK_READ = 1;
  private static final int ASK_WRITE = 2;
  private static final int TOLD_READ = 3;
  private static final int TOLD_WRITTEN = 4;
  private static final int TOLD_FAILED = 5;
  private static final int DECLINED = 6;

  private static final int ABSENT = 0;
  private static final int BY_DOT = 1;
  private static final int BY_POSITION = 2;

  private static final int WORDS_BYTES_MAX = 1_000;

  private PassedCodec() {}

  /** Whether a payload is one of these. */
  public static boolean isPassed(byte[] payload) {
    return payload.length > 0 && (payload[0] & 0xFF) == MARK;
  }

  // Writing

  public static byte[] encode(PassedMessage message) {
    BinaryWriter out = new BinaryWriter();
    out.writeByte(MARK);
    switch (message) {
      case Ask(long number, Request request) -> writeAsk(number, request, out);
      case Told(long number, Reply reply) -> writeTold(number, reply, out);
      case Declined(long number) -> begin(DECLINED, number, out);
    }
    return out.toByteArray();
  }

  private static void begin(int kind, long number, BinaryWriter out) {
    out.writeByte(kind);
    out.writeVarint(number);
  }

  private static void writeAsk(long number, Request request, BinaryWriter out) {
    switch (request) {
      case Request.Read(Key key, Requirement requirement, int waitMillis) -> {
        begin(ASK_READ, number, out);
        out.writeVarint(waitMillis);
        out.writeBytes(key.bytes());
        requirement.vector().write(out);
        out.writeVarint(requirement.index());
        Session.Seen seen = requirement.seen();
        writeMark(seen == null ? null : seen.mark(), out);
        if (seen != null) {
          writeVersion(seen.version(), out);
        }
      }
      case Request.Write write -> {
        begin(ASK_WRITE, number, out);
        out.writeVarint(write.waitMillis());
        out.writeBytes(write.key().bytes());
        out.writeByte(ContentCodec.flags(write.content()));
        ContentCodec.write(write.content(), out);
        write.dependencies().write(out);
        out.writeVarint(write.index());
        out.writeLong(write.sessionLatest());
      }
    }
  }

  private static void writeTold(long number, Reply reply, BinaryWriter out) {
    switch (reply) {
      case Reply.Read read -> {
        begin(TOLD_READ, number, out);
        out.writeVarint(read.index());
        Pair pair = read.pair();
        writeMark(pair == null ? null : pair.mark(), out);
        if (pair != null) {
          writeVersion(pair.version(), out);
          out.writeByte(ContentCodec.flags(pair.content()));
          ContentCodec.write(pair.content(), out);
        }
      }
      case Reply.Written(Version version, Dot dot, boolean replacedValue) -> {
        begin(TOLD_WRITTEN, number, out);
        writeVersion(version, out);
        writeMark(dot, out);
        out.writeByte(replacedValue ? 1 : 0);
      }
      case Reply.Failed(ErrorCode code, String message) -> {
        begin(TOLD_FAILED, number, out);
        out.writeBytes(code.name().getBytes(StandardCharsets.US_ASCII));
        byte[] words = message.getBytes(StandardCharsets.UTF_8);
        out.writeBytes(Arrays.copyOf(words, Math.min(words.length, WORDS_BYTES_MAX)));
      }
      case Reply.Executed _, Reply.Done _ ->
          throw new IllegalArgumentException("no answer to a weak request: " + reply);
    }
  }

  private static void writeVersion(Version version, BinaryWriter out) {
    out.writeLong(version.timestamp());
    out.writeOrigin(version.stamper());
  }

  private static void writeMark(@Nullable Mark mark, BinaryWriter out) {
    switch (mark) {
      case null -> out.writeByte(ABSENT);
      case Dot dot -> {
        out.writeByte(BY_DOT);
        out.writeOrigin(dot.origin());
        out.writeVarint(dot.sequence());
      }
      case LedgerPosition(long index) -> {
        out.writeByte(BY_POSITION);
        out.writeVarint(index);
      }
    }
  }

  // Reading

  /**
   * Throws {@link InvalidDataException} on anything that {@link #encode} never says.
   *
   * @param keyOf the key that was asked for under a number: a reply does not repeat it
   */
  static PassedMessage decode(byte[] bytes, AskedKeys keyOf) {
    BinaryReader in = new BinaryReader(bytes);
    if (in.readByte() != MARK) {
      throw new InvalidDataException("no passed request");
    }
    int kind = in.readByte();
    long number = in.readVarint();
    PassedMessage message =
        switch (kind) {
          case ASK_READ -> new Ask(number, readRead(in));
          case ASK_WRITE -> new Ask(number, readWrite(in));
          case TOLD_READ -> new Told(number, readFound(keyOf.key(number), in));
          case TOLD_WRITTEN -> new Told(number, readWritten(in));
          case TOLD_FAILED -> new Told(number, readFailed(in));
          case DECLINED -> new Declined(number);
          default -> throw new InvalidDataException("a passed request of kind " + kind);
        };
    in.requireEnd();
    return message;
  }

  /** The keys of requests that are under way. */
  @FunctionalInterface
  interface AskedKeys {
    /** The key of a request; any one where there is none any more. */
    Key key(long number);
  }

  private static int readWait(BinaryReader in) {
    int millis = in.readInt();
    if (millis > Limits.WAIT_MILLIS_MAX) {
      throw new InvalidDataException("a wait of " + millis + " ms");
    }
    return millis;
  }

  private static Request readRead(BinaryReader in) {
    int waitMillis = readWait(in);
    Key key = readKey(in);
    VersionVector vector = VersionVector.read(in);
    long index = in.readVarint();
    Mark mark = readMark(in);
    Session.Seen seen = mark == null ? null : new Session.Seen(readVersion(in), mark);
    return new Request.Read(key, new Requirement(vector, index, seen), waitMillis);
  }

  private static Request readWrite(BinaryReader in) {
    int waitMillis = readWait(in);
    Key key = readKey(in);
    return new Request.Write(
        key,
        ContentCodec.read(in.readByte(), in),
        VersionVector.read(in),
        in.readVarint(),
        in.readLong(),
        waitMillis);
  }

  private static Reply readFound(Key key, BinaryReader in) {
    long index = in.readVarint();
    Mark mark = readMark(in);
    if (mark == null) {
      return new Reply.Read(null, index);
    }
    Version version = readVersion(in);
    return new Reply.Read(
        new Pair(key, ContentCodec.read(in.readByte(), in), version, mark), index);
  }

  private static Reply readWritten(BinaryReader in) {
    Version version = readVersion(in);
    if (!(readMark(in) instanceof Dot dot)) {
      throw new InvalidDataException("a weak write without a dot");
    }
    return new Reply.Written(version, dot, in.readByte() != 0);
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

  private static Key readKey(BinaryReader in) {
    return Key.of(in.readBytes(Limits.KEY_BYTES_MAX));
  }

  private static Version readVersion(BinaryReader in) {
    return new Version(in.readLong(), in.readOrigin());
  }

  private static @Nullable Mark readMark(BinaryReader in) {
    int kind = in.readByte();
    return switch (kind) {
      case ABSENT -> null;
      case BY_DOT -> new Dot(in.readOrigin(), in.readVarint());
      case BY_POSITION -> new LedgerPosition(in.readVarint());
      default -> throw new InvalidDataException("a mark of kind " + kind);
    };
  }
}
