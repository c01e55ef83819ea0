package io.gamut.server.connection;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ClientMemoryTest {
  private static final int MIB = 1 << 20;

  private final List<String> evicted = new ArrayList<>();
  private final ClientMemory memory = new ClientMemory(10 * MIB);

  private ClientMemory.Share share(String name) {
    return memory.share(() -> evicted.add(name));
  }

  @Test
  void whoHoldsMostGoesFirstAndNoMoreGoThanMust() {
    ClientMemory.Share small = share("small");
    ClientMemory.Share large = share("large");
    ClientMemory.Share middle = share("middle");
    small.hold(MIB);
    large.hold(5 * MIB);
    middle.hold(3 * MIB);
    assertThat(evicted).isEmpty();
    small.hold(2 * MIB + MIB / 2);
    assertThat(evicted).containsExactly("large");
    middle.hold(7 * MIB);
    assertThat(evicted).containsExactly("large");
    small.hold(4 * MIB);
    assertThat(evicted).containsExactly("large", "middle");
  }

  @Test
  void whatIsHeldNoMoreAndWhoIsGoneDoNotCount() {
    ClientMemory.Share first = share("first");
    first.hold(9 * MIB);
    first.hold(0);
    ClientMemory.Share second = share("second");
    second.hold(9 * MIB);
    second.release();
    share("third").hold(9 * MIB);
    assertThat(evicted).isEmpty();
  }

  @Test
  void anEvictedConnectionIsToldOnceAndCountsNoMore() {
    ClientMemory.Share gone = share("gone");
    gone.hold(11 * MIB);
    gone.hold(12 * MIB);
    share("other").hold(9 * MIB);
    assertThat(evicted).containsExactly("gone");
  }

  @Test
  void whatEachConnectionHasInAnyCaseIsFree() {
    for (int i = 0; i < 10_000; i++) {
      share("quiet").hold(10_000);
    }
    assertThat(evicted).isEmpty();
  }
}
