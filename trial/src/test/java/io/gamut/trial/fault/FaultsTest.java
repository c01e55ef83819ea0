package io.gamut.trial.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gamut.client.ConnectionException;
import io.gamut.client.GamutConnection;
import io.gamut.trial.cluster.Cluster;
import io.gamut.trial.cluster.Control;
import io.gamut.trial.cluster.Control.Link;
import io.gamut.verify.history.Event;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Faults of a cluster that nobody can reach: its servers are killed and started all the same. */
final class FaultsTest {
  private static final int TRIES = 50;

  /** A port at which nobody listens. */
  private static final int NOBODY = 1;

  /** What was done to its processes, as words. */
  private static final class FarCluster implements Cluster, Cluster.Processes {
    private final int count;
    private final boolean startsServers;
    private final List<String> done = Collections.synchronizedList(new ArrayList<>());
    private int refusals;

    FarCluster(int count, boolean startsServers) {
      this.count = count;
      this.startsServers = startsServers;
    }

    @Override
    public int count() {
      return count;
    }

    @Override
    public int id(int place) {
      return 10 + place;
    }

    @Override
    public GamutConnection connect(int place) throws ConnectionException {
      return GamutConnection.open("127.0.0.1", NOBODY, Duration.ofSeconds(1));
    }

    @Override
    public Optional<Processes> processes() {
      return Optional.of(this);
    }

    @Override
    public boolean startsServers() {
      return startsServers;
    }

    @Override
    public void kill(int place) {
      done.add("kill " + place);
    }

    @Override
    public void stop(int place) {
      done.add("stop " + place);
    }

    @Override
    public void start(int place) throws IOException {
      if (refusals > 0) {
        refusals--;
        throw new IOException("not yet");
      }
      done.add("start " + place);
    }

    @Override
    public void pause(int place) {
      done.add("pause " + place);
    }

    @Override
    public void resume(int place) {
      done.add("resume " + place);
    }

    @Override
    public int grow() {
      done.add("grow");
      return count;
    }

    @Override
    public List<String> surprises() {
      return List.of();
    }

    @Override
    public void shrink(int id) {
      done.add("shrink");
    }
  }

  private static Scene scene(int servers, long seed) {
    Cluster cluster = new FarCluster(servers, true);
    return new Scene(cluster, new Control(cluster), new Random(seed));
  }

  private static Set<Link> left(int servers, Shape shape) {
    Set<Link> left = new HashSet<>();
    for (int one = 0; one < servers; one++) {
      for (int other = one + 1; other < servers; other++) {
        boolean isCut =
            shape.cut().contains(new Link(one, other))
                || shape.cut().contains(new Link(other, one));
        if (!isCut) {
          left.add(new Link(one, other));
        }
      }
    }
    return left;
  }

  private static long degree(int place, Set<Link> links) {
    return links.stream().filter(link -> link.one() == place || link.other() == place).count();
  }

  private static List<Long> degrees(int servers, Set<Link> links) {
    List<Long> degrees = new ArrayList<>();
    for (int place = 0; place < servers; place++) {
      degrees.add(degree(place, links));
    }
    Collections.sort(degrees);
    return degrees;
  }

  // Shapes

  @ParameterizedTest
  @ValueSource(ints = {3, 4, 5, 7})
  void shapesLeaveWhatTheyAreNamedAfter(int servers) {
    for (int seed = 0; seed < TRIES; seed++) {
      Scene scene = scene(servers, seed);
      List<Long> ofOneLine = new ArrayList<>(Collections.nCopies(servers - 2, 2L));
      ofOneLine.addAll(0, List.of(1L, 1L));
      List<Long> ofOneStar = new ArrayList<>(Collections.nCopies(servers - 1, 1L));
      ofOneStar.add(servers - 1L);
      List<Long> withoutLeader = new ArrayList<>(Collections.nCopies(servers - 2, 1L));
      withoutLeader.addFirst(0L);
      withoutLeader.add(servers - 2L);
      Collections.sort(withoutLeader);
      assertThat(degrees(servers, left(servers, Shape.chain(scene)))).isEqualTo(ofOneLine);
      assertThat(degrees(servers, left(servers, Shape.quorumLoss(scene)))).isEqualTo(ofOneStar);
      Shape constrained = Shape.constrainedElection(scene, Shape.toLeader(scene));
      assertThat(degrees(servers, left(servers, constrained))).isEqualTo(withoutLeader);
      assertThat(degrees(servers, left(servers, Shape.ring(scene))))
          .isEqualTo(Collections.nCopies(servers, 2L));
      assertThat(degrees(servers, left(servers, Shape.isolate(scene))).getFirst()).isZero();
      int small = Math.max(1, (servers - 1) / 2);
      assertThat(Shape.halves(scene).cut()).hasSize(small * (servers - small));
      int middle = servers / 2;
      assertThat(Shape.bridge(scene).cut()).hasSize(middle * (servers - middle - 1));
    }
  }

  // Lanes

  /** A clock that moves when it is looked at, and all that was told. */
  private static final class Log implements FaultLog {
    private final List<Event> events = Collections.synchronizedList(new ArrayList<>());
    private final long begun = System.nanoTime();

    @Override
    public long nanos() {
      return System.nanoTime() - begun;
    }

    @Override
    public void happened(Event event) {
      events.add(event);
    }

    @Override
    public void say(String words) {
      // Nobody listens.
    }
  }

  private static final long PERIOD_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  private static List<Event> run(FarCluster cluster, Set<FaultKind> kinds, long seed, int periods)
      throws Exception {
    Log log = new Log();
    FaultSettings settings = new FaultSettings(kinds, PERIOD_NANOS);
    new Faults(cluster, settings, seed, log).run(periods * PERIOD_NANOS);
    return log.events;
  }

  @Test
  void whateverIsDoneIsUndone() throws Exception {
    FarCluster cluster = new FarCluster(3, true);
    Set<FaultKind> kinds =
        EnumSet.of(FaultKind.KILL, FaultKind.PAUSE, FaultKind.STOP, FaultKind.MEMBERSHIP);
    List<Event> events = run(cluster, kinds, 1, 60);
    assertThat(events).hasSizeGreaterThan(8);
    for (int i = 0; i + 1 < events.size(); i += 2) {
      assertThat(events.get(i).detail()).isEqualTo(events.get(i + 1).detail());
      assertThat(events.get(i + 1).name()).isIn("restart", "resume", "leave");
    }
    assertThat(events.size() % 2).isZero();
    assertThat(events.subList(0, 8).stream().map(Event::name))
        .as("each kind comes once before one comes again")
        .contains("kill", "pause", "stop", "membership");
    long ends =
        cluster.done.stream().filter(each -> each.matches("(start|resume|shrink).*")).count();
    assertThat(ends).isEqualTo(cluster.done.size() / 2);
  }

  @Test
  void undoingIsTriedUntilItSucceeds() throws Exception {
    FarCluster cluster = new FarCluster(3, true);
    cluster.refusals = 2;
    List<Event> events = run(cluster, EnumSet.of(FaultKind.KILL), 1, 2);
    assertThat(events.getLast().name()).isEqualTo("restart");
    assertThat(cluster.done).anyMatch(each -> each.startsWith("start"));
  }

  @Test
  void aSeedDoesTheSame() throws Exception {
    Set<FaultKind> kinds = EnumSet.of(FaultKind.KILL, FaultKind.PAUSE, FaultKind.STOP);
    FarCluster one = new FarCluster(5, true);
    FarCluster other = new FarCluster(5, true);
    run(one, kinds, 7, 6);
    run(other, kinds, 7, 6);
    int length = Math.min(one.done.size(), other.done.size());
    assertThat(length).isPositive();
    assertThat(one.done.subList(0, length)).isEqualTo(other.done.subList(0, length));
  }

  @Test
  void whatCannotBeIsLeftOut() {
    FaultSettings all = new FaultSettings(EnumSet.allOf(FaultKind.class), 1);
    List<FaultKind> given = Faults.possible(all, new FarCluster(3, false));
    assertThat(given)
        .contains(FaultKind.KILL, FaultKind.CHAIN)
        .doesNotContain(FaultKind.STOP, FaultKind.MEMBERSHIP, FaultKind.RING);
    assertThat(Faults.possible(all, new FarCluster(5, true))).containsExactly(FaultKind.values());
    assertThatThrownBy(() -> new FaultSettings(Set.of(), 0))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
