package io.gamut.overlay.wire;

import io.gamut.overlay.Limits;

/**
 * The layout of a link's bytes, version 1. All numbers are big-endian.
 *
 * <pre>
 * segment   version u8 | kind u8 | channel u8 | 0 u8 | body length i32 | body
 * HELLO     magic i32 | kept u8 flags (1 answer, 2 lab, 4 has a cluster) | cluster 16 | node u16
 *           | boot i64 | address (length u16, UTF-8 host:port) | payload (the rest)
 * REFUSAL   reason u8 | detail UTF-8 (the rest)
 * HEARTBEAT purpose u8 | digest i64
 * FIRST     flags u8 (1 broadcast) | hops left u8 | source u16 | destination u16 | payload length
 *           i32 | boot i64 | number i64 | the payload's first bytes (the rest)
 * MORE      the payload's next bytes
 * </pre>
 *
 * A frame is cut into segments: one FIRST, then as many MORE of the same channel as it takes.
 * Segments of different channels may alternate, those of one channel's frames may not: so at most
 * one frame per channel is in the making, and an urgent frame overtakes a large one.
 *
 * <p>The header, and the bodies of HELLO up to its magic and of REFUSAL, are the same in every
 * version for ever, so that two versions can tell each other why they do not link.
 */
final class Wire {
  static final int VERSION = 1;
  static final int MAGIC = 0x47414D55; // "GAMU"

  static final int SEGMENT_HEADER_BYTES = 8;

  static final int KIND_HELLO = 1;
  static final int KIND_REFUSAL = 2;
  static final int KIND_HEARTBEAT = 3;
  static final int KIND_FIRST = 4;
  static final int KIND_MORE = 5;

  static final int HELLO_ANSWER = 1;
  static final int HELLO_LAB = 2;
  static final int HELLO_CLUSTER = 4;
  static final int HELLO_FIXED_BYTES = 4 + 1 + 16 + 2 + 8 + 2;
  static final int HELLO_BYTES_MAX =
      HELLO_FIXED_BYTES + Limits.ENDPOINT_BYTES_MAX + Limits.HANDSHAKE_PAYLOAD_BYTES_MAX;

  static final int REFUSAL_BYTES_MAX = 1 + Limits.REFUSAL_BYTES_MAX;
  static final int HEARTBEAT_BYTES = 1 + 8;

  static final int FRAME_HEADER_BYTES = 1 + 1 + 2 + 2 + 4 + 8 + 8;
  static final int FLAG_BROADCAST = 1;

  private Wire() {}
}
