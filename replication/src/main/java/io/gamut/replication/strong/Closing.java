package io.gamut.replication.strong;

import io.gamut.core.Ends;
import io.gamut.core.Origin;
import io.gamut.core.VersionVector;
import io.gamut.ledger.log.Configuration;
import io.gamut.ledger.log.Participant;
import io.gamut.replication.Now;
import io.gamut.replication.committed.Command.Close;
import io.gamut.replication.committed.StateMachine;
import io.gamut.replication.strong.StrongMessage.Holdings;
import io.gamut.replication.strong.StrongMessage.Inquiry;
import java.util.ArrayList;
import java.util.NavigableSet;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Closes the origins of lost disks: the leader asks every member what it holds of one disk's
 * updates, and has the ledger end each origin at the highest sequence that anybody holds.
 *
 * <p><b>Why nothing is void whose dependant's replica is a member.</b> Who answers has, durably,
 * stopped taking more of these updates, until the closing has taken effect. So what it says is all
 * that it holds when the origin ends, and whatever it holds lies up to the end. The state machine
 * sees to it that everybody was asked who is a member at that moment; who becomes one later has
 * taken nothing before.
 *
 * <p>Nothing here is kept: another leader asks again, and is answered the same.
 */
final class Closing {
  private static final long REPEAT_NANOS = 50_000_000;

  private final StateMachine machine;
  private final Holder holder;
  private final TreeMap<Participant, Ends> answers = new TreeMap<>();
  private @Nullable Participant gone;
  private long round;
  private long nextNanos;

  /** What this replica's own weak world holds. */
  interface Holder {
    /** Whether nothing more is taken of a lost disk, durably, until it was closed so often. */
    boolean isFenced(long incarnation, long round);

    /** Have nothing more taken from now on. */
    void setFence(long incarnation, long round);

    /** All that others may rely on. */
    VersionVector held();
  }

  Closing(StateMachine machine, Holder holder, Now now) {
    this.machine = machine;
    this.holder = holder;
    nextNanos = now.nanos();
  }

  // Asked

  /** What is held of a lost disk's updates; null as long as more may come. */
  @Nullable Ends onInquiry(Inquiry inquiry) {
    long incarnation = inquiry.gone().incarnation();
    if (!holder.isFenced(incarnation, inquiry.round())) {
      holder.setFence(incarnation, inquiry.round());
      return null;
    }
    TreeMap<Origin, Long> held = new TreeMap<>();
    holder
        .held()
        .forEach((origin, last) -> {
          if (origin.isOf(incarnation)) {
            held.put(origin, last);
          }
        });
    return new Ends(held);
  }

  // Asking

  void onHoldings(Holdings holdings) {
    if (holdings.gone().equals(gone) && holdings.round() == round) {
      answers.put(holdings.holder(), holdings.held());
    }
  }

  /**
   * Goes on with it, while this replica leads.
   *
   * @param latest the configuration that may be in force next
   */
  void lead(
      Participant self, Configuration latest, Now now, OwnLedger ledger, StrongEffects effects) {
    Participant next = machine.toClose();
    long nextRound = next == null ? 0 : machine.lost().roundOf(next.incarnation()) + 1;
    if (next == null || !next.equals(gone) || nextRound != round) {
      gone = next;
      round = nextRound;
      answers.clear();
    }
    if (next == null || now.nanos() - nextNanos < 0) {
      return;
    }
    nextNanos = now.nanos() + REPEAT_NANOS;
    Inquiry inquiry = new Inquiry(next, round);
    NavigableSet<Participant> members = latest.everyone();
    members.addAll(machine.applied().configuration().everyone());
    for (Participant member : members) {
      if (member.equals(self)) {
        Ends own = onInquiry(inquiry);
        if (own != null) {
          answers.put(self, own);
        }
      } else if (!answers.containsKey(member)) {
        effects.tell(member.node(), inquiry);
      }
    }
    if (answers.keySet().containsAll(members)) {
      ledger.propose(new Close(next, round, highest(members), new ArrayList<>(members)));
    }
  }

  private Ends highest(NavigableSet<Participant> members) {
    TreeMap<Origin, Long> highest = new TreeMap<>();
    for (Participant member : members) {
      Ends held = answers.getOrDefault(member, Ends.NONE);
      held.byOrigin().forEach((origin, last) -> highest.merge(origin, last, Math::max));
    }
    return new Ends(highest);
  }
}
