package io.gamut.simulator;

import io.gamut.core.NodeId;
import io.gamut.ledger.LedgerEffects;
import io.gamut.ledger.LedgerInput;
import io.gamut.ledger.MemberChange;
import io.gamut.ledger.Outcome;
import io.gamut.ledger.log.AppliedPoint;
import io.gamut.ledger.log.Configuration;
import io.gamut.ledger.log.Entry;
import io.gamut.ledger.log.MemoryEntryLog;
import io.gamut.ledger.log.Participant;
import io.gamut.ledger.message.LedgerMessage;
import io.gamut.ledger.message.LedgerRecord;
import io.gamut.ledger.raft.LedgerTiming;
import io.gamut.ledger.raft.RaftCore;
import io.gamut.ledger.raft.Recovery;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A participant of which a test does everything by hand: it delivers each message, ends each write
 * to the disk and moves the clock. For schedules that a seed would seldom meet.
 */
final class LedgerByHand implements LedgerEffects {
  private static final long MILLI = 1_000_000;

  /** Longer than a leader is believed in after it was heard, shorter than anybody's patience. */
  static final long DOUBT_MILLIS = 200;

  /** Longer than anybody's patience. */
  static final long ELECTION_MILLIS = 330;

  private static final int ROUNDS_MAX = 100;

  final Participant id;
  private final AppliedPoint base;
  private final List<LedgerRecord> journal = new ArrayList<>();
  private final TreeMap<Participant, List<LedgerMessage>> underWay = new TreeMap<>();
  private final Map<Long, Outcome> outcomes = new TreeMap<>();
  private final Map<Long, Long> readable = new TreeMap<>();
  final List<Entry> applied = new ArrayList<>();
  RaftCore core;
  private int durable;
  private int durableBefore;
  private long nanos = 1;
  private long requests;
  private long drawn;
  private AppliedPoint saved;
  private boolean isOutdated;

  /** A participant of a cluster of so many voters, numbered from 1. */
  LedgerByHand(int node, int voters) {
    this(node, 1, new AppliedPoint(0, 0, voters(voters)));
  }

  LedgerByHand(int node, long incarnation, AppliedPoint base) {
    id = new Participant(new NodeId(node), incarnation);
    this.base = base;
    saved = base;
    core = begin();
  }

  static Participant participant(int node) {
    return new Participant(new NodeId(node), 1);
  }

  static Configuration voters(int count) {
    Configuration voters = Configuration.NOBODY;
    for (int node = 1; node <= count; node++) {
      voters = voters.withVoter(participant(node));
    }
    return voters;
  }

  /** The first of them leads, and all have applied what it wrote. */
  static LedgerByHand[] cluster(int voters) {
    LedgerByHand[] all = new LedgerByHand[voters];
    for (int node = 1; node <= voters; node++) {
      all[node - 1] = new LedgerByHand(node, voters);
    }
    exchange(all);
    all[0].stand();
    exchange(all);
    heartbeat(all);
    if (!all[0].core.isLeader()) {
      throw new AssertionError("the first should lead");
    }
    return all;
  }

  /** Leaders tell the others what is new, and that they are there. */
  static void heartbeat(LedgerByHand... connected) {
    for (LedgerByHand server : connected) {
      server.pass(40);
    }
    exchange(connected);
  }

  // Life and death

  private RaftCore begin() {
    Recovery recovery = new Recovery(new MemoryEntryLog(base.index(), base.term()), base);
    journal.forEach(recovery::recover);
    recovery.finish(saved);
    durableBefore = durable;
    RaftCore begun = new RaftCore(id, LedgerTiming.DEFAULT, this::draw, recovery, saved.index());
    core = begun;
    begun.start(nanos, this);
    return begun;
  }

  /** Always another number, and always nearly the longest patience. */
  private long draw() {
    return 159 * MILLI + 160 * MILLI * ++drawn;
  }

  /**
   * Dies with what was not synced, and with all that was under way from it; starts again, and gives
   * the others the time to say what they remember of it.
   */
  void restart() {
    revive();
    receive(participant(id.node().value() % 2 + 1), new LedgerMessage.Outdated(0));
    nanos += DOUBT_MILLIS * MILLI;
  }

  private void revive() {
    journal.subList(durable, journal.size()).clear();
    underWay.clear();
    applied.clear();
    nanos += MILLI;
    core = begin();
  }

  /** How much is on the disk now, to be brought back later. */
  int copyDisk() {
    return durable;
  }

  /** Dies, and starts again with its disk as it was. */
  void restartFrom(int copy) {
    journal.subList(copy, journal.size()).clear();
    durable = copy;
    revive();
  }

  /** Whether it has found out that its disk is an older copy. */
  boolean isOutdated() {
    return isOutdated;
  }

  void save(AppliedPoint point) {
    saved = point;
  }

  // Inputs

  void step(LedgerInput input) {
    core.step(input, nanos, this);
  }

  /** Lets time pass. */
  void pass(long millis) {
    nanos += millis * MILLI;
    step(LedgerInput.Tick.TICK);
    flush();
  }

  /** Loses patience. */
  void stand() {
    pass(ELECTION_MILLIS);
  }

  /** Was not heard lately by this one, which goes on waiting. */
  void doubt() {
    nanos += DOUBT_MILLIS * MILLI;
  }

  void flush() {
    core.flush(nanos, this);
  }

  /** All that was given to the disk becomes durable. */
  void sync() {
    durable = journal.size();
    step(new LedgerInput.Persisted(durable - durableBefore));
  }

  boolean isSynced() {
    return durable == journal.size();
  }

  long propose(String text) {
    byte[] bytes = text.getBytes(java.nio.charset.StandardCharsets.UTF_8);
    step(new LedgerInput.Propose(++requests, new Entry.Command(bytes)));
    flush();
    return requests;
  }

  long change(MemberChange change) {
    step(new LedgerInput.Change(++requests, change));
    flush();
    return requests;
  }

  /** Asks for a read; rounds begin with the next message. */
  long read() {
    step(new LedgerInput.Read(++requests));
    flush();
    return requests;
  }

  void install(AppliedPoint snapshot) {
    saved = snapshot;
    step(new LedgerInput.Installed(snapshot));
  }

  void receive(Participant from, LedgerMessage message) {
    step(new LedgerInput.Received(from, message));
  }

  // The network

  /** Delivers all that is under way to another, and nothing that comes of it. */
  void deliver(LedgerByHand to) {
    flush();
    take(to.id).forEach(message -> to.receive(id, message));
  }

  /** All that is under way to another, which will not get it. */
  List<LedgerMessage> take(Participant to) {
    List<LedgerMessage> taken = underWay.remove(to);
    return taken == null ? List.of() : taken;
  }

  /** Delivers messages and ends writes until nothing is under way among these any more. */
  static void exchange(LedgerByHand... connected) {
    for (int round = 0; round < ROUNDS_MAX; round++) {
      boolean isQuiet = true;
      for (LedgerByHand server : connected) {
        isQuiet &= server.isSynced();
        server.sync();
        server.flush();
        for (LedgerByHand other : connected) {
          isQuiet &= !server.underWay.containsKey(other.id);
          server.deliver(other);
        }
      }
      if (isQuiet) {
        return;
      }
    }
    throw new AssertionError("these never fall silent");
  }

  // What has come of it

  @Nullable Outcome outcome(long request) {
    return outcomes.get(request);
  }

  boolean isCommitted(long request) {
    return outcomes.get(request) instanceof Outcome.Committed;
  }

  @Nullable Long readableAt(long request) {
    return readable.get(request);
  }

  boolean hasApplied(String text) {
    byte[] bytes = text.getBytes(java.nio.charset.StandardCharsets.UTF_8);
    return applied.stream().anyMatch(each -> each.body().equals(new Entry.Command(bytes)));
  }

  // Effects

  @Override
  public void persist(LedgerRecord record) {
    journal.add(record);
  }

  @Override
  public void send(Participant to, LedgerMessage message) {
    underWay.computeIfAbsent(to, _ -> new ArrayList<>()).add(message);
  }

  @Override
  public void committed(List<Entry> entries) {
    applied.addAll(entries);
  }

  @Override
  public void proposed(long request, Outcome outcome) {
    outcomes.put(request, outcome);
  }

  @Override
  public void readable(long request, long index) {
    readable.put(request, index);
  }

  @Override
  public void unreadable(long request) {}

  @Override
  public void configured(Configuration configuration) {}

  @Override
  public void led(@Nullable Participant leader, long term) {}

  @Override
  public void needsSnapshot(Participant participant) {}

  @Override
  public void outdated() {
    isOutdated = true;
  }
}
