package io.gamut.ledger.raft;

import io.gamut.ledger.LedgerEffects;
import io.gamut.ledger.log.AppliedPoint;
import io.gamut.ledger.log.Configuration;
import io.gamut.ledger.log.Entry;
import io.gamut.ledger.log.EntryLog;
import io.gamut.ledger.log.Participant;
import io.gamut.ledger.message.LedgerRecord.Restarted;
import java.util.List;

/**
 * The log of this participant, and what is known of it: what is durable here, what agrees with the
 * leader's, what is committed, and what the state machine has been given.
 *
 * <p>Whoever leads adds at its end. Whoever follows takes what the leader sends, after the place
 * where the two logs agree, and cuts off what conflicts (Raft, section 5.3); or takes what somebody
 * knows to be committed. An entry of one term at one index is the same everywhere, and so is
 * everything before it; so terms are compared and contents never.
 */
final class OwnLog {
  private final EntryLog log;
  private final Configurations configurations;
  private final Journaling journal;
  private final int batchBytes;
  private long commit;
  private long delivered;
  private long verified;

  /**
   * @param applied everything up to here is in the state machine, so it is committed
   */
  OwnLog(Recovery recovered, Journaling journal, int batchBytes, long applied) {
    log = recovered.log();
    configurations = recovered.configurations();
    this.journal = journal;
    this.batchBytes = batchBytes;
    commit = Math.max(applied, Math.min(recovered.committed(), log.lastIndex()));
    delivered = applied;
    verified = commit;
  }

  long baseIndex() {
    return log.baseIndex();
  }

  /** What lies in front of the log. */
  AppliedPoint base() {
    long index = log.baseIndex();
    return new AppliedPoint(index, log.term(index), configurations.at(index));
  }

  long lastIndex() {
    return log.lastIndex();
  }

  /** From the base on. */
  long term(long index) {
    return log.term(index);
  }

  /** Whether another log, by its end, is at least as up to date as this one (section 5.4.1). */
  boolean isNotAheadOf(long otherLastIndex, long otherLastTerm) {
    long lastTerm = log.lastTerm();
    return otherLastTerm > lastTerm
        || (otherLastTerm == lastTerm && otherLastIndex >= log.lastIndex());
  }

  /** What one message can carry from an index on. */
  List<Entry> batch(long first) {
    return log.read(first, batchBytes);
  }

  // Who takes part

  /** The configuration in force: the last in the log, committed or not. */
  Configuration configuration() {
    return configurations.latest();
  }

  /** Where it stands. */
  long configuredAt() {
    return configurations.latestIndex();
  }

  boolean isConfigurationCommitted() {
    return commit >= configuredAt();
  }

  /** Whether it is a voter in the last configuration that is committed, or in a later one. */
  boolean mayBeVoter(Participant participant) {
    return configurations.mayBeVoter(participant, commit);
  }

  // What a leader does

  /** Adds a leader's own entry. */
  Entry append(long term, Entry.Body body, LedgerEffects effects) {
    Entry entry = new Entry(log.lastIndex() + 1, term, body);
    log.append(List.of(entry));
    journal.gather(entry);
    if (configurations.onAppended(List.of(entry))) {
      effects.configured(configuration());
    }
    return entry;
  }

  /**
   * A majority has the log durably up to here. Only an entry of the leader's own term is committed
   * by being counted, and with it all before: one of an older term may be on a majority of disks
   * and still be replaced by a leader that never saw it (section 5.4.2, figure 8).
   */
  void onReachedByMajority(long index, long term) {
    if (index > commit && log.term(index) == term) {
      commit = index;
    }
  }

  // What a follower does

  /**
   * Another leader, or another term: of its log and this one nothing is known but what is
   * committed.
   */
  void forgetVerified() {
    verified = commit;
  }

  /**
   * Where a leader should look instead if its previous entry is not here: 0 if it is. What is
   * committed is the same everywhere and need not be compared.
   */
  long conflict(long previous, long previousTerm) {
    if (previous > log.lastIndex()) {
      return log.lastIndex() + 1;
    }
    if (previous <= commit || log.term(previous) == previousTerm) {
      return 0;
    }
    return Math.max(log.firstOfTermAt(previous), commit + 1);
  }

  /**
   * Takes a leader's entries behind one that is here.
   *
   * @param leaderCommit what the leader knows to be committed, of its own log: so of this one as
   *     far as the two are known to agree
   */
  void takeFromLeader(
      long previous, List<Entry> entries, long leaderCommit, LedgerEffects effects) {
    take(entries, effects);
    verified = Math.max(verified, previous + entries.size());
    commit = Math.max(commit, Math.min(leaderCommit, verified));
  }

  /** Takes entries that somebody knows to be committed, if they follow what is committed here. */
  void takeCommitted(long previous, List<Entry> entries, LedgerEffects effects) {
    long last = previous + entries.size();
    if (previous <= commit && last > commit) {
      take(entries, effects);
      commit = last;
      verified = Math.max(verified, commit);
    }
  }

  /** Takes those entries that are not here, and cuts off what conflicts with them. */
  private void take(List<Entry> entries, LedgerEffects effects) {
    int known = 0;
    while (known < entries.size() && isKnown(entries.get(known))) {
      known++;
    }
    if (known == entries.size()) {
      return;
    }
    List<Entry> fresh = List.copyOf(entries.subList(known, entries.size()));
    long first = fresh.getFirst().index();
    boolean isReconfigured = first <= log.lastIndex() && cutOff(first);
    log.append(fresh);
    journal.persist(fresh, effects);
    isReconfigured |= configurations.onAppended(fresh);
    if (isReconfigured) {
      effects.configured(configuration());
    }
  }

  private boolean isKnown(Entry entry) {
    long index = entry.index();
    return index <= commit || (index <= log.lastIndex() && log.term(index) == entry.term());
  }

  private boolean cutOff(long first) {
    if (first <= commit) {
      throw new IllegalStateException(first + " is committed here and would be cut off");
    }
    log.truncateFrom(first);
    return configurations.onTruncated(first);
  }

  /** What this participant can promise its leader: that the logs agree up to here, durably. */
  long acknowledgeable() {
    return Math.min(verified, journal.durableIndex());
  }

  // What is committed

  long commit() {
    return commit;
  }

  /** What the state machine has. */
  long delivered() {
    return delivered;
  }

  /** Gives the state machine what is committed and durable here. */
  void deliver(LedgerEffects effects) {
    long through = Math.min(commit, journal.durableIndex());
    while (delivered < through) {
      List<Entry> entries = batch(delivered + 1);
      int count = (int) Math.min(entries.size(), through - delivered);
      delivered += count;
      effects.committed(List.copyOf(entries.subList(0, count)));
    }
  }

  /**
   * What is committed behind an index that is not before the base; as much as a message carries.
   */
  List<Entry> committedBehind(long behind) {
    if (behind >= commit) {
      return List.of();
    }
    List<Entry> entries = batch(behind + 1);
    return entries.subList(0, (int) Math.min(entries.size(), commit - behind));
  }

  // Snapshots

  /** The state machine has a snapshot of its own. */
  void onSnapshotted(long index) {
    log.compactThrough(Math.min(index, delivered));
    configurations.onCompacted(log.baseIndex());
  }

  /**
   * The state machine has a snapshot from elsewhere, durably. Entries that follow what is in it
   * stay: they were acknowledged, and a majority may count on them. If the snapshot's end is not in
   * the log, what follows there follows something else, and goes.
   */
  void onInstalled(AppliedPoint snapshot, LedgerEffects effects) {
    long index = snapshot.index();
    if (index <= delivered) {
      return;
    }
    if (index <= log.lastIndex() && log.term(index) == snapshot.term()) {
      log.compactThrough(index);
      configurations.onCompacted(index);
      journal.onInstalled(index);
    } else {
      log.restartAt(index, snapshot.term());
      configurations.restartAt(index, snapshot.configuration());
      journal.restart(new Restarted(snapshot), effects);
    }
    commit = Math.max(commit, index);
    delivered = index;
    verified = Math.max(verified, commit);
    effects.configured(configuration());
  }
}
