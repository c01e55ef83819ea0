package io.gamut.ledger.log;

import io.gamut.core.BinaryReader;
import io.gamut.core.BinaryWriter;
import io.gamut.core.InvalidDataException;
import java.util.Collection;
import java.util.Collections;
import java.util.NavigableSet;
import java.util.TreeSet;

/**
 * Who takes part: voters, whose majority decides, and learners, who are told everything and asked
 * nothing.
 *
 * <p>A majority is strict whatever the number of voters: of four it is three. With half of them any
 * two majorities would not meet, and an uncommitted change from four to five could elect a leader
 * that knows nothing of what four had committed.
 */
public record Configuration(NavigableSet<Participant> voters, NavigableSet<Participant> learners) {
  /** More voters make every write slower and hardly anything safer. */
  public static final int VOTERS_MAX = 7;

  /** Each is sent everything by one leader. */
  public static final int LEARNERS_MAX = 1_000;

  public static final Configuration NOBODY =
      new Configuration(Collections.emptyNavigableSet(), Collections.emptyNavigableSet());

  public Configuration {
    voters = Collections.unmodifiableNavigableSet(new TreeSet<>(voters));
    learners = Collections.unmodifiableNavigableSet(new TreeSet<>(learners));
    if (!Collections.disjoint(voters, learners)) {
      throw new IllegalArgumentException(
          "voters " + voters + " and learners " + learners + " meet");
    }
  }

  /** The first server of a cluster, alone. */
  public static Configuration of(Participant first) {
    return NOBODY.withVoter(first);
  }

  public Configuration withLearner(Participant added) {
    Configuration without = without(added);
    return new Configuration(without.voters, with(without.learners, added));
  }

  public Configuration withVoter(Participant added) {
    Configuration without = without(added);
    return new Configuration(with(without.voters, added), without.learners);
  }

  public Configuration without(Participant removed) {
    return new Configuration(without(voters, removed), without(learners, removed));
  }

  private static NavigableSet<Participant> with(NavigableSet<Participant> set, Participant added) {
    TreeSet<Participant> more = new TreeSet<>(set);
    more.add(added);
    return more;
  }

  private static NavigableSet<Participant> without(
      NavigableSet<Participant> set, Participant removed) {
    TreeSet<Participant> fewer = new TreeSet<>(set);
    fewer.remove(removed);
    return fewer;
  }

  public boolean isVoter(Participant participant) {
    return voters.contains(participant);
  }

  /** Whether it is a majority by itself. */
  public boolean isOnlyVoter(Participant participant) {
    return voters.size() == 1 && isVoter(participant);
  }

  public boolean contains(Participant participant) {
    return voters.contains(participant) || learners.contains(participant);
  }

  /** Voters and learners, ascending. */
  public NavigableSet<Participant> everyone() {
    TreeSet<Participant> everyone = new TreeSet<>(voters);
    everyone.addAll(learners);
    return everyone;
  }

  /** How many voters a majority takes. */
  public int majority() {
    return voters.size() / 2 + 1;
  }

  /** Whether these are a majority of the voters; others among them do not count. */
  public boolean isMajority(Collection<Participant> participants) {
    long count = participants.stream().filter(voters::contains).distinct().count();
    return !voters.isEmpty() && count >= majority();
  }

  public void write(BinaryWriter out) {
    write(voters, out);
    write(learners, out);
  }

  private static void write(NavigableSet<Participant> set, BinaryWriter out) {
    out.writeVarint(set.size());
    set.forEach(participant -> participant.write(out));
  }

  public static Configuration read(BinaryReader in) {
    NavigableSet<Participant> voters = readSet(VOTERS_MAX, "voters", in);
    NavigableSet<Participant> learners = readSet(LEARNERS_MAX, "learners", in);
    if (!Collections.disjoint(voters, learners)) {
      throw new InvalidDataException("a participant is voter and learner at once");
    }
    return new Configuration(voters, learners);
  }

  private static NavigableSet<Participant> readSet(int most, String what, BinaryReader in) {
    TreeSet<Participant> set = new TreeSet<>();
    for (int left = in.readCount(most, what); left > 0; left--) {
      if (!set.add(Participant.read(in))) {
        throw new InvalidDataException("a participant is listed twice");
      }
    }
    return set;
  }

  @Override
  public String toString() {
    return voters + (learners.isEmpty() ? "" : " and learners " + learners);
  }
}
