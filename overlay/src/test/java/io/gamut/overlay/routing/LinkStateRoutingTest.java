package io.gamut.overlay.routing;

import static io.gamut.overlay.routing.Network.id;
import static org.assertj.core.api.Assertions.assertThat;

import io.gamut.core.NodeId;
import java.util.List;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

final class LinkStateRoutingTest {
  @Test
  void chainIsTravelledEndToEnd() {
    Network network = network(5, new int[][] {{1, 2}, {2, 3}, {3, 4}, {4, 5}});
    assertThat(network.travel(1, 5)).containsExactly(id(2), id(3), id(4), id(5));
    assertThat(network.travel(5, 1)).containsExactly(id(4), id(3), id(2), id(1));
    assertThat(network.at(2).routes().children(id(1))).containsExactly(id(3));
  }

  @Test
  void ringTakesTheOtherWayWhenCut() {
    Network network = network(4, new int[][] {{1, 2}, {2, 3}, {3, 4}, {4, 1}});
    assertThat(network.travel(1, 3)).as("the smaller first hop").containsExactly(id(2), id(3));
    network.unlink(1, 2);
    network.settle();
    assertThat(network.travel(1, 2)).containsExactly(id(4), id(3), id(2));
    requireOptimal(network);
  }

  @Test
  void starAndMeshAndTreeAreOptimal() {
    requireOptimal(network(5, new int[][] {{3, 1}, {3, 2}, {3, 4}, {3, 5}}));
    requireOptimal(network(4, new int[][] {{1, 2}, {1, 3}, {1, 4}, {2, 3}, {2, 4}, {3, 4}}));
    requireOptimal(network(6, new int[][] {{1, 2}, {1, 3}, {2, 4}, {2, 5}, {3, 6}}));
  }

  @Test
  void partitionSplitsWhatIsReachable() {
    Network network = network(4, new int[][] {{1, 2}, {2, 3}, {3, 4}});
    network.unlink(2, 3);
    network.settle();
    assertThat(network.at(1).routes().reachable()).containsExactly(id(2));
    assertThat(network.at(4).routes().topology().links())
        .containsExactly(new Topology.Link(id(3), id(4)));
    network.link(2, 3);
    network.settle();
    requireOptimal(network);
  }

  @Test
  void linkCountsOnlyWhenBothEndsAdvertiseIt() {
    LinkStateDatabase database = new LinkStateDatabase(id(1), 1, 8);
    database.onNeighbours(List.of(id(2)));
    assertThat(database.routes().nextHop(id(2))).isEmpty();
    database.onAdvertisement(Advertisement.of(id(2), 1, 1, List.of(id(1))));
    assertThat(database.routes().nextHop(id(2))).contains(id(2));
  }

  @Test
  void restartedNodeIsNotShadowedByItsOldLifeEvenIfItsClockWentBack() {
    Network network = network(3, new int[][] {{1, 2}, {2, 3}});
    for (int i = 0; i < 20; i++) {
      network.unlink(2, 3);
      network.link(2, 3);
    }
    network.settle();
    network.stop(3);
    network.settle();
    network.start(3, 1);
    network.link(2, 3);
    network.settle();
    assertThat(network.at(3).own().incarnation()).as("jumped above").isGreaterThan(1);
    requireOptimal(network);
  }

  @Test
  void flappingLinksSettle() {
    Network network = network(5, new int[][] {{1, 2}, {2, 3}, {3, 4}, {4, 5}, {5, 1}});
    for (int i = 0; i < 100; i++) {
      network.unlink(2, 3);
      network.link(2, 3);
    }
    network.settle();
    requireOptimal(network);
  }

  @Test
  void routesAreLoopFreeAndOptimalOnRandomGraphsThatChange() {
    for (long seed = 0; seed < 60; seed++) {
      SplittableRandom dice = new SplittableRandom(seed);
      int size = dice.nextInt(2, 12);
      Network network = network(seed, size, new int[][] {});
      for (int round = 0; round < 6; round++) {
        for (int change = 0; change < size; change++) {
          int a = dice.nextInt(1, size + 1);
          int b = dice.nextInt(1, size + 1);
          if (a == b) {
            continue;
          }
          if (dice.nextInt(8) == 0) {
            network.stop(a);
            network.start(a, dice.nextLong(1, 2_000));
          } else if (network.isLinked(a, b)) {
            network.unlink(a, b);
          } else {
            network.link(a, b);
          }
        }
        network.settle();
        requireOptimal(network);
      }
    }
  }

  @Test
  void tableIsBoundedAndTheDeadMakeRoom() {
    LinkStateDatabase database = new LinkStateDatabase(id(1), 1, 3);
    database.onNeighbours(List.of(id(2)));
    database.onAdvertisement(Advertisement.of(id(2), 1, 1, List.of(id(1))));
    database.onAdvertisement(Advertisement.of(id(3), 1, 1, List.of()));
    assertThat(database.onAdvertisement(Advertisement.of(id(4), 1, 1, List.of(id(2)))))
        .isEqualTo(LinkStateDatabase.Reception.FLOOD);
    assertThat(database.table().keySet()).containsExactly(id(1), id(2), id(4));
    database.onAdvertisement(Advertisement.of(id(2), 1, 2, List.of(id(1), id(4))));
    assertThat(database.onAdvertisement(Advertisement.of(id(5), 1, 1, List.of(id(2)))))
        .isEqualTo(LinkStateDatabase.Reception.TABLE_FULL);
  }

  @Test
  void nodesOutOfReachAreForgottenAfterTheirTime() {
    LinkStateDatabase database = new LinkStateDatabase(id(1), 1, 8);
    database.onAdvertisement(Advertisement.of(id(3), 1, 1, List.of()));
    assertThat(database.expire(1_000, 500)).isEmpty();
    assertThat(database.expire(1_499, 500)).isEmpty();
    assertThat(database.expire(1_500, 500)).containsExactly(id(3));
    assertThat(database.table()).hasSize(1);
  }

  private static Network network(int size, int[][] links) {
    return network(0, size, links);
  }

  private static Network network(long seed, int size, int[][] links) {
    Network network = new Network(seed);
    for (int node = 1; node <= size; node++) {
      network.start(node, 1_000 + node);
    }
    for (int[] link : links) {
      network.link(link[0], link[1]);
    }
    network.settle();
    return network;
  }

  private static void requireOptimal(Network network) {
    for (NodeId from : network.ids()) {
      SortedMap<NodeId, Integer> truth = network.distances(from.value());
      TreeSet<NodeId> others = new TreeSet<>(truth.keySet());
      others.remove(from);
      LinkStateDatabase database = network.at(from.value());
      assertThat(database.routes().reachable()).isEqualTo(others);
      assertThat(network.broadcast(from.value()))
          .as("each node once")
          .containsExactlyInAnyOrderElementsOf(others);
      for (NodeId to : others) {
        assertThat(network.travel(from.value(), to.value())).hasSize(truth.getOrDefault(to, -1));
        assertThat(network.at(to.value()).digest()).isEqualTo(database.digest());
      }
    }
  }
}
