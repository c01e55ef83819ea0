package io.gamut.ledger.raft;

import io.gamut.ledger.LedgerEffects;
import io.gamut.ledger.log.Configuration;
import io.gamut.ledger.log.Participant;
import io.gamut.ledger.message.LedgerMessage.Inquiry;
import io.gamut.ledger.message.LedgerMessage.Testimony;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Whether this participant's disk is what it was when it was last heard. One that was set back to
 * an older copy, or lost the end of what it had acknowledged, would vote as if it had promised
 * nothing, and what a majority had committed could be lost.
 *
 * <p>Raft takes disks for granted. Here a participant that starts asks the others what they have
 * heard of it, and gives no vote before they have answered, or have had the time to. If one of them
 * remembers more than it does itself it is {@linkplain #isOutdated outdated}, and says and does
 * nothing any more.
 *
 * <p><b>What is seen.</b> Everything that a participant says in a term was on its disk. So it must
 * know each term that it was heard in: as the one that it started with, or as one that it has been
 * in since. And when it left that term, or now, it must have what it had acknowledged to the term's
 * leader, since nothing of that is ever cut off in the same term, and the vote that it had given.
 *
 * <p><b>What is not.</b> Witnesses remember what they have heard since their own start; nobody
 * remembers what was heard only by those that are away, or that have started since. And one who
 * cannot be reached in time is not waited for.
 */
final class Recollection {
  /** Who answers after so many is not believed about the earlier ones. */
  private static final int TERMS_MAX = 1_000;

  private static final int ASKED_MAX = 4 * Configuration.VOTERS_MAX;

  private final Participant self;
  private final LedgerTiming timing;
  private final Journaling journal;
  private final long life;
  private final TreeSet<Participant> silent = new TreeSet<>();
  private final TreeSet<Participant> asked = new TreeSet<>();
  private final TreeMap<Long, Memory> left = new TreeMap<>();

  /** What was heard of it in terms before this is neither believed nor doubted. */
  private long startTerm;

  private long patientUntilNanos;
  private long askAgainNanos;
  private boolean isAnybodyHeard;

  /** Asks whoever else is heard, until all have had the time. */
  private boolean isCurious = true;

  private boolean isOutdated;

  /**
   * @param life drawn at random at each start
   */
  Recollection(Participant self, LedgerTiming timing, Journaling journal, long life) {
    this.self = self;
    this.timing = timing;
    this.journal = journal;
    this.life = life;
  }

  /** What it was when it left a term. */
  private record Memory(long lastIndex, @Nullable Participant vote) {}

  /**
   * Asks the others. Also where nothing is remembered: an older copy may be an empty one. It may
   * also be from before others became members, so those whom it hears are asked too.
   */
  void begin(Configuration configuration, long term, long nowNanos, LedgerEffects effects) {
    startTerm = term;
    silent.addAll(configuration.voters());
    silent.remove(self);
    asked.addAll(silent);
    ask(term, nowNanos, effects);
  }

  /**
   * Somebody was heard, and says the first thing of this life. Only then the others have begun to
   * have time: what was asked before may not have reached anybody.
   */
  void onHeard(Participant from, long term, long nowNanos, LedgerEffects effects) {
    if (!isAnybodyHeard) {
      isAnybodyHeard = true;
      patientUntilNanos = nowNanos + timing.electionMinNanos();
      ask(term, nowNanos, effects);
    }
    isCurious &= nowNanos - patientUntilNanos < 0;
    if (isCurious && asked.size() < ASKED_MAX && asked.add(from)) {
      silent.add(from);
      journal.send(from, new Inquiry(term, life), effects);
    }
  }

  /** The participant is about to leave a term, or to give its vote in it. */
  void onLeaving(long term, long lastIndex, @Nullable Participant vote) {
    if (silent.isEmpty() && !isCurious) {
      return;
    }
    left.put(term, new Memory(lastIndex, vote));
    if (left.size() > TERMS_MAX) {
      startTerm = left.pollFirstEntry().getKey() + 1;
    }
  }

  private void ask(long term, long nowNanos, LedgerEffects effects) {
    askAgainNanos = nowNanos + timing.electionMaxNanos();
    silent.forEach(each -> journal.send(each, new Inquiry(term, life), effects));
  }

  /** Asks those again that have not answered, when it is time. */
  void advance(long term, long nowNanos, LedgerEffects effects) {
    if (!silent.isEmpty() && nowNanos - askAgainNanos >= 0) {
      ask(term, nowNanos, effects);
    }
  }

  /** Whether the others have answered what they have heard, or have had the time to. */
  boolean mayVote(long nowNanos) {
    boolean isTimeUp = isAnybodyHeard && nowNanos - patientUntilNanos >= 0;
    return silent.isEmpty() || isTimeUp;
  }

  /**
   * Somebody remembers this participant, which is in this term now.
   *
   * @param vote that it has given in this term
   */
  void onTestimony(
      Participant from,
      Testimony testimony,
      long term,
      long lastIndex,
      @Nullable Participant vote) {
    if (testimony.life() != life || !silent.remove(from)) {
      return;
    }
    long heardTerm = testimony.heardTerm();
    Memory memory = heardTerm == term ? new Memory(lastIndex, vote) : left.get(heardTerm);
    if (heardTerm >= startTerm && heardTerm > 0) {
      isOutdated |=
          memory == null
              || testimony.match() > memory.lastIndex
              || (testimony.isVoter() && !from.equals(memory.vote));
    }
    if (silent.isEmpty() && !isCurious) {
      left.clear();
    }
  }

  boolean isOutdated() {
    return isOutdated;
  }
}
