package io.gamut.simulator;

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
import io.gamut.ledger.message.LedgerRecord;
import io.gamut.ledger.raft.LedgerTiming;
import io.gamut.ledger.raft.RaftCore;
import io.gamut.ledger.raft.Recovery;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * A participant of a simulated ledger: the real core, on a disk that loses what was not synced,
 * with a state machine that only remembers how far it has applied.
 */
final class LedgerServer implements LedgerEffects {
  private static final long MILLI = 1_000_000;

  private final LedgerWorld world;
  private final LedgerJudge judge;
  private final SplittableRandom random;
  private final LedgerTiming timing;
  final NodeId node;

  private Participant id;
  private final List<LedgerRecord> journal = new ArrayList<>();
  private final Map<Participant, Disk> lostDisks = new HashMap<>();
  private int durableRecords;
  private AppliedPoint journalBase;
  private AppliedPoint saved;
  private AppliedPoint applied;

  private @Nullable RaftCore core;
  private int life;
  private long recordsBefore;
  private boolean isSyncing;
  private boolean isFlushDue;
  private int effectsUntilCrash = -1;

  LedgerServer(
      LedgerWorld world,
      LedgerJudge judge,
      SplittableRandom random,
      NodeId node,
      Configuration bootstrapped,
      int batchBytes) {
    this.world = world;
    this.judge = judge;
    this.random = random;
    this.node = node;
    id = new Participant(node, 1);
    timing =
        new LedgerTiming(
            20 * MILLI, 80 * MILLI, 160 * MILLI, 60 * MILLI, 0, batchBytes, 4_096, 4, 64 << 10);
    journalBase = new AppliedPoint(0, 0, bootstrapped);
    saved = journalBase;
    applied = journalBase;
  }

  Participant id() {
    return id;
  }

  boolean isUp() {
    return core != null;
  }

  int life() {
    return life;
  }

  RaftCore core() {
    if (core == null) {
      throw new IllegalStateException("participant " + id + " is down");
    }
    return core;
  }

  long appliedIndex() {
    return applied.index();
  }

  // The disk

  /** What a restart would find of the log. */
  private Recovery recovered() {
    Recovery recovery =
        new Recovery(new MemoryEntryLog(journalBase.index(), journalBase.term()), journalBase);
    journal.subList(0, durableRecords).forEach(recovery::recover);
    return recovery;
  }

  /** What it believes, or would after a start. */
  Configuration configuration() {
    if (core != null) {
      return core.configuration();
    }
    Recovery recovery = recovered();
    recovery.finish(saved);
    return recovery.configuration();
  }

  /** Whether a participant has, or had on a disk that was lost since, this entry durably. */
  boolean hasDurably(Participant participant, Entry entry) {
    if (participant.equals(id)) {
      return new Disk(saved, journal.subList(0, durableRecords)).has(entry);
    }
    Disk lost = lostDisks.get(participant);
    return lost != null && lost.has(entry);
  }

  /** What is durable. */
  private record Disk(AppliedPoint saved, List<LedgerRecord> records) {
    boolean has(Entry entry) {
      boolean has = entry.index() <= saved.index();
      for (LedgerRecord record : records) {
        if (record instanceof LedgerRecord.Entries(List<Entry> entries)
            && entries.getFirst().index() <= entry.index()) {
          has = entries.contains(entry) || entry.index() <= saved.index();
        } else if (record instanceof LedgerRecord.Restarted(AppliedPoint snapshot)) {
          has |= snapshot.index() >= entry.index();
        }
      }
      return has;
    }
  }

  /** The state machine's part of the disk, and the journal behind it. */
  void checkpoint() {
    if (core != null) {
      saved = applied;
    }
  }

  /** Forgets what lies before the last checkpoint. */
  void compact() {
    if (core != null && saved.index() > journalBase.index() && !isRestarting()) {
      journalBase = saved;
      step(new LedgerInput.Snapshotted(saved.index()));
    }
  }

  /**
   * Whether the record of a log that begins anew may still be lost: the records before it must then
   * not be read behind the new base, whose entries they do not follow.
   */
  private boolean isRestarting() {
    return journal.subList(durableRecords, journal.size()).stream()
        .anyMatch(record -> record instanceof LedgerRecord.Restarted);
  }

  /** What it would send as a snapshot. */
  AppliedPoint snapshot() {
    return saved;
  }

  // Life and death

  void start() {
    life++;
    Recovery recovery = recovered();
    recovery.finish(saved);
    applied = saved;
    recordsBefore = durableRecords;
    core = new RaftCore(id, timing, random::nextLong, recovery, saved.index());
    guarded(() -> core().start(now(), this));
  }

  private long now() {
    return world.nanosAt(this);
  }

  void crashAfter(int effects) {
    effectsUntilCrash = effects;
    if (effects == 0) {
      crash();
    }
  }

  void spare() {
    effectsUntilCrash = -1;
  }

  /** Of what was not synced some may be on the disk all the same: a prefix. */
  private void crash() {
    life++;
    effectsUntilCrash = -1;
    core = null;
    isSyncing = false;
    isFlushDue = false;
    durableRecords += random.nextInt(journal.size() - durableRecords + 1);
    journal.subList(durableRecords, journal.size()).clear();
    if (random.nextBoolean()) {
      saved = applied;
    }
    world.onDown(this);
  }

  /** Comes back with an empty disk: as somebody else. */
  void wipe() {
    if (core != null) {
      crash();
    }
    lostDisks.put(id, new Disk(saved, List.copyOf(journal.subList(0, durableRecords))));
    journal.clear();
    durableRecords = 0;
    journalBase = AppliedPoint.ORIGIN;
    saved = journalBase;
    applied = journalBase;
    id = new Participant(node, id.incarnation() + 1);
  }

  // Running

  void step(LedgerInput input) {
    if (core != null) {
      guarded(() -> core().step(input, now(), this));
    }
  }

  /** The end of a turn. */
  void flush() {
    if (core != null) {
      guarded(() -> core().flush(now(), this));
    }
    isFlushDue = false;
  }

  private void guarded(Runnable step) {
    try {
      step.run();
    } catch (CrashSignal _) {
      crash();
      return;
    }
    if (!isSyncing && durableRecords < journal.size()) {
      isSyncing = true;
      world.scheduleSync(this, journal.size());
    }
    if (!isFlushDue) {
      isFlushDue = true;
      world.scheduleFlush(this);
    }
    world.scheduleWake(this);
  }

  void onSynced(int records) {
    isSyncing = false;
    durableRecords = records;
    step(new LedgerInput.Persisted(records - recordsBefore));
  }

  private void countDown() {
    if (effectsUntilCrash > 0 && --effectsUntilCrash == 0) {
      throw new CrashSignal();
    }
  }

  @Override
  public void persist(LedgerRecord record) {
    countDown();
    journal.add(record);
  }

  @Override
  public void send(Participant to, LedgerMessage message) {
    countDown();
    world.send(this, to, message);
  }

  @Override
  public void committed(List<Entry> entries) {
    countDown();
    for (Entry entry : entries) {
      judge.onCommitted(id, applied.index(), entry, world);
      Configuration configuration =
          entry.body() instanceof Entry.Reconfigured(Configuration changed)
              ? changed
              : applied.configuration();
      applied = new AppliedPoint(entry.index(), entry.term(), configuration);
    }
  }

  /** A snapshot has come: it is installed and synced before the core hears of it. */
  void install(AppliedPoint snapshot) {
    if (core != null && snapshot.index() > applied.index()) {
      applied = snapshot;
      saved = snapshot;
      step(new LedgerInput.Installed(snapshot));
    }
  }

  @Override
  public void proposed(long request, Outcome outcome) {
    countDown();
    world.note("participant " + id + " answers " + request + " with " + outcome);
    if (outcome instanceof Outcome.Committed(long index)) {
      judge.onAcknowledged(request, index);
    }
  }

  @Override
  public void readable(long request, long index) {
    countDown();
    judge.onReadable(id, request, index);
  }

  @Override
  public void unreadable(long request) {
    countDown();
  }

  @Override
  public void configured(Configuration configuration) {
    countDown();
  }

  @Override
  public void led(@Nullable Participant leader, long term) {
    countDown();
    world.note("participant " + id + " follows " + leader + " in term " + term);
    if (id.equals(leader)) {
      judge.onLed(id, term);
    }
  }

  @Override
  public void needsSnapshot(Participant participant) {
    countDown();
    world.sendSnapshot(this, participant);
  }

  @Override
  public void outdated() {
    throw new Violation("a disk that keeps its word is trusted", id + " was called outdated");
  }
}
