package io.gamut.ledger.raft;

import static org.assertj.core.api.Assertions.assertThat;

import io.gamut.core.NodeId;
import io.gamut.ledger.Ledger;
import io.gamut.ledger.LedgerEffects;
import io.gamut.ledger.LedgerInput;
import io.gamut.ledger.log.Configuration;
import io.gamut.ledger.log.Participant;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What time a participant is told that is late. */
final class AwakeLedgerTest {
  private static final long MILLI = 1_000_000;

  /** Does nothing of what is asked for. */
  private static final LedgerEffects NOTHING =
      (LedgerEffects)
          Proxy.newProxyInstance(
              LedgerEffects.class.getClassLoader(),
              new Class<?>[] {LedgerEffects.class},
              (_, _, _) -> null);

  private final Told told = new Told();
  private final AwakeLedger ledger = new AwakeLedger(told);

  private void step(long millis) {
    ledger.step(LedgerInput.Tick.TICK, millis * MILLI, NOTHING);
  }

  /** Ends a turn at a time; says when it is to wake. */
  private long endTurn(long millis, long patience) {
    told.wakeNanos = told.last() + patience * MILLI;
    return ledger.wakeAtNanos(millis * MILLI) / MILLI;
  }

  @Test
  void whoComesInTimeIsToldTheTime() {
    step(1_000);
    assertThat(endTurn(1_000, 40)).isEqualTo(1_040);
    step(1_030);
    assertThat(endTurn(1_031, 40)).isEqualTo(1_070);
    step(1_075);
    assertThat(told.millis()).containsExactly(1_000L, 1_030L, 1_075L);
  }

  @Test
  void whoComesLateIsToldThatItHasComeInTime() {
    step(1_000);
    assertThat(endTurn(1_000, 40)).isEqualTo(1_040);
    step(1_400);
    assertThat(told.millis()).containsExactly(1_000L, 1_040L);
    assertThat(endTurn(1_400, 40)).as("by the outer clock").isEqualTo(1_440);
    step(1_410);
    assertThat(told.millis()).endsWith(1_050L);
  }

  @Test
  void aLongTurnTakesNoTime() {
    step(1_000);
    step(1_300);
    ledger.flush(1_600 * MILLI, NOTHING);
    assertThat(told.millis()).containsExactly(1_000L, 1_000L, 1_000L);
    assertThat(endTurn(1_605, 40)).isEqualTo(1_640);
  }

  /** Remembers what time it was told. */
  private static final class Told implements Ledger {
    private final List<Long> nanos = new ArrayList<>();
    private long wakeNanos;

    long last() {
      return nanos.getLast();
    }

    List<Long> millis() {
      return nanos.stream().map(each -> each / MILLI).toList();
    }

    @Override
    public void start(long nowNanos, LedgerEffects effects) {
      nanos.add(nowNanos);
    }

    @Override
    public void step(LedgerInput input, long nowNanos, LedgerEffects effects) {
      nanos.add(nowNanos);
    }

    @Override
    public void flush(long nowNanos, LedgerEffects effects) {
      nanos.add(nowNanos);
    }

    @Override
    public long wakeAtNanos(long nowNanos) {
      return wakeNanos;
    }

    @Override
    public @Nullable Participant leader() {
      return null;
    }

    @Override
    public boolean isLeader() {
      return false;
    }

    @Override
    public long term() {
      return 0;
    }

    @Override
    public long commitIndex() {
      return 0;
    }

    @Override
    public long lastIndex() {
      return 0;
    }

    @Override
    public Configuration configuration() {
      return Configuration.of(new Participant(new NodeId(0), 1));
    }

    @Override
    public long durableIndex() {
      return 0;
    }

    @Override
    public Kept kept() {
      throw new UnsupportedOperationException();
    }
  }
}
