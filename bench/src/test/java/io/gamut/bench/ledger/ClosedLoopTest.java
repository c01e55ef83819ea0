package io.gamut.bench.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.gamut.ledger.LedgerInput;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ClosedLoopTest {
  private static final long MINUTE_NANOS = 60_000_000_000L;

  private final List<LedgerInput> asked = new ArrayList<>();

  @Test
  void eachAnswerIsReplacedByOneRequest() {
    ClosedLoop load = new ClosedLoop(false, 1, 2, MINUTE_NANOS, 100);
    load.advance(asked::add);
    assertThat(asked).hasSize(2);
    load.onProposed(100, true);
    load.advance(asked::add);
    assertThat(asked).hasSize(3);
    assertThat(load.nextRequest()).isEqualTo(103);
  }

  @Test
  void whatTheLoadBeforeLeftUnderWayIsNotCounted() {
    ClosedLoop load = new ClosedLoop(false, 1, 2, MINUTE_NANOS, 100);
    load.advance(asked::add);
    load.onProposed(99, true);
    load.advance(asked::add);
    assertThat(asked).hasSize(2);
  }

  @Test
  void readsOfATurnShareAQuestion() {
    ClosedLoop load = new ClosedLoop(true, 1, 64, MINUTE_NANOS, 100);
    load.advance(asked::add);
    load.advance(asked::add);
    assertThat(asked).containsExactly(new LedgerInput.Read(100));
    load.onRead(100, true);
    load.advance(asked::add);
    assertThat(asked).hasSize(2);
  }
}
