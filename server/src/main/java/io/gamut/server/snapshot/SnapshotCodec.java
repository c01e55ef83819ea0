package io.gamut.server.snapshot;

import io.gamut.core.BinaryReader;
import io.gamut.core.BinaryWriter;
import io.gamut.core.InvalidDataException;
import io.gamut.server.snapshot.SnapshotMessage.Chunk;
import io.gamut.server.snapshot.SnapshotMessage.Ended;
import io.gamut.server.snapshot.SnapshotMessage.Offer;
import io.gamut.server.snapshot.SnapshotMessage.Reason;
import io.gamut.server.snapshot.SnapshotMessage.Received;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The encoding of {@link SnapshotMessage}s: format, kind, transfer, body. */
final class SnapshotCodec {
  private static final int FORMAT = 1;
  private static final int OFFER = 1;
  private static final int CHUNK = 2;
  private static final int RECEIVED = 3;
  private static final int ENDED = 4;

  /** Format, kind, transfer, position, checksum and length. */
  private static final int CHUNK_OVERHEAD_BYTES = 48;

  private SnapshotCodec() {}

  static byte[] encode(SnapshotMessage message) {
    return switch (message) {
      case Offer offer -> {
        BinaryWriter out = begin(OFFER, offer, new BinaryWriter());
        out.writeLong(offer.receiver());
        out.writeVarint(offer.index());
        out.writeVarint(offer.files().size());
        for (SnapshotFile file : offer.files()) {
          out.writeBytes(file.name().getBytes(StandardCharsets.US_ASCII));
          out.writeVarint(file.bytes());
        }
        yield out.toByteArray();
      }
      case Chunk chunk -> {
        int capacity = CHUNK_OVERHEAD_BYTES + chunk.bytes().length;
        BinaryWriter out = begin(CHUNK, chunk, new BinaryWriter(capacity));
        out.writeVarint(chunk.position());
        out.writeLong(chunk.checksum());
        out.writeBytes(chunk.bytes());
        yield out.toByteArray();
      }
      case Received received -> {
        BinaryWriter out = begin(RECEIVED, received, new BinaryWriter());
        out.writeVarint(received.bytes());
        yield out.toByteArray();
      }
      case Ended ended -> {
        BinaryWriter out = begin(ENDED, ended, new BinaryWriter());
        out.writeByte(code(ended.reason()));
        yield out.toByteArray();
      }
    };
  }

  private static BinaryWriter begin(int kind, SnapshotMessage message, BinaryWriter out) {
    out.writeByte(FORMAT);
    out.writeByte(kind);
    out.writeLong(message.transfer());
    return out;
  }

  private static int code(Reason reason) {
    return switch (reason) {
      case INSTALLED -> 1;
      case NOT_NEEDED -> 2;
      case BUSY -> 3;
      case FAILED -> 4;
    };
  }

  /** Throws {@link InvalidDataException} on whatever {@link #encode} cannot have written. */
  static SnapshotMessage decode(byte[] bytes) {
    BinaryReader in = new BinaryReader(bytes);
    int format = in.readByte();
    if (format != FORMAT) {
      throw new InvalidDataException("snapshot messages of format " + format + ", not " + FORMAT);
    }
    int kind = in.readByte();
    long transfer = in.readLong();
    SnapshotMessage message =
        switch (kind) {
          case OFFER -> new Offer(transfer, in.readLong(), in.readVarint(), readFiles(in));
          case CHUNK -> readChunk(transfer, in);
          case RECEIVED -> new Received(transfer, in.readVarint());
          case ENDED -> new Ended(transfer, readReason(in));
          default -> throw new InvalidDataException("no snapshot message is of kind " + kind);
        };
    in.requireEnd();
    return message;
  }

  private static List<SnapshotFile> readFiles(BinaryReader in) {
    int count = in.readCount(Offer.FILES_MAX, "files");
    List<SnapshotFile> files = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      byte[] name = in.readBytes(SnapshotFile.NAME_LENGTH_MAX);
      files.add(new SnapshotFile(new String(name, StandardCharsets.US_ASCII), in.readVarint()));
    }
    return files;
  }

  private static Chunk readChunk(long transfer, BinaryReader in) {
    long position = in.readVarint();
    long checksum = in.readLong();
    if (checksum != (int) checksum) {
      throw new InvalidDataException("a checksum has 32 bits: " + checksum);
    }
    byte[] bytes = in.readBytes(Chunk.BYTES_MAX);
    if (bytes.length == 0) {
      throw new InvalidDataException("a chunk is not empty");
    }
    return new Chunk(transfer, position, (int) checksum, bytes);
  }

  private static Reason readReason(BinaryReader in) {
    int code = in.readByte();
    return switch (code) {
      case 1 -> Reason.INSTALLED;
      case 2 -> Reason.NOT_NEEDED;
      case 3 -> Reason.BUSY;
      case 4 -> Reason.FAILED;
      default -> throw new InvalidDataException("no transfer ends for reason " + code);
    };
  }
}
