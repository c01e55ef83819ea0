package io.gamut.server.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gamut.core.BinaryWriter;
import io.gamut.core.InvalidDataException;
import io.gamut.server.snapshot.SnapshotMessage.Chunk;
import io.gamut.server.snapshot.SnapshotMessage.Ended;
import io.gamut.server.snapshot.SnapshotMessage.Offer;
import io.gamut.server.snapshot.SnapshotMessage.Reason;
import io.gamut.server.snapshot.SnapshotMessage.Received;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Messages come back as they were, in the bytes of the first release; anything else is refused. */
final class SnapshotCodecTest {
  private static final Offer OFFER =
      new Offer(
          0x0102030405060708L,
          -2,
          300,
          List.of(new SnapshotFile("CURRENT", 16), new SnapshotFile("000012.sst", 1L << 40)));

  /** Bytes that a release has written; never to be changed. */
  private static final Map<String, SnapshotMessage> SAMPLES =
      Map.of(
          "01010102030405060708fffffffffffffffeac0202"
              + "0743555252454e54100a3030303031322e737374808080808020",
          OFFER,
          "01020000000000000007ac02fffffffffffffffb0301ff02",
          new Chunk(7, 300, -5, new byte[] {1, -1, 2}),
          "0103ffffffffffffffff8001",
          new Received(-1, 128),
          "0104000000000000000903",
          new Ended(9, Reason.BUSY));

  private static void refused(byte[] bytes) {
    assertThatThrownBy(() -> SnapshotCodec.decode(bytes)).isInstanceOf(InvalidDataException.class);
  }

  @Test
  void whatAReleaseHasWrittenIsReadAndWrittenAlike() {
    SAMPLES.forEach((hex, message) -> {
      byte[] bytes = HexFormat.of().parseHex(hex);
      assertThat(HexFormat.of().formatHex(SnapshotCodec.encode(message))).isEqualTo(hex);
      assertThat(SnapshotCodec.decode(bytes)).usingRecursiveComparison().isEqualTo(message);
    });
  }

  @Test
  void everyReasonComesBack() {
    for (Reason reason : Reason.values()) {
      Ended ended = new Ended(1, reason);
      assertThat(SnapshotCodec.decode(SnapshotCodec.encode(ended))).isEqualTo(ended);
    }
  }

  @Test
  void whatIsCutOffOrTooLongIsRefused() {
    for (SnapshotMessage message : SAMPLES.values()) {
      byte[] bytes = SnapshotCodec.encode(message);
      for (int length = 0; length < bytes.length; length++) {
        refused(Arrays.copyOf(bytes, length));
      }
      refused(Arrays.copyOf(bytes, bytes.length + 1));
    }
  }

  @Test
  void garbageIsRefusedOrRead() {
    SplittableRandom random = new SplittableRandom(1);
    for (SnapshotMessage message : SAMPLES.values()) {
      for (int i = 0; i < 20_000; i++) {
        byte[] bytes = SnapshotCodec.encode(message);
        for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
          bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
        }
        try {
          SnapshotCodec.decode(bytes);
        } catch (InvalidDataException _) {
          // The only error there may be.
        }
      }
    }
  }

  private static byte[] offer(int count, String name, long bytes) {
    BinaryWriter out = new BinaryWriter();
    out.writeByte(1);
    out.writeByte(1);
    out.writeLong(1);
    out.writeLong(2);
    out.writeVarint(3);
    out.writeVarint(count);
    out.writeBytes(name.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));
    out.writeVarint(bytes);
    return out.toByteArray();
  }

  @Test
  void namesThatLeadOutOfTheDirectoryAreRefused() {
    assertThat(SnapshotCodec.decode(offer(1, "a-b_c.1", 1))).isInstanceOf(Offer.class);
    for (String name :
        List.of("", ".", "..", "../x", "a/b", "a\\b", ".x", "a b", "a\0", "\u00e4", "C:x")) {
      refused(offer(1, name, 1));
    }
    refused(offer(1, "x".repeat(SnapshotFile.NAME_LENGTH_MAX + 1), 1));
  }

  @Test
  void sizesThatCannotBeAreRefusedBeforeAnythingIsAllocated() {
    refused(offer(0, "a", 1));
    refused(offer(Integer.MAX_VALUE, "a", 1));
    refused(offer(1, "a", 0));
    refused(offer(1, "a", -1));
    SnapshotFile huge = new SnapshotFile("a", Long.MAX_VALUE);
    assertThatThrownBy(() -> new Offer(1, 2, 3, List.of(huge, new SnapshotFile("b", 1))))
        .isInstanceOf(InvalidDataException.class);
    assertThatThrownBy(() -> new Offer(1, 2, 3, List.of(huge, huge))).hasMessageContaining("twice");
    refused(SnapshotCodec.encode(new Chunk(1, 0, 0, new byte[0])));
    refused(SnapshotCodec.encode(new Chunk(1, 0, 0, new byte[Chunk.BYTES_MAX + 1])));
  }
}
