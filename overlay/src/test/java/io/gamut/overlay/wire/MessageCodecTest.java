package io.gamut.overlay.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gamut.core.ClusterId;
import io.gamut.core.NodeId;
import io.gamut.overlay.Channel;
import io.gamut.overlay.Endpoint;
import io.gamut.overlay.Limits;
import io.gamut.overlay.Refusal;
import io.gamut.overlay.wire.Message.Frame;
import io.gamut.overlay.wire.Message.Heartbeat;
import io.gamut.overlay.wire.Message.Hello;
import io.gamut.overlay.wire.Message.Identity;
import io.gamut.overlay.wire.Message.Refused;
import io.gamut.overlay.wire.Message.Target;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class MessageCodecTest {
  @Test
  void whatIsWrittenIsReadHoweverItIsSplit() throws WireException {
    for (long seed = 0; seed < 200; seed++) {
      SplittableRandom dice = new SplittableRandom(seed);
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      List<String> written = new ArrayList<>();
      for (int i = dice.nextInt(1, 6); i > 0; i--) {
        Frame frame = frame(dice, dice.nextInt(1_000));
        written.add(text(frame));
        bytes.writeBytes(encode(frame, dice));
        Heartbeat beat = new Heartbeat(Heartbeat.Purpose.QUESTION, dice.nextLong());
        written.add(text(beat));
        bytes.writeBytes(MessageEncoder.encode(beat));
      }
      byte[] all = bytes.toByteArray();
      assertThat(decode(linked(), all, 1)).as("seed %d, byte by byte", seed).isEqualTo(written);
      int split = dice.nextInt(1, all.length + 1);
      assertThat(decode(linked(), all, split)).as("seed %d", seed).isEqualTo(written);
    }
  }

  @Test
  void openingsAreReadWhenSplitAtEveryByte() throws WireException {
    for (long seed = 0; seed < 50; seed++) {
      SplittableRandom dice = new SplittableRandom(seed);
      Hello hello = hello(dice);
      byte[] bytes = MessageEncoder.encode(hello);
      for (int split = 1; split < bytes.length; split++) {
        assertThat(decode(new MessageDecoder(), bytes, split)).containsExactly(text(hello));
      }
    }
    Refusal refusal = new Refusal(Refusal.Reason.LINK_CUT, "wörds");
    assertThat(decode(new MessageDecoder(), MessageEncoder.encode(refusal), 3))
        .containsExactly(text(new Refused(refusal)));
  }

  @Test
  void largeFramesOfSeveralChannelsInterleave() throws WireException {
    SplittableRandom dice = new SplittableRandom(1);
    Frame bulk = frame(Channel.SNAPSHOT, bytes(dice, 300_000));
    Frame urgent = frame(Channel.PROBES, bytes(dice, 5));
    ByteBuffer out = ByteBuffer.allocate(400_000);
    int sent = MessageEncoder.encodeSegment(bulk, false, 0, out);
    assertThat(sent).isLessThanOrEqualTo(Limits.SEGMENT_BYTES_MAX);
    MessageEncoder.encodeSegment(urgent, false, 0, out);
    while (sent < bulk.payload().length) {
      sent = MessageEncoder.encodeSegment(bulk, true, sent, out);
    }
    byte[] all = new byte[out.flip().remaining()];
    out.get(all);
    assertThat(decode(linked(), all, 10_000)).containsExactly(text(urgent), text(bulk));
  }

  @Test
  void truncatedBytesAreNoMessage() throws WireException {
    SplittableRandom dice = new SplittableRandom(2);
    byte[] all = encode(frame(dice, 100), dice);
    for (int length = 0; length < all.length; length++) {
      assertThat(decode(linked(), Arrays.copyOf(all, length), 7)).isEmpty();
    }
  }

  @Test
  void hostileLengthsAreRefusedBeforeAnythingIsAllocated() {
    for (int length : new int[] {-1, Integer.MIN_VALUE, Integer.MAX_VALUE, 1 << 20}) {
      byte[] hello = MessageEncoder.encode(hello(new SplittableRandom(3)));
      ByteBuffer.wrap(hello).putInt(4, length);
      assertThatThrownBy(() -> decode(new MessageDecoder(), hello, 64))
          .isInstanceOf(WireException.class);
    }
    for (int length : new int[] {-1, Limits.PAYLOAD_BYTES_MAX + 1, Integer.MAX_VALUE}) {
      byte[] frame = encode(frame(Channel.LEDGER, new byte[3]), new SplittableRandom(4));
      ByteBuffer.wrap(frame).putInt(Wire.SEGMENT_HEADER_BYTES + 6, length);
      assertThatThrownBy(() -> decode(linked(), frame, 64))
          .isInstanceOf(WireException.class)
          .hasMessageContaining("payload");
    }
  }

  @Test
  void framesBeforeTheHandshakeAreRefused() {
    byte[] frame = encode(frame(Channel.LEDGER, new byte[3]), new SplittableRandom(4));
    assertThatThrownBy(() -> decode(new MessageDecoder(), frame, 64))
        .hasMessageContaining("before the handshake");
  }

  @Test
  void anotherVersionIsTold() throws WireException {
    byte[] hello = MessageEncoder.encode(hello(new SplittableRandom(5)));
    hello[0] = 9;
    assertThat(decode(new MessageDecoder(), hello, 64))
        .containsExactly(text(new Message.ForeignHello(9)));
  }

  @Test
  void garbageEndsInAnErrorOrInSilence() {
    for (long seed = 0; seed < 2_000; seed++) {
      SplittableRandom dice = new SplittableRandom(seed);
      byte[] garbage = encode(frame(dice, 200), dice);
      for (int i = dice.nextInt(1, 4); i > 0; i--) {
        garbage[dice.nextInt(garbage.length)] = (byte) dice.nextInt();
      }
      try {
        decode(linked(), garbage, dice.nextInt(1, 50));
      } catch (WireException expected) {
        assertThat(expected).hasMessageMatching("(?s).+");
      }
    }
  }

  @Test
  void yesterdaysBytesAreStillRead() throws WireException {
    byte[] sample =
        HexFormat.of()
            .parseHex(
                "010402000000001f"
                    + "0003000700090000000300000000000000000000000000000000"
                    + "0102030000");
    byte[] exact = Arrays.copyOf(sample, 8 + 26 + 3);
    exact[7] = 26 + 3;
    Frame frame =
        new Frame(
            new NodeId(7), new Target.One(new NodeId(9)), Channel.LEDGER, 3, new byte[] {1, 2, 3});
    assertThat(decode(linked(), exact, 5)).containsExactly(text(frame));
  }

  private static Frame frame(SplittableRandom dice, int payloadBytes) {
    Target target =
        dice.nextBoolean()
            ? new Target.One(new NodeId(dice.nextInt(NodeId.VALUE_MAX + 1)))
            : new Target.All(dice.nextLong(), dice.nextLong());
    NodeId source = new NodeId(dice.nextInt(NodeId.VALUE_MAX + 1));
    Channel channel = Channel.ofCode(dice.nextInt(Channel.values().length));
    return new Frame(source, target, channel, dice.nextInt(256), bytes(dice, payloadBytes));
  }

  private static Frame frame(Channel channel, byte[] payload) {
    return new Frame(new NodeId(1), new Target.One(new NodeId(2)), channel, 9, payload);
  }

  private static Hello hello(SplittableRandom dice) {
    ClusterId cluster = dice.nextBoolean() ? new ClusterId(dice.nextLong(), dice.nextLong()) : null;
    Identity identity =
        new Identity(
            cluster,
            new NodeId(dice.nextInt(NodeId.VALUE_MAX + 1)),
            dice.nextLong(),
            new Endpoint(dice.nextBoolean() ? "::1" : "host", dice.nextInt(65_536)),
            dice.nextBoolean());
    return new Hello(dice.nextBoolean(), identity, bytes(dice, dice.nextInt(40)));
  }

  private static byte[] bytes(SplittableRandom dice, int length) {
    byte[] bytes = new byte[length];
    dice.nextBytes(bytes);
    return bytes;
  }

  /** Cuts the frame into segments of random sizes. */
  private static byte[] encode(Frame frame, SplittableRandom dice) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    int sent = 0;
    boolean begun = false;
    do {
      ByteBuffer out = ByteBuffer.allocate(MessageEncoder.SEGMENT_ROOM_MIN + dice.nextInt(300));
      sent = MessageEncoder.encodeSegment(frame, begun, sent, out);
      bytes.write(out.array(), 0, out.position());
      begun = true;
    } while (sent < frame.payload().length);
    return bytes.toByteArray();
  }

  private static MessageDecoder linked() {
    MessageDecoder decoder = new MessageDecoder();
    decoder.becomeLinked();
    return decoder;
  }

  private static List<String> decode(MessageDecoder decoder, byte[] bytes, int pieceBytes)
      throws WireException {
    List<String> messages = new ArrayList<>();
    for (int from = 0; from < bytes.length; from += pieceBytes) {
      int length = Math.min(pieceBytes, bytes.length - from);
      decoder.feed(ByteBuffer.wrap(bytes, from, length), m -> messages.add(text(m)));
    }
    return messages;
  }

  /** Like toString, with arrays by content. */
  private static String text(Message message) {
    return switch (message) {
      case Frame(NodeId source, Target target, Channel channel, int hops, byte[] payload) ->
          source + " " + target + " " + channel + " " + hops + " " + Arrays.toString(payload);
      case Hello(boolean answer, Identity identity, byte[] payload) ->
          answer + " " + identity + " " + Arrays.toString(payload);
      case Message.ForeignHello other -> other.toString();
      case Refused other -> other.toString();
      case Heartbeat other -> other.toString();
    };
  }
}
