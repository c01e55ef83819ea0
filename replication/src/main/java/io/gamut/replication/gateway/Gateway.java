package io.gamut.replication.gateway;

import io.gamut.core.Ends;
import io.gamut.core.HybridClock;
import io.gamut.core.NodeId;
import io.gamut.core.Reply;
import io.gamut.replication.Entropy;
import io.gamut.replication.Now;
import io.gamut.replication.message.MemberTable;
import io.gamut.replication.remote.Answered;
import io.gamut.replication.remote.Listed.Found;
import io.gamut.replication.remote.Question;
import io.gamut.replication.remote.RemoteMessage;
import io.gamut.replication.remote.RemoteMessage.Ask;
import io.gamut.replication.remote.RemoteMessage.Declined;
import io.gamut.replication.remote.RemoteMessage.Hail;
import io.gamut.replication.remote.RemoteMessage.Hailed;
import io.gamut.replication.remote.RemoteMessage.Told;
import io.gamut.replication.remote.RemoteMessage.ToldPairs;
import io.gamut.replication.remote.Standing;
import io.gamut.replication.strong.StrongMessage;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A node without data: has servers answer its clients, and hides from them that servers fail.
 *
 * <p>A pure state machine, as {@link io.gamut.replication.Replica} is. {@link Servers} knows the
 * servers, {@link Errands} has them answer questions, {@link Operations} has the ledger do strong
 * operations. What a session has met travels with each of its requests, so nothing of it is kept
 * here, and any gateway can go on with it.
 *
 * <p>Inputs are taken in turns: several steps, then {@link #endTurn}. Thread rules: one thread.
 */
public final class Gateway {
  private static final long TICK_NANOS = 20_000_000;

  /** Between two questions how the servers stand, in calm weather. */
  private static final long HAIL_NANOS = 200_000_000;

  private final Servers servers;
  private final HybridClock clock = new HybridClock();
  private final Errands errands;
  private final Operations operations;
  private MemberTable members = MemberTable.EMPTY;
  private long nextTickNanos;
  private long nextHailNanos;

  public Gateway(Entropy entropy, Now now) {
    servers = new Servers(entropy);
    errands = new Errands(servers, clock, entropy, new Deliver());
    operations = new Operations(servers, clock, entropy, now);
    nextTickNanos = now.nanos();
    nextHailNanos = now.nanos();
  }

  /** Takes one input and says what is to be done because of it. */
  public void step(GatewayInput input, Now now, GatewayEffects effects) {
    switch (input) {
      case GatewayInput.Ask(long request, Lane lane, Question question) ->
          errands.begin(lane, new Errand.Purpose.OfRequest(request), question, now, effects);
      case GatewayInput.Execute(Lane lane, var execute) ->
          operations.take(
              lane,
              execute,
              (held, question) ->
                  errands.begin(lane, new Errand.Purpose.OfHeld(held), question, now, effects),
              now,
              effects);
      case GatewayInput.Heard(NodeId from, RemoteMessage message) ->
          onHeard(from, message, now, effects);
      case GatewayInput.HeardOfLedger(NodeId from, StrongMessage message) ->
          onHeardOfLedger(from, message, now, effects);
      case GatewayInput.Reachable(Set<NodeId> nodes) -> onReachable(nodes, now, effects);
      case GatewayInput.Suspected(NodeId node, boolean isSuspected) -> {
        servers.onSuspected(node, isSuspected);
        if (isSuspected) {
          errands.onLost(node, now, effects);
          hailSoon(now);
        }
      }
      case GatewayInput.Tick.TICK -> {}
    }
    if (now.nanos() - nextTickNanos >= 0) {
      nextTickNanos = now.nanos() + TICK_NANOS;
      errands.retryIdle(now, effects);
      errands.onTime(now, effects);
      operations.onTime(now, effects);
    }
  }

  /** Sends and offers what has gathered over several steps; to be called at the end of a turn. */
  public void endTurn(Now now, GatewayEffects effects) {
    if (now.nanos() - nextHailNanos >= 0) {
      // While nobody is known to lead, requests may be waiting for whoever will.
      nextHailNanos = now.nanos() + (operations.hasLeader() ? HAIL_NANOS : TICK_NANOS);
      servers.all().forEach(node -> effects.send(node, new Hail(now.nanos())));
    }
    operations.advance(now, effects);
  }

  private void hailSoon(Now now) {
    nextHailNanos = now.nanos();
  }

  // What is heard

  private void onReachable(Set<NodeId> nodes, Now now, GatewayEffects effects) {
    Set<NodeId> lost = new HashSet<>(servers.all());
    lost.removeAll(nodes);
    servers.onReachable(nodes, now);
    lost.forEach(node -> errands.onLost(node, now, effects));
    hailSoon(now);
  }

  private void onHeard(NodeId from, RemoteMessage message, Now now, GatewayEffects effects) {
    switch (message) {
      case Told(long number, Reply reply) -> errands.onTold(from, number, reply, now, effects);
      case ToldPairs(long number, Found found) -> errands.onListed(from, number, found, effects);
      case Declined(long number) -> errands.onDeclined(from, number, now, effects);
      case Hailed(long nanos, Standing standing) -> {
        servers.onStanding(from, standing, nanos, now);
        if (Errands.isNear(standing.clock(), now) && !servers.isClockOff(now)) {
          clock.observe(standing.clock());
        }
        onMembers(standing.members(), effects);
        errands.retryIdle(now, effects);
      }
      case Ask _, Hail _, RemoteMessage.Announced _, RemoteMessage.ToldSight _ -> {} // for others
    }
  }

  /** Each server knows of each member's changes sooner or later; the later ones win. */
  private void onMembers(MemberTable told, GatewayEffects effects) {
    MemberTable joined = members.merge(told.members());
    if (!joined.equals(members)) {
      members = joined;
      effects.membersChanged(joined);
    }
  }

  private void onHeardOfLedger(
      NodeId from, StrongMessage message, Now now, GatewayEffects effects) {
    switch (message) {
      case StrongMessage.Executed executed -> operations.onExecuted(from, executed, now, effects);
      case StrongMessage.Declined declined -> {
        if (operations.onDeclined(declined, now)) {
          hailSoon(now);
        }
      }
      default -> {} // for servers
    }
  }

  /** Gives the answers to whom they belong. */
  private final class Deliver implements Errands.Ended {
    @Override
    public void replied(Errand errand, Answered<Reply> answer, GatewayEffects effects) {
      switch (errand.purpose) {
        case Errand.Purpose.OfRequest(long request) -> effects.answer(request, answer);
        case Errand.Purpose.OfHeld(Lane.Held held) ->
            operations.onAsked(errand.lane, held, answer, effects);
      }
    }

    @Override
    public void listed(Errand errand, Answered<Found> answer, GatewayEffects effects) {
      if (errand.purpose instanceof Errand.Purpose.OfRequest(long request)) {
        effects.listed(request, answer);
      }
    }
  }

  // What the outside may look at

  /** The ends of origins whose disk is gone for good, as far as is known. */
  public Ends ends() {
    return servers.ends();
  }

  /** How the nearest server stands; null while none has said. */
  public @Nullable Standing nearest(Now now) {
    return servers.nearest(now);
  }

  /** Which server is the nearest; null while none has said how it stands. */
  public @Nullable NodeId nearestServer(Now now) {
    return servers.nearestServer(now);
  }

  /** Whether so many questions are under way that soon there would be no place for more. */
  public boolean isCrowded() {
    return errands.count() > Errands.UNDER_WAY_MAX / 2;
  }

  /** How many bytes of requests are under way. */
  public long bytes() {
    return errands.bytes() + operations.waitingBytes();
  }

  /** When {@link GatewayInput.Tick} must come at the latest, unless another input does. */
  public long wakeAtNanos() {
    boolean isIdle = errands.isEmpty() && operations.isEmpty();
    return isIdle || nextHailNanos - nextTickNanos < 0 ? nextHailNanos : nextTickNanos;
  }
}
