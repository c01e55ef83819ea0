package io.gamut.overlay.net;

import io.gamut.core.ClusterId;
import io.gamut.overlay.Endpoint;
import io.gamut.overlay.Joined;
import io.gamut.overlay.OverlayException;
import io.gamut.overlay.Refusal;
import io.gamut.overlay.Timing;
import io.gamut.overlay.link.BackOff;
import io.gamut.overlay.wire.Message.Hello;
import io.netty.util.concurrent.Future;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A node without a cluster asks a member to be let in, until it is answered or turned away. */
final class Joining implements Dial.Outcome {
  private static final Logger LOG = LoggerFactory.getLogger(Joining.class);

  private final Site site;
  private final Links links;
  private final Peers peers;
  private final Endpoint contact;
  private final byte[] request;
  private final CompletableFuture<Joined> future;
  private final BackOff backOff;
  private @Nullable Dial dial;
  private @Nullable Future<?> retry;

  Joining(
      Site site,
      Links links,
      Peers peers,
      Endpoint contact,
      byte[] request,
      CompletableFuture<Joined> future) {
    this.site = site;
    this.links = links;
    this.peers = peers;
    this.contact = contact;
    this.request = request;
    this.future = future;
    this.backOff = new BackOff(site.timing().backOffMaxMillis(), site.dice.split());
  }

  void begin() {
    dial = Dial.start(site, contact, site.joinRequest(request), Timing.JOIN_MILLIS, this);
  }

  void cancel(String why) {
    if (dial != null) {
      dial.abandon();
    }
    if (retry != null) {
      retry.cancel(false);
    }
    future.completeExceptionally(
        new OverlayException("joining the cluster through " + contact + " was given up: " + why));
  }

  @Override
  public void onAnswered(Connection connection, Hello answer) {
    ClusterId cluster = answer.identity().cluster();
    if (cluster == null) {
      connection.close();
      onFailed("the answer names no cluster");
      return;
    }
    site.becomeMember(cluster);
    peers.add(answer.identity().node(), answer.identity().address());
    links.establish(connection, answer.identity());
    peers.onJoined();
    future.complete(new Joined(cluster, answer.identity().node(), answer.payload()));
  }

  @Override
  public void onRefused(Refusal refusal) {
    switch (refusal.reason()) {
      case NO_CLUSTER_YET, ALREADY_LINKED, LINK_CUT -> onFailed("not now: " + refusal);
      case WRONG_CLUSTER,
          WRONG_VERSION,
          OWN_ID,
          DUPLICATE_ID,
          JOIN_REFUSED,
          REMOVED,
          WRONG_NODE -> {
        LOG.warn("{} does not let this node join: {}", contact, refusal);
        site.notices.tell(listener -> listener.onRefused(contact, refusal));
        future.completeExceptionally(
            new OverlayException(contact + " does not let this node join: " + refusal, refusal));
      }
    }
  }

  @Override
  public void onFailed(String why) {
    LOG.debug("joining through {} failed for now: {}", contact, why);
    retry = site.after(backOff.nextMillis(), this::begin);
  }
}
