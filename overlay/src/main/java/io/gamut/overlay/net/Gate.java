package io.gamut.overlay.net;

import io.gamut.core.NodeId;
import io.gamut.overlay.Admission;
import io.gamut.overlay.Limits;
import io.gamut.overlay.Refusal;
import io.gamut.overlay.Refusal.Reason;
import io.gamut.overlay.Timing;
import io.gamut.overlay.wire.Message.Identity;
import io.gamut.overlay.wire.MessageEncoder;
import io.netty.channel.Channel;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides on those who knock.
 *
 * <p><b>One place per node.</b> A newcomer with the id of a neighbour whose link stands is either
 * the same node, which has lost its end of the link (restarted, or cut and healed), or another
 * process with the same id by mistake. The old link decides: it is asked to prove that it lives,
 * and the newcomer waits. If the old link answers, the newcomer is refused; if it ends (a killed
 * process's sockets are closed by its system at once, usually before the newcomer knocks) or keeps
 * silent for {@link Timing#graceMillis}, the newcomer takes its place. So a restart is let in at
 * once, and two live processes cannot take turns.
 *
 * <p><b>Simultaneous open.</b> A newcomer that this node is dialling itself, and whose id is lower,
 * waits in the same way for the outcome of that dial; with a higher id it is let in and this node's
 * dial abandoned.
 *
 * <p><b>Strangers.</b> At most {@link Limits#UNAUTHENTICATED_MAX} connections may be waiting here,
 * each for a limited time; more are closed when accepted.
 */
final class Gate implements Links.Observer {
  private static final Logger LOG = LoggerFactory.getLogger(Gate.class);
  private static final byte[] NOTHING = {};

  private final Site site;
  private final Links links;
  private final Peers peers;
  private final Admission admission;
  private final Set<Arrival> arrivals = new HashSet<>();
  private final TreeMap<NodeId, Arrival> waiting = new TreeMap<>();

  Gate(Site site, Links links, Peers peers, Admission admission) {
    this.site = site;
    this.links = links;
    this.peers = peers;
    this.admission = admission;
  }

  void onAccepted(Channel channel) {
    if (arrivals.size() >= Limits.UNAUTHENTICATED_MAX) {
      LOG.debug("closing {}: {} strangers are waiting", channel, arrivals.size());
      var _ = channel.close();
      return;
    }
    Connection connection = new Connection(channel);
    Arrival arrival = new Arrival(this, connection);
    connection.ownedBy(arrival);
    channel.pipeline().addLast(connection);
    arrivals.add(arrival);
    long limitMillis = site.timing().handshakeMillis();
    arrival.onTimer(
        site.after(limitMillis, () -> arrival.close("no hello within " + limitMillis + " ms")));
  }

  void onHello(Arrival arrival) {
    Identity identity = arrival.identity();
    Arrival former = waiting.put(identity.node(), arrival);
    if (former != null) {
      former.close("node " + identity.node() + " has dialled again");
    }
    waiting.put(identity.node(), arrival);
    settle(arrival);
  }

  void onGone(Arrival arrival) {
    arrivals.remove(arrival);
    waiting.values().remove(arrival);
  }

  /** Turns away who is waiting to link with that node's id. */
  void turnAway(NodeId node, Refusal refusal) {
    Arrival arrival = waiting.get(node);
    if (arrival != null) {
      arrival.refuse(refusal);
    }
  }

  void close() {
    List.copyOf(arrivals).forEach(arrival -> arrival.close("this node is closing"));
  }

  @Override
  public void onLinkUp(Link link) {
    settleWaiting(link.peer());
  }

  @Override
  public void onLinkDown(Link link) {
    settleWaiting(link.peer());
  }

  @Override
  public void onLinkProven(Link link) {
    Arrival arrival = waiting.get(link.peer());
    if (arrival == null) {
      return;
    }
    boolean same = arrival.identity().boot() == link.identity().boot();
    arrival.refuse(
        same
            ? new Refusal(Reason.ALREADY_LINKED, "the link stands")
            : new Refusal(
                Reason.DUPLICATE_ID,
                "another live process is node "
                    + link.peer()
                    + ", linked from "
                    + link.channel().remoteAddress()
                    + ": stop one, or give it an id of its own"));
  }

  /** Something that a waiting newcomer waited for has happened. */
  void settleWaiting(NodeId node) {
    Arrival arrival = waiting.get(node);
    if (arrival != null) {
      settle(arrival);
    }
  }

  /** Lets an arrival in, refuses it, or lets it wait for what must happen first. */
  private void settle(Arrival arrival) {
    if (arrival.isOver()) {
      return;
    }
    Identity identity = arrival.identity();
    Refusal objection = objectionTo(identity);
    Link incumbent = links.get(identity.node());
    if (objection != null) {
      arrival.refuse(objection);
    } else if (incumbent != null) {
      incumbent.challenge();
      arrival.onTimer(site.after(site.timing().graceMillis(), () -> onGrace(arrival, incumbent)));
    } else if (isOwnDialPreferred(identity.node())) {
      arrival.onTimer(site.after(site.timing().graceMillis(), () -> onGrace(arrival, null)));
    } else if (identity.cluster() == null && arrival.admitted == null) {
      ask(arrival);
    } else {
      letIn(arrival);
    }
  }

  private boolean isOwnDialPreferred(NodeId node) {
    return site.self().compareTo(node) > 0 && peers.isDialling(node);
  }

  private void onGrace(Arrival arrival, @Nullable Link incumbent) {
    if (incumbent != null) {
      links.drop(incumbent, false, "it kept silent when a newcomer claimed its place");
    } else {
      peers.rest(arrival.identity().node());
    }
    settle(arrival);
  }

  private void letIn(Arrival arrival) {
    Identity identity = arrival.identity();
    byte[] payload = arrival.admitted;
    arrival.leave();
    peers.rest(identity.node());
    arrival
        .connection()
        .send(MessageEncoder.encode(site.answer(payload == null ? NOTHING : payload)));
    links.establish(arrival.connection(), identity);
  }

  private void ask(Arrival arrival) {
    if (arrival.asked) {
      return;
    }
    arrival.asked = true;
    arrival.onTimer(site.after(Timing.JOIN_MILLIS, () -> arrival.close("admission took too long")));
    Identity identity = arrival.identity();
    admission
        .onJoinRequest(identity.node(), identity.address(), arrival.opening().payload())
        .whenComplete((decision, failure) -> {
          if (failure != null) {
            LOG.error("admission failed on the request of {}", identity.node(), failure);
          }
          Admission.Decision made =
              failure == null
                  ? decision
                  : new Admission.Decision.Later("admission failed: " + failure);
          site.loop.execute(() -> onDecision(arrival, made));
        });
  }

  private void onDecision(Arrival arrival, Admission.Decision decision) {
    if (arrival.isOver()) {
      return;
    }
    arrival.cancelTimer();
    switch (decision) {
      case Admission.Decision.Admitted(byte[] payload) -> {
        arrival.admitted = payload;
        settle(arrival);
      }
      case Admission.Decision.Refused(String detail) ->
          arrival.refuse(new Refusal(Reason.JOIN_REFUSED, detail));
      case Admission.Decision.Later(String detail) ->
          arrival.refuse(new Refusal(Reason.NO_CLUSTER_YET, detail));
    }
  }

  private @Nullable Refusal objectionTo(Identity identity) {
    NodeId node = identity.node();
    if (node.equals(site.self())) {
      return new Refusal(Reason.OWN_ID, "this is node " + node + " itself");
    }
    if (site.cluster().isEmpty()) {
      return new Refusal(Reason.NO_CLUSTER_YET, "node " + site.self() + " has yet to join one");
    }
    if (identity.cluster() != null && !Optional.of(identity.cluster()).equals(site.cluster())) {
      return new Refusal(
          Reason.WRONG_CLUSTER,
          "node "
              + site.self()
              + " is of the cluster "
              + site.cluster().get()
              + ", not of "
              + identity.cluster());
    }
    if (peers.isRemoved(node)) {
      return new Refusal(Reason.REMOVED, "node " + node + " was removed from the cluster");
    }
    if (site.impairments.isCut(node)) {
      return new Refusal(Reason.LINK_CUT, "node " + site.self() + " has cut the link: heal it");
    }
    return null;
  }
}
