package io.gamut.replication.strong;

import static org.assertj.core.api.Assertions.assertThat;

import io.gamut.core.Content;
import io.gamut.core.Dot;
import io.gamut.core.HybridClock;
import io.gamut.core.Key;
import io.gamut.core.Origin;
import io.gamut.core.Version;
import io.gamut.core.VersionVector;
import io.gamut.replication.Now;
import io.gamut.replication.committed.Command.Absorb;
import io.gamut.replication.message.Update;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

final class AbsorbingTest {
  private static final long MILLI = 1_000_000;
  private static final Origin ORIGIN = new Origin(1, 1);

  private final Written weak = new Written();
  private final Absorbing absorbing = new Absorbing(weak);
  private final List<Absorb> offers = new ArrayList<>();
  private long nanos;

  @Test
  void theFirstAfterASilenceIsOfferedAtOnceAndTheNextShareAnOffer() {
    write(1);
    assertThat(offers).hasSize(1);
    write(2);
    write(3);
    assertThat(offers).hasSize(1);
    nanos += 60 * MILLI;
    write(4);
    assertThat(offers).hasSize(2);
    assertThat(offers.getLast().updates()).hasSize(3);
  }

  @Test
  void nothingGathersWhileSomebodyWaitsForIt() {
    write(1);
    write(2);
    assertThat(offers).hasSize(1);
    absorbing.hurry();
    advance();
    assertThat(offers).hasSize(2);
  }

  @Test
  void whatComesAfterTheOneWhoWaitsIsOfferedAtOnceToo() {
    write(1);
    absorbing.hurry();
    advance();
    assertThat(offers).hasSize(1);
    write(2);
    assertThat(offers).hasSize(2);
  }

  private void write(long sequence) {
    weak.last = sequence;
    advance();
  }

  private void advance() {
    absorbing.advance(VersionVector.EMPTY, new Now(nanos, nanos / MILLI), offers::add);
  }

  /** A weak world with the updates of one origin. */
  private static final class Written implements Absorbing.Weak {
    private long last;

    @Override
    public VersionVector visible() {
      return VersionVector.of(new Dot(ORIGIN, last));
    }

    @Override
    public VersionVector reachable(VersionVector dependencies) {
      return dependencies;
    }

    @Override
    public List<Update> read(Origin origin, long first, long last, int bytesMax) {
      return LongStream.rangeClosed(first, last).mapToObj(Written::update).toList();
    }

    private static Update update(long sequence) {
      Version version = new Version(HybridClock.fromMillis(sequence), ORIGIN);
      return new Update(
          new Dot(ORIGIN, sequence),
          version,
          VersionVector.EMPTY,
          Key.of("key"),
          Content.Tombstone.TOMBSTONE);
    }
  }
}
