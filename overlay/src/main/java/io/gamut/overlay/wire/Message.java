package io.gamut.overlay.wire;

import io.gamut.core.ClusterId;
import io.gamut.core.NodeId;
import io.gamut.overlay.Channel;
import io.gamut.overlay.Endpoint;
import io.gamut.overlay.Refusal;
import org.jspecify.annotations.Nullable;

/** What two nodes say to each other over one link. */
public sealed interface Message {
  /** Opens a link: from the dialer, and answered in kind. */
  @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
  record Hello(boolean isAnswer, Identity identity, byte[] payload) implements Message {}

  /**
   * Who speaks.
   *
   * @param cluster null in the request of a node that asks to be let in
   */
  record Identity(
      @Nullable ClusterId cluster, NodeId node, long boot, Endpoint address, boolean lab) {}

  /** The opening of a node that speaks another version of the protocol. */
  record ForeignHello(int version) implements Message {}

  /** No link; the connection is closed behind it. */
  record Refused(Refusal refusal) implements Message {}

  /**
   * Says that the sender lives.
   *
   * @param purpose whether it wants, or is, an answer
   * @param digest of the sender's link-state table
   */
  record Heartbeat(Purpose purpose, long digest) implements Message {
    /** What a heartbeat is for, with its wire code. */
    public enum Purpose {
      BEAT(0),
      QUESTION(1),
      ANSWER(2);

      private static final Purpose[] ALL = values();

      private final int code;

      Purpose(int code) {
        this.code = code;
      }

      static boolean isCode(int code) {
        return code >= 0 && code < ALL.length;
      }

      static Purpose ofCode(int code) {
        return ALL[code];
      }

      int code() {
        return code;
      }
    }
  }

  /**
   * What nodes send through the network.
   *
   * @param hopsLeft how many more links it may cross after this one
   */
  @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
  record Frame(NodeId source, Target target, Channel channel, int hopsLeft, byte[] payload)
      implements Message {
    /** What it costs a queue: payload and header. */
    public int bytes() {
      return payload.length + Wire.FRAME_HEADER_BYTES + Wire.SEGMENT_HEADER_BYTES;
    }

    public Frame oneHopFurther() {
      return new Frame(source, target, channel, hopsLeft - 1, payload);
    }
  }

  /** For whom a frame is. */
  sealed interface Target {
    /** One node. */
    record One(NodeId node) implements Target {}

    /** All nodes; named so that repeats can be told: the source's boot and a count from 1. */
    record All(long boot, long number) implements Target {}
  }
}
