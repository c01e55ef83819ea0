package io.gamut.storage.committed;

import static org.assertj.core.api.Assertions.assertThat;

import io.gamut.storage.committed.ReplyRanges.Range;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

final class ReplyRangesTest {
  private static final int NUMBERS = 40;

  private final ReplyRanges ranges = new ReplyRanges();

  @Test
  void rangesThatOverlapOrTouchAreOne() {
    ranges.add(new Range(1, 0, 3));
    ranges.add(new Range(1, 8, 9));
    ranges.add(new Range(2, 5, 5));
    ranges.add(new Range(1, 4, 5));
    assertThat(ranges.toList())
        .containsExactly(new Range(1, 0, 5), new Range(1, 8, 9), new Range(2, 5, 5));
    ranges.add(new Range(1, 6, Long.MAX_VALUE));
    ranges.add(new Range(1, 7, 7));
    assertThat(ranges.toList())
        .containsExactly(new Range(1, 0, Long.MAX_VALUE), new Range(2, 5, 5));
  }

  @Test
  void holdNeitherMoreNorLessThanWasAdded() {
    for (long seed = 0; seed < 300; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      ReplyRanges tried = new ReplyRanges();
      TreeSet<ReplyName> added = new TreeSet<>();
      for (int i = 0; i < 12; i++) {
        long proposer = -random.nextInt(2);
        long first = random.nextInt(NUMBERS);
        long last = Math.min(NUMBERS - 1, first + random.nextInt(6));
        tried.add(new Range(proposer, first, last));
        for (long number = first; number <= last; number++) {
          added.add(new ReplyName(proposer, number));
        }
        for (long number = 0; number < NUMBERS; number++) {
          for (long asked = -1; asked <= 0; asked++) {
            ReplyName name = new ReplyName(asked, number);
            assertThat(tried.contains(name))
                .as("seed %s: %s", seed, name)
                .isEqualTo(added.contains(name));
          }
        }
      }
      long named = tried.toList().stream().mapToLong(each -> each.last() - each.first() + 1).sum();
      assertThat(named).as("seed %s: none twice", seed).isEqualTo(added.size());
    }
  }
}
