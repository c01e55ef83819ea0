package io.gamut.ledger.raft;

import io.gamut.ledger.log.Participant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads without writing to the log (Raft thesis, section 6.4): a leader that hears from a majority
 * <em>after</em> a read arrived still led then, so that nothing can have been committed without it.
 *
 * <p>Rounds are numbered. Reads gather until the next round begins; its number then goes with every
 * message, and whoever answers repeats the latest it has seen. A read is confirmed by answers to
 * its own round or a later one, never by an acknowledgement that was sent before it arrived.
 */
final class ReadRounds {
  private static final int ROUNDS_MAX = 8;

  /** More that gather are refused: they would wait long, and take memory. */
  private static final int GATHERING_MAX = 1 << 16;

  private final ArrayDeque<Round> open = new ArrayDeque<>();
  private List<Waiting> gathering = new ArrayList<>();
  private long number;

  /**
   * Who waits for a confirmation.
   *
   * @param follower that asked; null for this participant itself
   * @param life of the follower that asked
   */
  record Waiting(@Nullable Participant follower, long life, long request) {}

  /** Reads that share a round, and the index that each must have applied. */
  record Round(long number, long index, List<Waiting> reads) {}

  /** Whether it waits for a confirmation now. */
  boolean add(Waiting read) {
    return gathering.size() < GATHERING_MAX && gathering.add(read);
  }

  /** The latest round that has begun. */
  long number() {
    return number;
  }

  /** Begins a round for what has gathered, at what is committed now. */
  void begin(long commit) {
    if (!gathering.isEmpty() && open.size() < ROUNDS_MAX) {
      open.add(new Round(++number, commit, gathering));
      gathering = new ArrayList<>();
    }
  }

  /** A majority has confirmed all rounds up to this one. */
  void onConfirmed(long through, Consumer<Round> done) {
    while (!open.isEmpty() && open.getFirst().number <= through) {
      done.accept(open.removeFirst());
    }
  }

  /** All reads that wait, in order: the lead is lost. */
  List<Waiting> abandon() {
    List<Waiting> abandoned = new ArrayList<>();
    open.forEach(round -> abandoned.addAll(round.reads));
    abandoned.addAll(gathering);
    open.clear();
    gathering = new ArrayList<>();
    return abandoned;
  }
}
