package io.gamut.overlay.net;

import io.gamut.core.NodeId;
import io.gamut.overlay.OverlayListener;
import io.gamut.overlay.link.FailureDetector.Verdict;
import io.gamut.overlay.wire.Message.Frame;
import io.gamut.overlay.wire.Message.Identity;
import io.gamut.overlay.wire.WireException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The links that stand, at most one per neighbour, and who must know when one comes or goes: the
 * flooding first, so that routes are right when the others act, the owner's listener last.
 */
final class Links implements Link.Receiver {
  private static final Logger LOG = LoggerFactory.getLogger(Links.class);

  /** A part of the overlay that lives by the coming and going of links. */
  interface Observer {
    default void onLinkUp(Link link) {}

    default void onLinkDown(Link link) {}

    default void onLinkProven(Link link) {}
  }

  private final Site site;
  private final Flooding flooding;
  private final Forwarding forwarding;
  private final TreeMap<NodeId, Link> byPeer = new TreeMap<>();
  private final List<Observer> observers = new ArrayList<>();

  Links(Site site, Flooding flooding, Forwarding forwarding) {
    this.site = site;
    this.flooding = flooding;
    this.forwarding = forwarding;
  }

  void observe(Observer observer) {
    observers.add(observer);
  }

  @Nullable Link get(NodeId peer) {
    return byPeer.get(peer);
  }

  Collection<Link> all() {
    return List.copyOf(byPeer.values());
  }

  /** A handshake has succeeded; there must be no link with that node. */
  void establish(Connection connection, Identity peer) {
    if (byPeer.containsKey(peer.node())) {
      throw new IllegalStateException("there is a link with node " + peer.node() + " already");
    }
    Link link = new Link(site, connection, peer, this);
    connection.ownedBy(link);
    connection.becomeLinked();
    byPeer.put(peer.node(), link);
    LOG.info("link {}-{} up, with {}", site.self(), peer.node(), connection.channel());
    flooding.onLinkUp(link);
    observers.forEach(observer -> observer.onLinkUp(link));
    site.notices.tell(listener -> listener.onNeighbourUp(peer.node()));
  }

  /** Ends a link, if it still stands. */
  void drop(Link link, boolean orderly, String why) {
    if (!byPeer.remove(link.peer(), link)) {
      return;
    }
    LOG.info("link {}-{} down: {}", site.self(), link.peer(), why);
    link.end(orderly);
    flooding.onLinkDown(link);
    observers.forEach(observer -> observer.onLinkDown(link));
    site.notices.tell(listener -> listener.onNeighbourDown(link.peer()));
  }

  /** Looks for the dead, and lets idle links beat. */
  void tick(long nowNanos) {
    for (Link link : all()) {
      Verdict before = link.verdict();
      Verdict now = link.tick(nowNanos);
      if (now == before) {
        continue;
      }
      switch (now) {
        case ALIVE -> site.notices.tell(told(link, OverlayListener::onNeighbourTrusted));
        case SUSPECTED -> site.notices.tell(told(link, OverlayListener::onNeighbourSuspected));
        case DEAD -> drop(link, false, "silent for " + site.timing().deathMillis() + " ms");
      }
    }
  }

  @Override
  public void onFrame(Link link, Frame frame) throws WireException {
    forwarding.onFrame(link, frame);
  }

  @Override
  public void onDigest(Link link, long digest) {
    flooding.onDigest(link, digest);
  }

  @Override
  public void onProven(Link link) {
    observers.forEach(observer -> observer.onLinkProven(link));
  }

  @Override
  public void onLost(Link link, String why) {
    drop(link, false, why);
  }

  @Override
  public long digest() {
    return flooding.digest();
  }

  private static Consumer<OverlayListener> told(
      Link link, BiConsumer<OverlayListener, NodeId> notice) {
    return listener -> notice.accept(listener, link.peer());
  }
}
