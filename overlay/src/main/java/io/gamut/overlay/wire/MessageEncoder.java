package io.gamut.overlay.wire;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.gamut.core.ClusterId;
import io.gamut.overlay.Limits;
import io.gamut.overlay.Refusal;
import io.gamut.overlay.wire.Message.Frame;
import io.gamut.overlay.wire.Message.Heartbeat;
import io.gamut.overlay.wire.Message.Hello;
import io.gamut.overlay.wire.Message.Identity;
import io.gamut.overlay.wire.Message.Target;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** Messages to bytes, in the layout of {@link Wire}. */
public final class MessageEncoder {
  /** A segment is not begun with less room than this, so that small pieces do not pile up. */
  public static final int SEGMENT_ROOM_MIN =
      Wire.SEGMENT_HEADER_BYTES + Wire.FRAME_HEADER_BYTES + 64;

  private static final ClusterId NO_CLUSTER = new ClusterId(0, 0);

  private MessageEncoder() {}

  public static byte[] encode(Hello hello) {
    if (hello.payload().length > Limits.HANDSHAKE_PAYLOAD_BYTES_MAX) {
      throw new IllegalArgumentException(
          "a handshake carries at most "
              + Limits.HANDSHAKE_PAYLOAD_BYTES_MAX
              + " bytes, not "
              + hello.payload().length);
    }
    Identity identity = hello.identity();
    ClusterId cluster = identity.cluster();
    byte[] address = identity.address().toString().getBytes(UTF_8);
    int flags =
        (hello.isAnswer() ? Wire.HELLO_ANSWER : 0)
            | (identity.lab() ? Wire.HELLO_LAB : 0)
            | (cluster != null ? Wire.HELLO_CLUSTER : 0);
    ClusterId carried = cluster != null ? cluster : NO_CLUSTER;
    return segment(
            Wire.KIND_HELLO, Wire.HELLO_FIXED_BYTES + address.length + hello.payload().length)
        .putInt(Wire.MAGIC)
        .put((byte) flags)
        .putLong(carried.high())
        .putLong(carried.low())
        .putShort((short) identity.node().value())
        .putLong(identity.boot())
        .putShort((short) address.length)
        .put(address)
        .put(hello.payload())
        .array();
  }

  public static byte[] encode(Refusal refusal) {
    byte[] all = refusal.detail().getBytes(UTF_8);
    byte[] detail = Arrays.copyOf(all, Math.min(all.length, Limits.REFUSAL_BYTES_MAX));
    return segment(Wire.KIND_REFUSAL, 1 + detail.length)
        .put((byte) refusal.reason().code())
        .put(detail)
        .array();
  }

  public static byte[] encode(Heartbeat heartbeat) {
    return segment(Wire.KIND_HEARTBEAT, Wire.HEARTBEAT_BYTES)
        .put((byte) heartbeat.purpose().code())
        .putLong(heartbeat.digest())
        .array();
  }

  /**
   * Writes one segment of a frame, as much as fits into {@code out}, which has at least {@link
   * #SEGMENT_ROOM_MIN} bytes of room.
   *
   * @param from how much of the payload earlier segments have carried; 0 for the first
   * @param begun whether there was an earlier segment
   * @return how much of the payload has been carried now
   */
  public static int encodeSegment(Frame frame, boolean begun, int from, ByteBuffer out) {
    int headers = Wire.SEGMENT_HEADER_BYTES + (begun ? 0 : Wire.FRAME_HEADER_BYTES);
    int room = Math.min(out.remaining() - headers, Limits.SEGMENT_BYTES_MAX);
    int piece = Math.min(frame.payload().length - from, room);
    out.put((byte) Wire.VERSION)
        .put((byte) (begun ? Wire.KIND_MORE : Wire.KIND_FIRST))
        .put((byte) frame.channel().code())
        .put((byte) 0)
        .putInt(headers - Wire.SEGMENT_HEADER_BYTES + piece);
    if (!begun) {
      putFrameHeader(frame, out);
    }
    out.put(frame.payload(), from, piece);
    return from + piece;
  }

  private static void putFrameHeader(Frame frame, ByteBuffer out) {
    int destination = 0;
    long boot = 0;
    long number = 0;
    int flags = 0;
    switch (frame.target()) {
      case Target.One one -> destination = one.node().value();
      case Target.All all -> {
        flags = Wire.FLAG_BROADCAST;
        boot = all.boot();
        number = all.number();
      }
    }
    out.put((byte) flags)
        .put((byte) frame.hopsLeft())
        .putShort((short) frame.source().value())
        .putShort((short) destination)
        .putInt(frame.payload().length)
        .putLong(boot)
        .putLong(number);
  }

  private static ByteBuffer segment(int kind, int bodyBytes) {
    return ByteBuffer.allocate(Wire.SEGMENT_HEADER_BYTES + bodyBytes)
        .put((byte) Wire.VERSION)
        .put((byte) kind)
        .put((byte) 0)
        .put((byte) 0)
        .putInt(bodyBytes);
  }
}
