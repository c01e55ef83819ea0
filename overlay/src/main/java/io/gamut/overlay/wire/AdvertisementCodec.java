package io.gamut.overlay.wire;

import io.gamut.core.NodeId;
import io.gamut.overlay.Limits;
import io.gamut.overlay.routing.Advertisement;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Advertisements as the payload of a topology frame, version 1: version u8, count u16, then of each
 * origin u16, incarnation i64, sequence i64, neighbour count u16, neighbours u16 each. Big-endian.
 */
public final class AdvertisementCodec {
  private static final int VERSION = 1;
  private static final int HEAD_BYTES = 1 + 2;
  private static final int FIXED_BYTES = 2 + 8 + 8 + 2;

  private AdvertisementCodec() {}

  public static byte[] encode(List<Advertisement> advertisements) {
    int bytes = HEAD_BYTES;
    for (Advertisement advertisement : advertisements) {
      bytes += FIXED_BYTES + 2 * advertisement.neighbours().size();
    }
    ByteBuffer out = ByteBuffer.allocate(bytes);
    out.put((byte) VERSION).putShort((short) advertisements.size());
    for (Advertisement advertisement : advertisements) {
      out.putShort((short) advertisement.origin().value())
          .putLong(advertisement.incarnation())
          .putLong(advertisement.sequence())
          .putShort((short) advertisement.neighbours().size());
      for (NodeId neighbour : advertisement.neighbours()) {
        out.putShort((short) neighbour.value());
      }
    }
    return out.array();
  }

  public static List<Advertisement> decode(byte[] payload) throws WireException {
    ByteBuffer in = ByteBuffer.wrap(payload);
    require(in.remaining() >= HEAD_BYTES, "an empty payload");
    int version = in.get();
    require(version == VERSION, "version " + version);
    int count = in.getShort() & 0xFFFF;
    require(count <= Limits.NODES_MAX, count + " advertisements");
    List<Advertisement> advertisements = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      advertisements.add(decodeOne(in));
    }
    require(!in.hasRemaining(), in.remaining() + " bytes too many");
    return advertisements;
  }

  private static Advertisement decodeOne(ByteBuffer in) throws WireException {
    require(in.remaining() >= FIXED_BYTES, "an advertisement cut short");
    NodeId origin = new NodeId(in.getShort() & 0xFFFF);
    long incarnation = in.getLong();
    long sequence = in.getLong();
    int count = in.getShort() & 0xFFFF;
    require(count <= Limits.NODES_MAX, count + " neighbours");
    require(in.remaining() >= 2 * count, "neighbours cut short");
    List<NodeId> neighbours = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      neighbours.add(new NodeId(in.getShort() & 0xFFFF));
    }
    try {
      return new Advertisement(origin, incarnation, sequence, neighbours);
    } catch (IllegalArgumentException e) {
      throw new WireException("topology: " + e.getMessage());
    }
  }

  private static void require(boolean holds, String found) throws WireException {
    if (!holds) {
      throw new WireException("topology: " + found);
    }
  }
}
