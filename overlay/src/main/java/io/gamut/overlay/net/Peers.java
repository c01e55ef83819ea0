package io.gamut.overlay.net;

import io.gamut.core.NodeId;
import io.gamut.overlay.Endpoint;
import io.gamut.overlay.Refusal;
import io.gamut.overlay.Refusal.Reason;
import io.gamut.overlay.Timing;
import io.gamut.overlay.link.BackOff;
import io.gamut.overlay.wire.Message.Hello;
import io.gamut.overlay.wire.Message.Identity;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whom this node dials, and when.
 *
 * <p><b>Who dials.</b> Either end that wants the link and has none: so a link comes about even if
 * only one end knows the other, or can reach it. Mostly one suffices, and the higher id is given
 * {@link Timing#COURTESY_MILLIS} of advance. If both dial at once all the same, the higher id's
 * dial wins: the lower one accepts and gives up its own, the higher one lets the other's wait until
 * its own has ended (see {@link Gate}). So two nodes end with one link.
 */
final class Peers implements Links.Observer {
  private static final Logger LOG = LoggerFactory.getLogger(Peers.class);

  private final Site site;
  private final Links links;
  private final TreeMap<NodeId, Peer> peers = new TreeMap<>();
  private final Set<NodeId> removed = new HashSet<>();
  private Consumer<NodeId> onDialFailed = _ -> {};
  private boolean closed;

  Peers(Site site, Links links) {
    this.site = site;
    this.links = links;
  }

  /** Who wants to know that a dial came to nothing. */
  void onDialFailed(Consumer<NodeId> told) {
    onDialFailed = told;
  }

  void add(NodeId id, Endpoint address) {
    if (id.equals(site.self()) || closed) {
      return;
    }
    Peer peer = learn(id, address);
    boolean moved = !peer.address.equals(address);
    peer.address = address;
    if (peer.wanted && !moved) {
      return;
    }
    peer.wanted = true;
    removed.remove(id);
    peer.backOff.reset();
    peer.rest();
    retryAfter(peer, courtesyMillis(peer));
  }

  void remove(NodeId id) {
    removed.add(id);
    Peer peer = peers.remove(id);
    if (peer != null) {
      peer.rest();
    }
    Link link = links.get(id);
    if (link != null) {
      links.drop(link, true, "node " + id + " was removed");
    }
  }

  boolean isRemoved(NodeId id) {
    return removed.contains(id);
  }

  boolean isDialling(NodeId id) {
    Peer peer = peers.get(id);
    return peer != null && peer.isDialling();
  }

  /** Stops dialling; what ends up without a link is dialled again only when told so. */
  void rest(NodeId id) {
    Peer peer = peers.get(id);
    if (peer != null) {
      peer.rest();
    }
  }

  /** Dials at once, and for so long even a node that is no peer; false if it is not known. */
  boolean dialNow(NodeId id, long forMillis) {
    Peer peer = peers.get(id);
    if (peer == null) {
      return false;
    }
    peer.urgentUntil(System.nanoTime() + forMillis * 1_000_000);
    peer.backOff.reset();
    peer.rest();
    dial(peer);
    return true;
  }

  /** How the last dial of that node failed, in words. */
  String lastFailure(NodeId id) {
    Peer peer = peers.get(id);
    return peer == null ? "its address is not known" : peer.lastFailure;
  }

  /** The node's cluster is known now: what was not worth dialling before is. */
  void onJoined() {
    peers.values().forEach(peer -> retryAfter(peer, courtesyMillis(peer)));
  }

  void close() {
    closed = true;
    peers.values().forEach(Peer::rest);
  }

  @Override
  public void onLinkUp(Link link) {
    Identity identity = link.identity();
    Peer known = peers.get(identity.node());
    boolean isNews = known == null || !known.wanted || !known.address.equals(identity.address());
    Peer peer = learn(identity.node(), identity.address());
    peer.address = identity.address();
    peer.rest();
    peer.backOff.reset();
    peer.toldRefusal = null;
    if (isNews) {
      site.notices.tell(listener -> listener.onPeerLearned(identity.node(), identity.address()));
    }
  }

  @Override
  public void onLinkDown(Link link) {
    Peer peer = peers.get(link.peer());
    if (peer == null) {
      return;
    }
    if (link.peer().isGateway() && !peer.wanted) {
      peer.rest(); // one life of a gateway: its name does not come back
      peers.remove(link.peer());
    } else {
      retryAfter(peer, peer.backOff.nextMillis() + courtesyMillis(peer));
    }
  }

  private Peer learn(NodeId id, Endpoint address) {
    return peers.computeIfAbsent(
        id,
        _ ->
            new Peer(
                id, address, new BackOff(site.timing().backOffMaxMillis(), site.dice.split())));
  }

  private long courtesyMillis(Peer peer) {
    return site.self().compareTo(peer.id) < 0 ? Timing.COURTESY_MILLIS : 0;
  }

  private void retryAfter(Peer peer, long millis) {
    if (!closed && peer.isWanted(System.nanoTime())) {
      peer.onRetryScheduled(site.after(millis, () -> dial(peer)));
    }
  }

  private void dial(Peer peer) {
    peer.cancelRetry();
    if (closed
        || peer.isDialling()
        || !peer.isWanted(System.nanoTime())
        || site.cluster().isEmpty()
        || site.impairments.isCut(peer.id)
        || links.get(peer.id) != null) {
      return;
    }
    Attempt attempt = new Attempt(peer);
    peer.onDial(
        Dial.start(site, peer.address, site.hello(), site.timing().handshakeMillis(), attempt));
    if (attempt.ended) {
      peer.onDialEnded();
    }
  }

  /** What a dial's end means for its peer. */
  private final class Attempt implements Dial.Outcome {
    private final Peer peer;
    private final Endpoint dialled;
    private boolean ended;

    Attempt(Peer peer) {
      this.peer = peer;
      this.dialled = peer.address;
    }

    @Override
    public void onAnswered(Connection connection, Hello answer) {
      peer.onDialEnded();
      Refusal objection = objectionTo(answer.identity());
      if (objection == null) {
        links.establish(connection, answer.identity());
      } else {
        connection.close();
        onRefused(objection);
      }
    }

    @Override
    public void onRefused(Refusal refusal) {
      boolean isNews = refusal.reason() != peer.toldRefusal;
      if (isNews && refusal.reason() != Reason.ALREADY_LINKED) {
        peer.toldRefusal = refusal.reason();
        LOG.warn("node {} at {} refuses a link: {}", peer.id, dialled, refusal);
        site.notices.tell(listener -> listener.onRefused(dialled, refusal));
      }
      onFailed("it refused: " + refusal);
    }

    @Override
    public void onFailed(String why) {
      ended = true;
      peer.onDialEnded();
      peer.lastFailure = dialled + ": " + why;
      LOG.debug("dialling node {} failed: {}", peer.id, peer.lastFailure);
      retryAfter(peer, peer.backOff.nextMillis());
      onDialFailed.accept(peer.id);
    }

    private @Nullable Refusal objectionTo(Identity identity) {
      if (!Optional.ofNullable(identity.cluster()).equals(site.cluster())) {
        return new Refusal(
            Reason.WRONG_CLUSTER, "it answers for the cluster " + identity.cluster());
      }
      if (!identity.node().equals(peer.id)) {
        return new Refusal(Reason.WRONG_NODE, "node " + identity.node() + " answers there");
      }
      return null;
    }
  }
}
