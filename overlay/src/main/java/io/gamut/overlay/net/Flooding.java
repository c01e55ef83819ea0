package io.gamut.overlay.net;

import io.gamut.core.NodeId;
import io.gamut.overlay.Channel;
import io.gamut.overlay.Limits;
import io.gamut.overlay.Timing;
import io.gamut.overlay.routing.Advertisement;
import io.gamut.overlay.routing.LinkStateDatabase;
import io.gamut.overlay.routing.Routes;
import io.gamut.overlay.wire.AdvertisementCodec;
import io.gamut.overlay.wire.Message.Frame;
import io.gamut.overlay.wire.Message.Target;
import io.gamut.overlay.wire.WireException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the link-state table in step with the neighbours', and tells the owner what became
 * reachable. The rules are {@link LinkStateDatabase}'s; here they meet real links.
 */
final class Flooding {
  private static final Logger LOG = LoggerFactory.getLogger(Flooding.class);

  private final Site site;
  private final LinkStateDatabase database;
  private final TreeMap<NodeId, Link> links = new TreeMap<>();
  private final Map<NodeId, Disagreement> disagreements = new HashMap<>();
  private TreeMap<NodeId, NodeId> toldNextHops = new TreeMap<>();
  private boolean tellScheduled;

  /** Two tables that differed at a heartbeat. */
  private record Disagreement(long ours, long theirs) {}

  Flooding(Site site) {
    this.site = site;
    this.database =
        new LinkStateDatabase(site.self(), site.config.life().incarnation(), Limits.NODES_MAX);
  }

  Routes routes() {
    return database.routes();
  }

  /** The link on the way to a node: its own if there is one, advertised or not. */
  @Nullable Link nextLink(NodeId destination) {
    Link direct = links.get(destination);
    return direct != null ? direct : routes().nextHop(destination).map(links::get).orElse(null);
  }

  @Nullable Link linkTo(NodeId neighbour) {
    return links.get(neighbour);
  }

  long digest() {
    return database.digest();
  }

  void onLinkUp(Link link) {
    links.put(link.peer(), link);
    flood(List.of(database.onNeighbours(links.keySet())), link);
    send(link, database.all());
    scheduleTell();
  }

  void onLinkDown(Link link) {
    links.remove(link.peer());
    disagreements.remove(link.peer());
    flood(List.of(database.onNeighbours(links.keySet())), link);
    scheduleTell();
  }

  void onAdvertisements(Link from, byte[] payload) throws WireException {
    for (Advertisement advertisement : AdvertisementCodec.decode(payload)) {
      switch (database.onAdvertisement(advertisement)) {
        case FLOOD -> flood(List.of(advertisement), from);
        case KNOWN -> {}
        case ANSWER -> send(from, List.of(database.held(advertisement.origin())));
        case REISSUED -> {
          flood(List.of(database.own()), from);
          send(from, List.of(database.own()));
        }
        case TABLE_FULL ->
            LOG.warn("the table of {} nodes is full: ignoring {}", Limits.NODES_MAX, advertisement);
      }
    }
    scheduleTell();
  }

  /**
   * A neighbour's heartbeat: where both tables differ, and have not changed since the last
   * heartbeat, something was lost on the way, and all is sent again.
   */
  void onDigest(Link link, long theirs) {
    long ours = database.digest();
    Disagreement now = new Disagreement(ours, theirs);
    if (ours == theirs) {
      disagreements.remove(link.peer());
    } else if (now.equals(disagreements.put(link.peer(), now))) {
      disagreements.remove(link.peer());
      send(link, database.inReach());
    }
  }

  /** To be called from time to time. */
  void expire(long nowMillis) {
    List<NodeId> forgotten = database.expire(nowMillis, Timing.FORGET_MILLIS);
    if (!forgotten.isEmpty()) {
      LOG.info("forgot nodes out of reach: {}", forgotten);
    }
  }

  private void flood(List<Advertisement> advertisements, Link except) {
    for (Link link : links.values()) {
      if (link != except) {
        send(link, advertisements);
      }
    }
  }

  /** A full queue loses it, which the digests bring to light. */
  private void send(Link link, List<Advertisement> advertisements) {
    Target target = new Target.One(link.peer());
    byte[] payload = AdvertisementCodec.encode(advertisements);
    var _ = link.offer(new Frame(site.self(), target, Channel.TOPOLOGY, 0, payload));
  }

  /** The owner is told at the end of the turn, once for all that changed in it. */
  private void scheduleTell() {
    if (!tellScheduled) {
      tellScheduled = true;
      site.loop.execute(this::tell);
    }
  }

  private void tell() {
    tellScheduled = false;
    TreeMap<NodeId, NodeId> before = toldNextHops;
    TreeMap<NodeId, NodeId> now = new TreeMap<>();
    Routes routes = routes();
    for (NodeId node : routes.reachable()) {
      routes.nextHop(node).ifPresent(hop -> now.put(node, hop));
    }
    toldNextHops = now;
    before.forEach((node, hop) -> {
      if (!now.containsKey(node)) {
        site.notices.tell(listener -> listener.onUnreachable(node));
      } else if (!hop.equals(now.get(node))) {
        site.notices.tell(listener -> listener.onRouteChanged(node));
      }
    });
    now.forEach((node, _) -> {
      if (!before.containsKey(node)) {
        site.notices.tell(listener -> listener.onReachable(node));
      }
    });
  }
}
