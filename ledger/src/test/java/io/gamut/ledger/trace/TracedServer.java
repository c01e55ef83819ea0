package io.gamut.ledger.trace;

import io.gamut.core.NodeId;
import io.gamut.ledger.LedgerEffects;
import io.gamut.ledger.LedgerInput;
import io.gamut.ledger.Outcome;
import io.gamut.ledger.log.AppliedPoint;
import io.gamut.ledger.log.Configuration;
import io.gamut.ledger.log.Entry;
import io.gamut.ledger.log.MemoryEntryLog;
import io.gamut.ledger.log.Participant;
import io.gamut.ledger.message.LedgerMessage;
import io.gamut.ledger.message.LedgerMessage.Inquiry;
import io.gamut.ledger.message.LedgerMessage.Testimony;
import io.gamut.ledger.message.LedgerRecord;
import io.gamut.ledger.raft.LedgerTiming;
import io.gamut.ledger.raft.RaftCore;
import io.gamut.ledger.raft.Recovery;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A server of a script, which writes down each effect. */
final class TracedServer implements LedgerEffects {
  private static final long MILLI = 1_000_000;

  final Participant id;
  private final List<String> trace;
  private final AppliedPoint base;
  private final List<LedgerRecord> journal = new ArrayList<>();
  private final TreeMap<Participant, List<LedgerMessage>> underWay = new TreeMap<>();
  private RaftCore core;
  private int durable;
  private int durableBefore;
  private long nanos;
  private long drawn;

  TracedServer(int node, Configuration configuration, List<String> trace) {
    id = new Participant(new NodeId(node), 1);
    this.trace = trace;
    base = new AppliedPoint(0, 0, configuration);
    core = start();
  }

  private RaftCore start() {
    Recovery recovery = new Recovery(new MemoryEntryLog(0, 0), base);
    journal.forEach(recovery::recover);
    recovery.finish(base);
    durableBefore = durable;
    RaftCore started = new RaftCore(id, LedgerTiming.DEFAULT, this::draw, recovery, 0);
    started.start(nanos, this);
    return started;
  }

  /** The longest patience, 319 ms, each time. */
  private long draw() {
    return 159 * MILLI + 160 * MILLI * ++drawn;
  }

  void restart() {
    journal.subList(durable, journal.size()).clear();
    underWay.clear();
    core = start();
  }

  void step(LedgerInput input) {
    core.step(input, nanos, this);
    core.flush(nanos, this);
  }

  void pass(long millis) {
    nanos += millis * MILLI;
    step(LedgerInput.Tick.TICK);
  }

  void sync() {
    durable = journal.size();
    step(new LedgerInput.Persisted(durable - durableBefore));
  }

  List<LedgerMessage> takeUnderWayTo(TracedServer to) {
    List<LedgerMessage> taken = underWay.remove(to.id);
    return taken == null ? List.of() : taken;
  }

  String state() {
    return (core.isLeader() ? "leads" : "follows " + name(core.leader()))
        + " in term "
        + core.term()
        + ", committed "
        + core.commitIndex()
        + " of "
        + core.lastIndex();
  }

  private static String name(@Nullable Participant participant) {
    return participant == null ? "nobody" : participant.node().toString();
  }

  private void say(String what) {
    trace.add("  " + id.node() + " " + what);
  }

  /** Incarnations are all the same here, and only in the way. */
  private static String plain(Object any) {
    return any.toString().replace("#1", "").replaceAll("life=-?\\d+, ", "");
  }

  @Override
  public void persist(LedgerRecord record) {
    journal.add(record);
    say("persists " + plain(record));
  }

  @Override
  public void send(Participant to, LedgerMessage message) {
    underWay.computeIfAbsent(to, _ -> new ArrayList<>()).add(message);
    if (!(message instanceof Inquiry || message instanceof Testimony)) {
      say("sends " + to.node() + " " + plain(message));
    }
  }

  @Override
  public void committed(List<Entry> entries) {
    entries.forEach(entry -> say("applies " + plain(entry)));
  }

  @Override
  public void proposed(long request, Outcome outcome) {
    say("answers " + request + " " + plain(outcome));
  }

  @Override
  public void readable(long request, long index) {
    say("may answer read " + request + " at " + index);
  }

  @Override
  public void unreadable(long request) {
    say("cannot answer read " + request);
  }

  @Override
  public void configured(Configuration configuration) {
    say("takes part with " + plain(configuration));
  }

  @Override
  public void led(@Nullable Participant leader, long term) {
    say("follows " + name(leader) + " in term " + term);
  }

  @Override
  public void needsSnapshot(Participant participant) {
    say("sees that " + participant.node() + " needs a snapshot");
  }

  @Override
  public void outdated() {
    say("finds its disk outdated");
  }
}
