package io.gamut.overlay.net;

import io.gamut.core.NodeId;
import io.gamut.overlay.LinkFaults;
import io.gamut.overlay.OverlayException;
import io.gamut.overlay.Refusal;
import io.gamut.overlay.Timing;
import io.netty.util.concurrent.Future;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Carries out lab commands: see {@link LinkFaults}. */
final class Faults implements LinkFaults, Links.Observer {
  private final Site site;
  private final Links links;
  private final Peers peers;
  private final Gate gate;
  private final Map<NodeId, List<Healing>> healings = new HashMap<>();

  private record Healing(CompletableFuture<Void> future, Future<?> timer) {}

  Faults(Site site, Links links, Peers peers, Gate gate) {
    this.site = site;
    this.links = links;
    this.peers = peers;
    this.gate = gate;
  }

  @Override
  public CompletableFuture<Void> cut(NodeId neighbour) {
    return inLab("cut", neighbour, done -> cut(neighbour, done));
  }

  @Override
  public CompletableFuture<Void> heal(NodeId neighbour) {
    return inLab("heal", neighbour, done -> heal(neighbour, done));
  }

  @Override
  public CompletableFuture<Void> delay(NodeId neighbour, long millis) {
    if (millis < 0) {
      throw new IllegalArgumentException("a delay is not negative: " + millis + " ms");
    }
    return inLab(
        "delay",
        neighbour,
        done -> {
          site.impairments.delay(neighbour, TimeUnit.MILLISECONDS.toNanos(millis));
          done.complete(null);
        });
  }

  @Override
  public CompletableFuture<Void> loss(NodeId neighbour, double probability, long seed) {
    if (!(probability >= 0 && probability <= 1)) {
      throw new IllegalArgumentException("a probability is 0 to 1, not " + probability);
    }
    return inLab(
        "loss",
        neighbour,
        done -> {
          site.impairments.lose(neighbour, probability, seed);
          done.complete(null);
        });
  }

  @Override
  public void onLinkUp(Link link) {
    List<Healing> healed = healings.remove(link.peer());
    if (healed != null) {
      for (Healing healing : healed) {
        healing.timer.cancel(false);
        healing.future.complete(null);
      }
    }
  }

  private void cut(NodeId neighbour, CompletableFuture<Void> done) {
    site.impairments.cut(neighbour);
    peers.rest(neighbour);
    gate.turnAway(neighbour, new Refusal(Refusal.Reason.LINK_CUT, "the link has just been cut"));
    Link link = links.get(neighbour);
    if (link == null) {
      done.complete(null);
      return;
    }
    links.drop(link, false, "cut");
    link.channel().closeFuture().addListener(_ -> done.complete(null));
  }

  private void heal(NodeId neighbour, CompletableFuture<Void> done) {
    site.impairments.heal(neighbour);
    if (links.get(neighbour) != null) {
      done.complete(null);
      return;
    }
    Future<?> timer = site.after(Timing.HEAL_MILLIS, () -> giveUp(neighbour, done));
    healings.computeIfAbsent(neighbour, _ -> new ArrayList<>()).add(new Healing(done, timer));
    var _ = peers.dialNow(neighbour, Timing.HEAL_MILLIS);
  }

  private void giveUp(NodeId neighbour, CompletableFuture<Void> done) {
    done.completeExceptionally(
        new OverlayException(
            "the cut is lifted at node "
                + site.self()
                + ", but the link to node "
                + neighbour
                + " did not come up within "
                + Timing.HEAL_MILLIS
                + " ms; is it cut at the other end, or is that node down? Last dial: "
                + peers.lastFailure(neighbour)));
    List<Healing> pending = healings.get(neighbour);
    if (pending != null) {
      pending.removeIf(healing -> healing.future.isDone());
    }
  }

  private CompletableFuture<Void> inLab(
      String what, NodeId neighbour, Consumer<CompletableFuture<Void>> action) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    if (!site.config.labEnabled()) {
      done.completeExceptionally(
          new OverlayException(
              "cannot "
                  + what
                  + " the link to node "
                  + neighbour
                  + ": node "
                  + site.self()
                  + " runs without --lab; start it with that flag"));
    } else if (site.loop.inEventLoop()) {
      action.accept(done);
    } else {
      site.loop.execute(() -> action.accept(done));
    }
    return done;
  }
}
