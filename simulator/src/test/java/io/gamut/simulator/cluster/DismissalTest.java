package io.gamut.simulator.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.gamut.core.Key;
import io.gamut.core.VersionVector;
import io.gamut.ledger.log.Participant;
import io.gamut.replication.Dismissal;
import io.gamut.replication.Input;
import io.gamut.replication.group.GroupReplica;
import io.gamut.replication.strong.StrongInput;
import io.gamut.replication.strong.StrongMessage;
import io.gamut.simulator.Judge;
import io.gamut.simulator.cluster.ClusterAction.Crash;
import io.gamut.simulator.cluster.ClusterAction.HealAll;
import io.gamut.simulator.cluster.ClusterAction.Isolate;
import io.gamut.simulator.cluster.ClusterAction.Leave;
import io.gamut.simulator.cluster.ClusterAction.Restart;
import io.gamut.simulator.cluster.ClusterScenario.Machine;
import io.gamut.simulator.cluster.ClusterScenario.Network;
import io.gamut.simulator.cluster.ClusterScenario.Timed;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a server remembers of its having left, over all that may happen to it since. */
final class DismissalTest {
  private static final long MICROS = 1_000;
  private static final int LEAVER = 2;

  private final List<Timed> actions = new ArrayList<>();
  private final List<Runnable> looks = new ArrayList<>();
  private ClusterWorld world = world(List.of());

  private static ClusterWorld world(List<Timed> actions) {
    Network network = new Network(0, 0, 0, 128, false);
    Machine machine = new Machine(32, 16, 1 << 16, 1 << 13, 1 << 20, 1 << 20, 10_000);
    return new ClusterWorld(new ClusterScenario(7, 3, 0, network, machine, 0, 1, actions));
  }

  private void at(int millis, ClusterAction action) {
    actions.add(new Timed(millis * MICROS, action));
  }

  private void look(int millis, Runnable look) {
    looks.add(() -> world.later(millis * MICROS * MICROS, look));
  }

  private void run() {
    world = world(actions);
    looks.forEach(Runnable::run);
    world.run();
  }

  private GroupReplica replica() {
    return world.server(LEAVER).replica();
  }

  private Participant self() {
    return world.server(LEAVER).self();
  }

  private boolean isMemberAsFarAsItKnows() {
    return replica().machine().applied().configuration().contains(self());
  }

  private void write() {
    long request = world.nextRequest();
    Key key = Key.of("a key");
    long deadline = world.now(LEAVER).nanos() + 100 * MICROS * MICROS;
    VersionVector none = VersionVector.EMPTY;
    Input.Write write =
        new Input.Write(request, key, Judge.value(request), none, 0, 0, null, deadline);
    world.ask(LEAVER, request, write);
  }

  /** Cut off from the others, so that nobody can tell it what it has forgotten. */
  private void startAlone(int millis) {
    at(millis, new Isolate(LEAVER));
    at(millis + 10, new Restart(LEAVER));
  }

  private void crashAndStart(int millis) {
    at(millis, new Crash(LEAVER, 0, true, false));
    at(millis + 10, new Restart(LEAVER));
  }

  private void requireNothingIsTaken(int millis) {
    VersionVector[] before = {VersionVector.EMPTY};
    look(
        millis,
        () -> {
          assertThat(isMemberAsFarAsItKnows()).as("it has not applied its removal").isTrue();
          before[0] = replica().weak().received();
          write();
        });
    look(millis + 50, () -> assertThat(replica().weak().received()).isEqualTo(before[0]));
  }

  private void requireServesAgain(int millis) {
    VersionVector[] before = {VersionVector.EMPTY};
    look(
        millis,
        () -> {
          before[0] = replica().weak().received();
          write();
        });
    look(millis + 50, () -> assertThat(replica().weak().received()).isNotEqualTo(before[0]));
  }

  @Test
  void whoHasLeftTakesNothingInAnyLaterLifeUntilItIsLetInAgain() {
    at(600, new Leave(LEAVER, false));
    startAlone(1_500);
    requireNothingIsTaken(1_600);
    crashAndStart(1_700);
    requireNothingIsTaken(1_800);
    at(1_900, new ClusterAction.Checkpoint(LEAVER));
    crashAndStart(2_000);
    requireNothingIsTaken(2_100);
    at(2_200, new HealAll());
    requireServesAgain(3_200);
    at(3_300, new Isolate(LEAVER));
    crashAndStart(3_310);
    requireServesAgain(3_400);
    at(3_500, new HealAll());
    run();
  }

  /** The others may let it go, or have, without its ever hearing of it. */
  @Test
  void whoHasAskedToBeLetGoAsksTheLedgerInItsNextLifeWhetherItWas() {
    look(
        695,
        () -> {
          assertThat(isMemberAsFarAsItKnows()).isTrue();
          world.server(LEAVER).step(new Input.Dismiss(Dismissal.UNTIL_TOLD));
        });
    at(690, new Isolate(LEAVER));
    crashAndStart(710);
    requireNothingIsTaken(800);
    at(900, new HealAll());
    requireServesAgain(1_500);
    look(
        1_600,
        () ->
            assertThat(replica().weak().dismissal().index())
                .isBetween(1L, replica().machine().applied().index()));
    run();
  }

  @Test
  void whoWasPutOutStopsOnceThatIsOnItsDisk() {
    look(
        600,
        () -> {
          Participant self = self();
          StrongMessage expelled = new StrongMessage.Expelled(self, 9);
          ClusterServer server = world.server(LEAVER);
          server.step(new StrongInput.FromReplica(self.node(), expelled));
          assertThat(server.isUp()).as("it waits for the disk").isTrue();
          assertThat(replica().weak().dismissal().index()).isEqualTo(9);
          assertThat(replica().weak().dismissal().durableIndex()).isZero();
          VersionVector before = replica().weak().received();
          write();
          assertThat(replica().weak().received()).isEqualTo(before);
          server.crashAfter(0, true);
          world.start(server);
        });
    run();
  }
}
