package io.gamut.verify.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.gamut.verify.history.History;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Nobody accuses a store that does one request after the other, whatever it leaves out of its
 * answers. {@code -Dgamut.histories=1000000} tries so many.
 */
final class CorrectStoreTest {
  private static final int HISTORIES = Integer.getInteger("gamut.histories", 20_000);
  private static final long SEED = Long.getLong("gamut.seed", 1);

  @Test
  void noPromiseIsFoundBroken() {
    int held = 0;
    for (int i = 0; i < HISTORIES; i++) {
      long seed = SEED * HISTORIES + i;
      History history = new CorrectStore(seed).run(1 + i % 10);
      Map<String, Verdict> verdicts = Judge.DEFAULT.judge(history);
      verdicts.forEach((promise, verdict) ->
          assertThat(verdict)
              .as(() -> "seed %d, %s%n%s".formatted(seed, promise, history.operations()))
              .isNotInstanceOf(Verdict.Violated.class));
      held += verdicts.values().stream().allMatch(Verdict.Holds.class::isInstance) ? 1 : 0;
    }
    assertThat(held).as("histories that say enough").isGreaterThan(HISTORIES / 20);
  }
}
