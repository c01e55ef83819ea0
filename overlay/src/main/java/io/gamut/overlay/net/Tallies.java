package io.gamut.overlay.net;

import io.gamut.core.NodeId;
import io.gamut.overlay.Channel;
import io.gamut.overlay.OverlayCounters;
import io.gamut.overlay.OverlayCounters.Count;
import io.gamut.overlay.OverlayCounters.Drop;
import io.gamut.overlay.wire.Message.Frame;
import java.util.EnumMap;
import java.util.TreeMap;

/** Counts what goes over the network; {@link OverlayCounters} is what they look like outside. */
final class Tallies {
  private final Traffic originated = new Traffic();
  private final Traffic delivered = new Traffic();
  private final TreeMap<NodeId, OfNeighbour> neighbours = new TreeMap<>();
  private final EnumMap<Drop, Long> dropped = new EnumMap<>(Drop.class);
  private long relayedFrames;

  /** The traffic with one neighbour, over all links there ever were with it. */
  static final class OfNeighbour {
    private final Traffic in = new Traffic();
    private final Traffic out = new Traffic();
    private long connects;

    void onConnected() {
      connects++;
    }

    void onIn(Frame frame) {
      in.add(frame.channel(), frame.bytes());
    }

    void onOut(Frame frame) {
      out.add(frame.channel(), frame.bytes());
    }
  }

  OfNeighbour with(NodeId neighbour) {
    return neighbours.computeIfAbsent(neighbour, _ -> new OfNeighbour());
  }

  void onOriginated(Channel channel, int payloadBytes) {
    originated.add(channel, payloadBytes);
  }

  void onDelivered(Channel channel, int payloadBytes) {
    delivered.add(channel, payloadBytes);
  }

  void onRelayed() {
    relayedFrames++;
  }

  void onDropped(Drop reason) {
    onDropped(reason, 1);
  }

  void onDropped(Drop reason, int frames) {
    dropped.merge(reason, (long) frames, Long::sum);
  }

  OverlayCounters snapshot() {
    TreeMap<NodeId, OverlayCounters.Neighbour> byNeighbour = new TreeMap<>();
    neighbours.forEach((node, of) ->
        byNeighbour.put(
            node, new OverlayCounters.Neighbour(of.in.snapshot(), of.out.snapshot(), of.connects)));
    EnumMap<Drop, Long> drops = new EnumMap<>(Drop.class);
    for (Drop reason : Drop.values()) {
      drops.put(reason, dropped.getOrDefault(reason, 0L));
    }
    return new OverlayCounters(
        originated.snapshot(), delivered.snapshot(), byNeighbour, relayedFrames, drops);
  }

  private static final class Traffic {
    private final long[] frames = new long[Channel.values().length];
    private final long[] bytes = new long[Channel.values().length];

    void add(Channel channel, int moreBytes) {
      frames[channel.code()]++;
      bytes[channel.code()] += moreBytes;
    }

    EnumMap<Channel, Count> snapshot() {
      EnumMap<Channel, Count> counts = new EnumMap<>(Channel.class);
      for (Channel channel : Channel.values()) {
        counts.put(channel, new Count(frames[channel.code()], bytes[channel.code()]));
      }
      return counts;
    }
  }
}
