package io.gamut.overlay.net;

import io.gamut.core.NodeId;
import io.gamut.overlay.Channel;
import io.gamut.overlay.Limits;
import io.gamut.overlay.OverlayCounters.Drop;
import io.gamut.overlay.routing.BroadcastGuard;
import io.gamut.overlay.wire.Message.Frame;
import io.gamut.overlay.wire.Message.Target;
import io.gamut.overlay.wire.WireException;
import org.jspecify.annotations.Nullable;

/**
 * Where a frame goes next: to the owner, to the next hop, or to the children in its source's tree.
 */
final class Forwarding {
  /** Sources remembered against repeats: each node in its present life and its last. */
  private static final int BOOTS_MAX = 2 * Limits.NODES_MAX;

  private final Site site;
  private final Flooding flooding;
  private final BroadcastGuard guard = new BroadcastGuard(BOOTS_MAX);
  private long broadcasts;

  Forwarding(Site site, Flooding flooding) {
    this.site = site;
    this.flooding = flooding;
  }

  boolean send(NodeId destination, Channel channel, byte[] payload) {
    requireSendable(channel, payload);
    Frame frame = frame(new Target.One(destination), channel, payload);
    if (destination.equals(site.self())) {
      site.loop.execute(() -> deliver(frame));
      return true;
    }
    Link next = flooding.nextLink(destination);
    if (next == null) {
      site.tallies.onDropped(Drop.NO_ROUTE);
      return false;
    }
    if (!next.offer(frame)) {
      return false;
    }
    site.tallies.onOriginated(channel, payload.length);
    return true;
  }

  void broadcast(Channel channel, byte[] payload) {
    requireSendable(channel, payload);
    broadcasts++;
    site.tallies.onOriginated(channel, payload.length);
    Target target = new Target.All(site.config.life().boot(), broadcasts);
    passOn(frame(target, channel, payload));
  }

  void onFrame(Link from, Frame frame) throws WireException {
    if (frame.channel() == Channel.TOPOLOGY) {
      if (!frame.source().equals(from.peer())) {
        throw new WireException("an advertisement relayed as a frame of " + frame.source());
      }
      flooding.onAdvertisements(from, frame.payload());
      return;
    }
    switch (frame.target()) {
      case Target.One(NodeId node) -> onUnicast(frame, node);
      case Target.All(long boot, long number) -> onBroadcast(frame, boot, number);
    }
  }

  private void onUnicast(Frame frame, NodeId destination) {
    if (destination.equals(site.self())) {
      deliver(frame);
    } else if (frame.hopsLeft() == 0) {
      site.tallies.onDropped(Drop.HOP_LIMIT);
    } else {
      relay(frame.oneHopFurther(), flooding.nextLink(destination));
    }
  }

  private void onBroadcast(Frame frame, long boot, long number) {
    if (frame.source().equals(site.self()) || !guard.isFirstSight(frame.source(), boot, number)) {
      site.tallies.onDropped(Drop.DUPLICATE);
      return;
    }
    if (frame.hopsLeft() > 0) {
      Frame further = frame.oneHopFurther();
      for (NodeId child : flooding.routes().children(frame.source())) {
        relay(further, flooding.linkTo(child));
      }
    }
    deliver(frame);
  }

  private void passOn(Frame frame) {
    for (NodeId child : flooding.routes().children(site.self())) {
      Link link = flooding.linkTo(child);
      if (link != null) {
        var _ = link.offer(frame);
      }
    }
  }

  private void relay(Frame frame, @Nullable Link next) {
    if (next == null) {
      site.tallies.onDropped(Drop.NO_ROUTE);
    } else if (next.offer(frame)) {
      site.tallies.onRelayed();
    }
  }

  private void deliver(Frame frame) {
    site.tallies.onDelivered(frame.channel(), frame.payload().length);
    site.notices.tell(
        listener -> listener.onMessage(frame.source(), frame.channel(), frame.payload()));
  }

  private Frame frame(Target target, Channel channel, byte[] payload) {
    return new Frame(site.self(), target, channel, Limits.HOPS_MAX - 1, payload);
  }

  private static void requireSendable(Channel channel, byte[] payload) {
    if (channel == Channel.TOPOLOGY) {
      throw new IllegalArgumentException("the channel TOPOLOGY is the overlay's own");
    }
    if (payload.length > Limits.PAYLOAD_BYTES_MAX) {
      throw new IllegalArgumentException(
          "a payload has at most "
              + Limits.PAYLOAD_BYTES_MAX
              + " bytes, not "
              + payload.length
              + ": cut it into pieces");
    }
  }
}
