package io.gamut.trial.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.gamut.client.ConnectionException;
import io.gamut.client.GamutConnection;
import io.gamut.core.Limits;
import io.gamut.trial.cluster.Cluster;
import io.gamut.trial.cluster.Control;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class ServerFaultsTest {
  private static final int DRAWN = 200;

  /** Of tcpmux, which nobody has. */
  private static final int CLOSED_PORT = 1;

  /** Three servers that nobody can reach. */
  private enum Away implements Cluster {
    AWAY;

    @Override
    public int count() {
      return 3;
    }

    @Override
    public int id(int place) {
      return place;
    }

    @Override
    public GamutConnection connect(int place) throws ConnectionException {
      return GamutConnection.open("127.0.0.1", CLOSED_PORT, Duration.ofSeconds(1));
    }

    @Override
    public Optional<Processes> processes() {
      return Optional.empty();
    }
  }

  /** A server whose clock is off by more does nothing wrong: it refuses. */
  @Test
  void clocksAreOftenOffByLessThanServersTolerate() {
    Scene scene = new Scene(Away.AWAY, new Control(Away.AWAY), new Random(1));
    long tolerated =
        IntStream.range(0, DRAWN)
            .map(_ -> offMillis(ServerFaults.clock(scene)))
            .filter(millis -> Math.abs(millis) < Limits.CLOCK_AHEAD_MILLIS_MAX)
            .count();
    assertThat(tolerated).isBetween(DRAWN / 4L, 3L * DRAWN / 4);
  }

  private static int offMillis(Fault fault) {
    String[] words = fault.detail().split(" ", -1);
    return Integer.parseInt(words[1]);
  }
}
