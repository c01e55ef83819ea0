package io.gamut.simulator.cluster;

import io.gamut.core.Change;
import io.gamut.core.Consistency;
import io.gamut.core.Dot;
import io.gamut.core.Ends;
import io.gamut.core.ErrorCode;
import io.gamut.core.HybridClock;
import io.gamut.core.Key;
import io.gamut.core.NodeId;
import io.gamut.core.Operation;
import io.gamut.core.OperationResult;
import io.gamut.core.Pair;
import io.gamut.core.Reply;
import io.gamut.core.Requirement;
import io.gamut.core.Version;
import io.gamut.ledger.log.Configuration;
import io.gamut.ledger.log.Entry;
import io.gamut.ledger.log.Participant;
import io.gamut.replication.committed.CommittedView;
import io.gamut.replication.committed.Row;
import io.gamut.replication.committed.StateMachine;
import io.gamut.replication.message.PeerMessage;
import io.gamut.replication.message.Update;
import io.gamut.simulator.Judge;
import io.gamut.simulator.Violation;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Holds a cluster against the invariants of DESIGN section 7, as things happen. What concerns weak
 * updates alone is left to the weak world's {@link Judge}; here is what concerns the ledger, and
 * what the two have to do with each other.
 */
final class ClusterJudge implements ReferenceLedger.Effects {
  private final Judge weak = new Judge();
  private final ReferenceLedger reference;
  private long heldBackMillis;
  private final Map<Long, Participant> leaders = new HashMap<>();
  private final Map<Operation, Asked> operations = new HashMap<>();
  private final Map<Long, Asked> byRequest = new TreeMap<>();
  private final Map<Version, Map<Key, Version>> pasts = new HashMap<>();

  /** A strong operation that a client has asked for. */
  private static final class Asked {
    final long request;
    final Map<Key, Version> seen;
    final Map<Key, Version> past;
    long index;
    @Nullable OperationResult result;
    boolean isRefused;
    boolean isAnswered;

    Asked(long request, Map<Key, Version> seen, Map<Key, Version> past) {
      this.request = request;
      this.seen = seen;
      this.past = past;
    }
  }

  ClusterJudge(Configuration bootstrapped) {
    reference = new ReferenceLedger(bootstrapped, this);
  }

  Judge weak() {
    return weak;
  }

  ReferenceLedger reference() {
    return reference;
  }

  // The ledger

  void onLed(Participant leader, long term) {
    Participant other = leaders.putIfAbsent(term, leader);
    if (other != null && !other.equals(leader)) {
      throw new Violation("one leader a term", leader + " and " + other + " in term " + term);
    }
  }

  /**
   * Somebody says that entries are committed.
   *
   * @param limitMillis what no right clock lets through
   */
  void onCommitted(List<Entry> entries, long nowNanos, long limitMillis) {
    entries.forEach(entry -> reference.onCommitted(entry, nowNanos));
    StateMachine machine = reference.machine();
    if (Math.max(HybridClock.millis(machine.latest()), machine.millis()) > limitMillis) {
      throw new Violation(
          "one bad clock does not drag the others",
          HybridClock.millis(machine.latest()) + ", " + machine.millis() + ", not " + limitMillis);
    }
  }

  /** How far ahead the stamps are that others hold back until their time comes; 0 for none. */
  long heldBackMillis() {
    return heldBackMillis;
  }

  /** A replica's committed state has moved, or was found on a disk. */
  void onState(NodeId node, StateMachine machine) {
    long index = machine.applied().index();
    if (index > reference.lastIndex()) {
      throw new Violation("nothing is applied that nobody committed", node + " at " + index);
    }
    if (machine.hash() != reference.hash(index)) {
      throw new Violation("same entries, same state", node + " differs at " + index);
    }
  }

  // Strong operations

  void onAsked(long request, Operation operation, Map<Key, Version> seen, Map<Key, Version> past) {
    Asked asked = new Asked(request, new HashMap<>(seen), new HashMap<>(past));
    if (operations.put(operation, asked) != null) {
      throw new IllegalStateException(operation + " is asked for twice");
    }
    byRequest.put(request, asked);
  }

  @Override
  public void executed(
      Operation operation,
      OperationResult result,
      long index,
      Function<Key, @Nullable Row> before) {
    Asked asked = operations.get(operation);
    if (asked == null) {
      return;
    }
    if (asked.index != 0) {
      throw new Violation(
          "an operation is executed once",
          "request " + asked.request + " at " + asked.index + " and " + index);
    }
    if (asked.isRefused) {
      throw new Violation("what was refused is not executed", "request " + asked.request);
    }
    asked.index = index;
    asked.result = result;
    requireCauses("request " + asked.request, asked.seen, index, before);
    for (OperationResult.Made made : OperationResult.made(operation, result)) {
      Version version = made.result().version();
      if (version != null && !(made.change() instanceof Change.Look)) {
        pasts.put(version, asked.past);
        Version known = asked.seen.get(made.change().key());
        if (known != null) {
          weak.onWritten("request " + asked.request, known, version);
        }
      }
    }
  }

  private void requireCauses(
      String effect, Map<Key, Version> causes, long index, Function<Key, @Nullable Row> before) {
    causes.forEach((key, version) -> {
      Row row = before.apply(key);
      if (!weak.isLost(version) && (row == null || version.isAfter(row.version()))) {
        throw new Violation(
            "in the ledger causes come first",
            effect + " at " + index + " where " + key + " is " + row + ", not " + version);
      }
    });
  }

  /** A request was answered to its client. */
  void onAnswered(long request, Reply reply) {
    Asked asked = byRequest.get(request);
    if (asked == null) {
      return;
    }
    if (asked.isAnswered) {
      throw new Violation("a request is answered once", "request " + request + ": " + reply);
    }
    asked.isAnswered = true;
    switch (reply) {
      case Reply.Executed(OperationResult result, long index) -> {
        if (!result.equals(asked.result) || index < asked.index) {
          throw new Violation(
              "the answer is what happened",
              "request %d: %s at %d, not %s at %d"
                  .formatted(request, result, index, asked.result, asked.index));
        }
      }
      case Reply.Failed(ErrorCode code, String _) -> {
        asked.isRefused = code != ErrorCode.UNKNOWN;
        if (asked.isRefused && asked.index != 0) {
          throw new Violation(
              "what was refused is not executed", "request " + request + " at " + asked.index);
        }
      }
      case Reply.Read _, Reply.Written _, Reply.Done _ ->
          throw new Violation("an operation is answered as one", reply.toString());
    }
  }

  // Weak updates

  /** A replica gives an update to its journal. */
  void onAccepted(Update update, long limitMillis) {
    long ahead = HybridClock.millis(update.version().timestamp()) - limitMillis;
    heldBackMillis = Math.max(heldBackMillis, ahead);
    weak.onAccepted(update);
    pasts.put(update.version(), weak.past(update.dot()));
  }

  /** A replica sends something to others. */
  void onSent(NodeId node, PeerMessage message) {
    if (message instanceof PeerMessage.Spread(List<Update> updates)) {
      updates.forEach(update -> weak.onSent(node, update));
    } else if (message instanceof PeerMessage.Batch sent) {
      sent.updates().forEach(update -> weak.onSent(node, update));
    }
  }

  @Override
  public void absorbed(Update update, long index, Function<Key, @Nullable Row> before) {
    if (!weak.isKnown(update)) {
      throw new Violation("what is absorbed was written", update.toString());
    }
    requireCauses(update.dot().toString(), weak.past(update.dot()), index, before);
  }

  /** What the writer of a pair had seen. */
  Map<Key, Version> past(Pair pair) {
    return pasts.getOrDefault(pair.version(), Map.of());
  }

  /**
   * A session has been told that something it depends on is lost.
   *
   * @param isMember whether a server's disk has not been given up
   */
  void requireLost(String client, Requirement everything, Predicate<NodeId> isMember) {
    Ends ends = reference.machine().ends();
    if (!everything.isLost(ends, null)) {
      throw new Violation("only what is void is lost", client + " " + everything + " " + ends);
    }
    everything
        .vector()
        .forEach((origin, last) -> {
          for (long sequence = last; sequence > ends.of(origin); sequence--) {
            Dot dot = new Dot(origin, sequence);
            if (weak.holders(dot).stream().anyMatch(isMember)) {
              throw new Violation("what a member holds is not lost", client + " " + dot);
            }
          }
        });
  }

  // Reads

  /** A weak read is answered at a server whose committed state holds this. */
  void onWeakRead(NodeId node, @Nullable Pair pair, CommittedView store) {
    if (pair != null) {
      Pair committed = store.lookup(pair.key());
      if (committed != null && committed.version().isAfter(pair.version())) {
        throw new Violation(
            "a view never shows less than what is committed there",
            node + " shows " + pair + ", not " + committed);
      }
    }
  }

  /**
   * A strong read is answered.
   *
   * @param least the index that must be in it, at least
   */
  void onStrongRead(String client, Key key, Reply.Read read, long least, Consistency level) {
    Pair pair = read.pair();
    if (read.index() < least || read.index() > reference.lastIndex()) {
      throw new Violation(
          "a " + level + " read is current",
          client + " reads " + key + " at " + read.index() + ", not at " + least);
    }
    Row row = reference.row(key, read.index());
    Row shown = pair == null ? null : new Row(pair.version(), pair.content());
    if (!ReferenceLedger.isSame(row, shown)) {
      throw new Violation(
          "a " + level + " read is of the ledger",
          client + " reads " + shown + " at " + key + ", not " + row + " of " + read.index());
    }
  }
}
