package io.gamut.simulator;

import io.gamut.ledger.log.Configuration;
import io.gamut.ledger.log.Entry;
import io.gamut.ledger.log.Participant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Holds what the ledgers of a simulated world do against the first invariant of DESIGN section 7,
 * as it happens. It believes nothing that a participant says of itself: what is durable is what the
 * simulated disks have.
 */
final class LedgerJudge {
  private final Map<Long, Participant> leaders = new HashMap<>();
  private final List<Entry> committed = new ArrayList<>();
  private final Map<Long, Long> floors = new HashMap<>();
  private final Map<Long, Entry.Command> proposals = new HashMap<>();
  private final List<Configuration> configurations = new ArrayList<>();

  /** Tells what the disks hold. */
  interface Disks {
    /** What the participants take for the configuration in force, each its own. */
    List<Configuration> configurations();

    /** Whether a participant's disk has this entry, durably. */
    boolean hasDurably(Participant participant, Entry entry);
  }

  /** A participant says that it leads. */
  void onLed(Participant leader, long term) {
    Participant other = leaders.putIfAbsent(term, leader);
    if (other != null && !other.equals(leader)) {
      throw new Violation("one leader a term", leader + " and " + other + " in term " + term);
    }
  }

  /** A participant is about to apply an entry, the next after {@code applied}. */
  void onCommitted(Participant participant, long applied, Entry entry, Disks disks) {
    if (entry.index() != applied + 1) {
      throw new Violation(
          "entries are applied in order", participant + " applies " + entry + " after " + applied);
    }
    if (entry.index() <= committed.size()) {
      Entry known = committed.get((int) entry.index() - 1);
      if (!known.equals(entry)) {
        throw new Violation(
            "committed prefixes agree", participant + " has " + entry + ", another " + known);
      }
      return;
    }
    committed.add(entry);
    if (entry.body() instanceof Entry.Reconfigured(Configuration configuration)) {
      configurations.add(configuration);
    }
    requireMajority(participant, entry, disks);
  }

  /** Of one that may be in force: the last ones that were committed, and what any log ends with. */
  private void requireMajority(Participant participant, Entry entry, Disks disks) {
    List<Configuration> inForce = new ArrayList<>(configurations());
    inForce.addAll(disks.configurations());
    for (Configuration configuration : inForce) {
      List<Participant> having =
          configuration.voters().stream().filter(each -> disks.hasDurably(each, entry)).toList();
      if (configuration.isMajority(having)) {
        return;
      }
    }
    throw new Violation(
        "what is committed is on the disks of a majority", participant + " applies " + entry);
  }

  /** The configuration that the world begins with. */
  void onBootstrapped(Configuration configuration) {
    configurations.add(configuration);
  }

  /** The configuration that was committed last, and the one before it. */
  List<Configuration> configurations() {
    int last = configurations.size() - 1;
    return configurations.subList(Math.max(0, last - 1), last + 1);
  }

  /** How much is known to be committed by anybody. */
  long committedIndex() {
    return committed.size();
  }

  Entry committed(long index) {
    return committed.get((int) index - 1);
  }

  void onProposed(long request, Entry.Command command) {
    proposals.put(request, command);
  }

  /** A proposal was answered: it must be what stands at its index. */
  void onAcknowledged(long request, long index) {
    Entry.Command command = proposals.get(request);
    boolean isChange = command == null;
    if (index > committed.size() || !(isChange || committed(index).body().equals(command))) {
      throw new Violation(
          "an acknowledged write is in the ledger", "request " + request + " at " + index);
    }
  }

  /** Somebody asks for a read: what anybody has applied by now must be in it. */
  void onReadAsked(long request) {
    floors.put(request, (long) committed.size());
  }

  void onReadable(Participant participant, long request, long index) {
    Long floor = floors.get(request);
    if (floor != null && index < floor) {
      throw new Violation(
          "a read sees what was committed before it",
          participant + " reads at " + index + ", not at " + floor);
    }
  }
}
