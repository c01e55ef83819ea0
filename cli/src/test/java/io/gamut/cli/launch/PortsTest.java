package io.gamut.cli.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Ports that are asked for together, and used later. */
final class PortsTest {
  @Test
  void noneIsHandedOutTwiceSoonAndNoneBehindAnother() throws Exception {
    Set<Integer> taken = new HashSet<>();
    for (int i = 0; i < 20; i++) {
      int first = Ports.freePair("127.0.0.1");
      assertThat(first).isBetween(20_000, 31_998).isEven();
      for (int port : new int[] {first, first + 1, first + 2, first + 100, first + 200}) {
        assertThat(taken.add(port)).as("port %s", port).isTrue();
      }
    }
  }
}
