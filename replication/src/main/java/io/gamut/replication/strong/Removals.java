package io.gamut.replication.strong;

import io.gamut.core.ErrorCode;
import io.gamut.core.NodeId;
import io.gamut.core.Reply;
import io.gamut.ledger.log.Configuration;
import io.gamut.ledger.log.Participant;
import io.gamut.replication.Now;
import io.gamut.replication.committed.Command.Condemn;
import io.gamut.replication.committed.StateMachine;
import io.gamut.replication.strong.StrongMessage.Removal;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Members that are given up, with their disks: by an operator's word, or because their server has
 * another disk by now. The ledger is told first ({@link Condemn}); so whoever leads next goes on,
 * takes them out of the configuration and has their origins {@linkplain Closing closed}.
 */
final class Removals {
  private static final int WAITING_MAX = 100;
  private static final long REPEAT_NANOS = 100_000_000;

  private final Participant self;
  private final StateMachine machine;
  private final TreeMap<Participant, Long> asked = new TreeMap<>();
  private List<Waiting> waiting = new ArrayList<>();
  private long nextNanos;

  /** An operator's request, and the disk that the server had then. */
  private record Waiting(StrongInput.Remove removal, Participant member) {}

  Removals(Participant self, StateMachine machine, Now now) {
    this.self = self;
    this.machine = machine;
    nextNanos = now.nanos();
  }

  /** An operator wants a server removed; answers why not, if so. */
  void request(StrongInput.Remove removal, @Nullable NodeId leader, StrongEffects effects) {
    NodeId node = removal.node();
    Participant member = member(node);
    Reply.Failed refusal = null;
    if (node.equals(self.node())) {
      refusal = failed("a server does not remove itself: let it leave, with GAMUT LEAVE");
    } else if (member == null && machine.isForgotten(node)) {
      effects.reply(removal.request(), new Reply.Done());
      return;
    } else if (member == null) {
      refusal = failed("server " + node + " is not a member: " + configuration());
    } else if (node.equals(leader)) {
      refusal = failed("server " + node + " leads, so it is there: let it leave, with GAMUT LEAVE");
    } else if (waiting.size() >= WAITING_MAX) {
      refusal = new Reply.Failed(ErrorCode.BUSY, "too many removals are under way");
    }
    if (refusal != null || member == null) {
      effects.reply(removal.request(), Objects.requireNonNull(refusal));
    } else {
      waiting.add(new Waiting(removal, member));
    }
  }

  private static Reply.Failed failed(String reason) {
    return new Reply.Failed(ErrorCode.ERR, reason);
  }

  private Configuration configuration() {
    return machine.applied().configuration();
  }

  /** A server's disk: that of a member, or one that was given up for another that never came. */
  private @Nullable Participant member(NodeId node) {
    List<Participant> known = new ArrayList<>(configuration().everyone());
    machine.gone().stream().filter(gone -> !machine.isForgotten(gone)).forEach(known::add);
    for (Participant each : known) {
      if (each.node().equals(node)) {
        return each;
      }
    }
    return null;
  }

  /** Somebody's operator wants a server removed: counts while this replica leads. */
  void onAsked(Participant member, Now now) {
    if (asked.size() < WAITING_MAX && !member.equals(self)) {
      asked.put(member, now.nanos());
    }
  }

  /** Repeats what operators here want, and answers them. */
  void advance(Now now, StrongEffects effects) {
    if (waiting.isEmpty()) {
      return;
    }
    boolean isDue = now.nanos() - nextNanos >= 0;
    nextNanos = isDue ? now.nanos() + REPEAT_NANOS : nextNanos;
    List<Waiting> all = waiting;
    waiting = new ArrayList<>();
    for (Waiting each : all) {
      Participant member = each.member;
      if (machine.isForgotten(member) && !configuration().contains(member)) {
        effects.reply(each.removal.request(), new Reply.Done());
      } else if (now.nanos() - each.removal.deadlineNanos() >= 0) {
        String reason = "server " + member.node() + " is not removed yet: is a majority here?";
        effects.reply(each.removal.request(), new Reply.Failed(ErrorCode.NOQUORUM, reason));
      } else {
        waiting.add(each);
        if (isDue) {
          onAsked(member, now);
          effects.tellAll(new Removal(member));
        }
      }
    }
  }

  /** The leader has the ledger told of what is given up. */
  void lead(@Nullable Participant replaced, Now now, OwnLedger ledger) {
    asked.values().removeIf(heard -> now.nanos() - heard > 10 * REPEAT_NANOS);
    for (Participant each : asked.keySet()) {
      boolean isKnown = configuration().contains(each) || machine.isGone(each);
      if (isKnown && !machine.isForgotten(each)) {
        ledger.propose(new Condemn(each, true));
      }
    }
    if (replaced != null && configuration().contains(replaced)) {
      ledger.propose(new Condemn(replaced, false));
    }
  }
}
