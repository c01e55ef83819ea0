package io.gamut.replication.remote;

import io.gamut.core.BinaryReader;
import io.gamut.core.BinaryWriter;
import io.gamut.core.InvalidDataException;
import io.gamut.core.Pair;
import io.gamut.replication.remote.Listed.Found;
import io.gamut.replication.remote.RemoteMessage.Announced;
import io.gamut.replication.remote.RemoteMessage.Ask;
import io.gamut.replication.remote.RemoteMessage.Declined;
import io.gamut.replication.remote.RemoteMessage.Hail;
import io.gamut.replication.remote.RemoteMessage.Hailed;
import io.gamut.replication.remote.RemoteMessage.Told;
import io.gamut.replication.remote.RemoteMessage.ToldPairs;
import io.gamut.replication.remote.RemoteMessage.ToldSight;
import java.util.ArrayList;
import java.util.List;

/**
 * The encoding of {@link RemoteMessage}s: a mark, a kind, a body. They share a channel with the
 * messages of strong replicas, whose first byte is a format: the mark is none of those.
 */
public final class RemoteCodec {
  private static final int MARK = 0xA2;
  private static final int ASK = 1;
  private static final int TOLD = 2;
  private static final int LISTED = 3;
  private static final int DECLINED = 4;
  private static final int HAIL = 5;
  private static final int HAILED = 6;
  private static final int ANNOUNCED = 7;
  private static final int SEEN = 8;

  private RemoteCodec() {}

  /** Whether a payload is one of these. */
  public static boolean isRemote(byte[] payload) {
    return payload.length > 0 && (payload[0] & 0xFF) == MARK;
  }

  public static byte[] encode(RemoteMessage message) {
    BinaryWriter out = new BinaryWriter();
    out.writeByte(MARK);
    switch (message) {
      case Ask(long number, Question question) -> {
        begin(ASK, number, out);
        QuestionCodec.write(question, out);
      }
      case Told(long number, var reply) -> {
        begin(TOLD, number, out);
        AnswerCodec.write(reply, out);
      }
      case ToldPairs(long number, Found(Page page, long index, long ageNanos)) -> {
        begin(LISTED, number, out);
        out.writeVarint(index);
        out.writeLong(ageNanos);
        out.writeByte(page.isEnd() ? 1 : 0);
        out.writeVarint(page.pairs().size());
        page.pairs().forEach(pair -> Parts.writePair(pair, out));
      }
      case ToldSight(long number, Sight sight) -> {
        begin(SEEN, number, out);
        SightCodec.write(sight, out);
      }
      case Declined(long number) -> begin(DECLINED, number, out);
      case Hail(long nanos) -> {
        out.writeByte(HAIL);
        out.writeLong(nanos);
      }
      case Hailed(long nanos, Standing standing) -> {
        out.writeByte(HAILED);
        out.writeLong(nanos);
        StandingCodec.write(standing, out);
      }
      case Announced(ClientAddresses addresses) -> {
        out.writeByte(ANNOUNCED);
        addresses.write(out);
      }
    }
    return out.toByteArray();
  }

  private static void begin(int kind, long number, BinaryWriter out) {
    out.writeByte(kind);
    out.writeVarint(number);
  }

  /** Throws {@link InvalidDataException} on anything that {@link #encode} never says. */
  public static RemoteMessage decode(byte[] bytes) {
    try {
      return read(new BinaryReader(bytes));
    } catch (IllegalArgumentException e) {
      throw new InvalidDataException("what cannot be: " + e.getMessage());
    }
  }

  private static RemoteMessage read(BinaryReader in) {
    if (in.readByte() != MARK) {
      throw new InvalidDataException("no remote request");
    }
    int kind = in.readByte();
    RemoteMessage message =
        switch (kind) {
          case ASK -> new Ask(in.readVarint(), QuestionCodec.read(in));
          case TOLD -> new Told(in.readVarint(), AnswerCodec.read(in));
          case LISTED -> new ToldPairs(in.readVarint(), readFound(in));
          case SEEN -> new ToldSight(in.readVarint(), SightCodec.read(in));
          case DECLINED -> new Declined(in.readVarint());
          case HAIL -> new Hail(in.readLong());
          case HAILED -> new Hailed(in.readLong(), StandingCodec.read(in));
          case ANNOUNCED -> new Announced(ClientAddresses.read(in));
          default -> throw new InvalidDataException("a remote request of kind " + kind);
        };
    in.requireEnd();
    return message;
  }

  private static Found readFound(BinaryReader in) {
    long index = in.readVarint();
    long ageNanos = in.readLong();
    boolean isEnd = in.readByte() != 0;
    List<Pair> pairs = new ArrayList<>();
    for (int left = in.readCount(Question.Listing.LIMIT_MAX, "pairs"); left > 0; left--) {
      Pair pair = Parts.readPair(in);
      if (pair == null) {
        throw new InvalidDataException("a page without a pair");
      }
      pairs.add(pair);
    }
    return new Found(new Page(pairs, isEnd), index, ageNanos);
  }
}
