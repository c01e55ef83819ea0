package io.gamut.replication.message;

import io.gamut.core.BinaryReader;
import io.gamut.core.BinaryWriter;
import io.gamut.core.InvalidDataException;
import io.gamut.core.Limits;
import io.gamut.core.NodeId;
import io.gamut.core.Origin;
import io.gamut.core.VersionVector;
import io.gamut.replication.message.PeerMessage.Advert;
import io.gamut.replication.message.PeerMessage.Batch;
import io.gamut.replication.message.PeerMessage.Envelope;
import io.gamut.replication.message.PeerMessage.Members;
import io.gamut.replication.message.PeerMessage.OriginAnswer;
import io.gamut.replication.message.PeerMessage.OriginQuery;
import io.gamut.replication.message.PeerMessage.Outdated;
import io.gamut.replication.message.PeerMessage.Pull;
import io.gamut.replication.message.PeerMessage.Section;
import io.gamut.replication.message.PeerMessage.Spread;
import java.util.ArrayList;
import java.util.List;

/** The encoding of {@link PeerMessage}s: format, kind, boot, body. */
public final class PeerCodec {
  private static final int FORMAT = 1;
  private static final int SPREAD = 1;

  /** Without what is visible: written by nobody any more. */
  private static final int ADVERT_OF_RECEIVED = 2;

  private static final int PULL = 3;
  private static final int BATCH = 4;
  private static final int ORIGIN_QUERY = 5;

  /** Without the boot that asked: written by nobody any more, and believed by nobody. */
  private static final int ORIGIN_ANSWER_TO_ANY = 6;

  private static final int MEMBERS = 7;
  private static final int OUTDATED = 8;
  private static final int ORIGIN_ANSWER = 9;
  private static final int ADVERT = 10;

  private PeerCodec() {}

  public static byte[] encode(Envelope envelope) {
    BinaryWriter out = new BinaryWriter();
    out.writeByte(FORMAT);
    out.writeByte(kind(envelope.message()));
    out.writeLong(envelope.boot());
    writeBody(envelope.message(), out);
    return out.toByteArray();
  }

  private static int kind(PeerMessage message) {
    return switch (message) {
      case Spread spread -> SPREAD;
      case Advert advert -> ADVERT;
      case Pull pull -> PULL;
      case Batch batch -> BATCH;
      case OriginQuery query -> ORIGIN_QUERY;
      case OriginAnswer answer -> ORIGIN_ANSWER;
      case Members members -> MEMBERS;
      case Outdated outdated -> OUTDATED;
    };
  }

  private static void writeBody(PeerMessage message, BinaryWriter out) {
    switch (message) {
      case Spread(List<Update> updates) -> UpdateCodec.write(updates, out);
      case Advert advert -> writeAdvert(advert, out);
      case Pull pull -> {
        out.writeLong(pull.pull());
        pull.accepted().write(out);
        out.writeVarint(pull.bytesMax());
      }
      case Batch batch -> writeBatch(batch, out);
      case OriginQuery query -> out.writeOrigin(query.origin());
      case OriginAnswer answer -> {
        out.writeOrigin(answer.origin());
        out.writeVarint(answer.sequence());
        out.writeLong(answer.asked());
      }
      case Members members -> members.table().write(out);
      case Outdated outdated -> out.writeLong(outdated.boot());
    }
  }

  private static void writeAdvert(Advert advert, BinaryWriter out) {
    advert.received().write(out);
    writeHidden(advert, out);
    out.writeByte(advert.fresh() ? 1 : 0);
    out.writeLong(advert.membersDigest());
    out.writeLong(advert.wallMillis());
    out.writeVarint(advert.ahead().size());
    advert.ahead().forEach(node -> node.write(out));
  }

  /** Most often all that was received is visible: what differs is written. */
  private static void writeHidden(Advert advert, BinaryWriter out) {
    BinaryWriter hidden = new BinaryWriter();
    int[] count = {0};
    advert
        .received()
        .forEach((origin, last) -> {
          long visible = advert.visible().get(origin);
          if (visible < last) {
            hidden.writeOrigin(origin);
            hidden.writeVarint(visible);
            count[0]++;
          }
        });
    out.writeVarint(count[0]);
    out.writeRaw(hidden.toByteArray());
  }

  private static void writeBatch(Batch batch, BinaryWriter out) {
    out.writeLong(batch.pull());
    out.writeVarint(batch.sections().size());
    for (Section section : batch.sections()) {
      out.writeOrigin(section.origin());
      out.writeVarint(section.after());
      out.writeVarint(section.through());
    }
    batch.barrier().write(out);
    out.writeByte(batch.more() ? 1 : 0);
    UpdateCodec.write(batch.updates(), out);
  }

  /** Decodes a message. Throws {@link InvalidDataException} on anything that is not one. */
  public static Envelope decode(byte[] bytes) {
    BinaryReader in = new BinaryReader(bytes);
    int format = in.readByte();
    if (format != FORMAT) {
      throw new InvalidDataException("replication message of format " + format);
    }
    int kind = in.readByte();
    long boot = in.readLong();
    PeerMessage message =
        switch (kind) {
          case SPREAD -> new Spread(UpdateCodec.read(in));
          case ADVERT_OF_RECEIVED -> readAdvert(in, false);
          case ADVERT -> readAdvert(in, true);
          case PULL -> new Pull(in.readLong(), VersionVector.read(in), in.readInt());
          case BATCH -> readBatch(in);
          case ORIGIN_QUERY -> new OriginQuery(in.readOrigin());
          case ORIGIN_ANSWER_TO_ANY -> new OriginAnswer(in.readOrigin(), in.readVarint(), 0);
          case ORIGIN_ANSWER -> new OriginAnswer(in.readOrigin(), in.readVarint(), in.readLong());
          case MEMBERS -> new Members(MemberTable.read(in));
          case OUTDATED -> new Outdated(in.readLong());
          default -> throw new InvalidDataException("replication message of kind " + kind);
        };
    in.requireEnd();
    return new Envelope(boot, message);
  }

  private static Advert readAdvert(BinaryReader in, boolean tellsVisible) {
    VersionVector received = VersionVector.read(in);
    VersionVector visible = tellsVisible ? readVisible(received, in) : VersionVector.EMPTY;
    boolean fresh = in.readByte() != 0;
    long digest = in.readLong();
    long wallMillis = in.readLong();
    int count = in.readCount(NodeId.VALUE_MAX, "servers");
    List<NodeId> ahead = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      ahead.add(NodeId.read(in));
    }
    return new Advert(received, visible, fresh, digest, wallMillis, ahead);
  }

  private static VersionVector readVisible(VersionVector received, BinaryReader in) {
    VersionVector visible = received;
    for (int left = in.readCount(Limits.ORIGINS_MAX, "origins not quite visible");
        left > 0;
        left--) {
      Origin origin = in.readOrigin();
      long sequence = in.readVarint();
      if (sequence >= visible.get(origin)) {
        throw new InvalidDataException("of an origin more is visible than was received");
      }
      visible = visible.with(origin, sequence);
    }
    return visible;
  }

  private static Batch readBatch(BinaryReader in) {
    long pull = in.readLong();
    int count = in.readCount(Limits.ORIGINS_MAX, "sections");
    List<Section> sections = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      sections.add(new Section(in.readOrigin(), in.readVarint(), in.readVarint()));
    }
    VersionVector barrier = VersionVector.read(in);
    boolean more = in.readByte() != 0;
    return new Batch(pull, sections, UpdateCodec.read(in), barrier, more);
  }
}
