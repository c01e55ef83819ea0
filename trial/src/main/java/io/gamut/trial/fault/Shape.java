package io.gamut.trial.fault;

import io.gamut.trial.cluster.Control.Link;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.stream.Collectors;

/**
 * Which links are cut, of those between all servers.
 *
 * @param cut the links
 * @param detail what is left, for people, by ids
 */
record Shape(Set<Link> cut, String detail) {
  /** The servers by place in the order in which a shape is made of them. */
  private static List<Integer> order(Scene scene) {
    List<Integer> order = new ArrayList<>();
    for (int place = 0; place < scene.count(); place++) {
      order.add(place);
    }
    Collections.shuffle(order, new Random(scene.random().nextLong()));
    return order;
  }

  /** With the leader first, if there is one. */
  private static List<Integer> fromLeader(Scene scene) {
    List<Integer> order = order(scene);
    int leader = scene.leaderOrAny();
    order.remove(Integer.valueOf(leader));
    order.addFirst(leader);
    return order;
  }

  private static Shape of(List<Integer> order, BiPredicate<Integer, Integer> isCut, String detail) {
    Set<Link> cut = new LinkedHashSet<>();
    for (int i = 0; i < order.size(); i++) {
      for (int j = i + 1; j < order.size(); j++) {
        if (isCut.test(i, j)) {
          cut.add(new Link(order.get(i), order.get(j)));
        }
      }
    }
    return new Shape(cut, detail);
  }

  private static String ids(Scene scene, List<Integer> places, String separator) {
    return places.stream()
        .map(place -> "" + scene.cluster().id(place))
        .collect(Collectors.joining(separator));
  }

  private static String parts(Scene scene, List<Integer> order, int first) {
    return ids(scene, order.subList(0, first), " ")
        + " | "
        + ids(scene, order.subList(first, order.size()), " ");
  }

  /** One server alone, the leader as often as not. */
  static Shape isolate(Scene scene) {
    List<Integer> order = scene.random().nextBoolean() ? fromLeader(scene) : order(scene);
    return alone(scene, order);
  }

  /** Two parts, of which the smaller one has less than half. */
  static Shape halves(Scene scene) {
    List<Integer> order = order(scene);
    int first = Math.max(1, (order.size() - 1) / 2);
    return of(order, (i, j) -> i < first && j >= first, parts(scene, order, first));
  }

  /** Two parts, and one server in both. */
  static Shape bridge(Scene scene) {
    List<Integer> order = order(scene);
    int middle = order.size() / 2;
    return of(
        order,
        (i, j) -> i < middle && j > middle,
        ids(scene, order.subList(0, middle), " ")
            + " ("
            + scene.cluster().id(order.get(middle))
            + ") "
            + ids(scene, order.subList(middle + 1, order.size()), " "));
  }

  /** Each has links with two others only; of three servers that cuts none. */
  static Shape ring(Scene scene) {
    List<Integer> order = order(scene);
    int last = order.size() - 1;
    return of(
        order, (i, j) -> j - i > 1 && !(i == 0 && j == last), "ring " + ids(scene, order, " - "));
  }

  /**
   * A line with the leader at its end: "chained" in Ng, Haridi and Carbone, "Omni-Paxos" (EuroSys
   * 2023), section 2.
   */
  static Shape chain(Scene scene) {
    List<Integer> order = fromLeader(scene);
    return of(order, (i, j) -> j - i > 1, ids(scene, order, " - "));
  }

  /** All have links with one server only, which does not lead: "quorum loss", same section. */
  static Shape quorumLoss(Scene scene) {
    List<Integer> order = fromLeader(scene);
    Collections.swap(order, 0, 1);
    return of(order, (i, j) -> i > 0, star(scene, order));
  }

  /**
   * The same, and the leader has none at all: "constrained election", same section, where the
   * server in the middle has missed something.
   *
   * @param order all servers, the one in the middle first and the leader last
   */
  static Shape constrainedElection(Scene scene, List<Integer> order) {
    int last = order.size() - 1;
    return of(
        order,
        (i, j) -> i > 0 || j == last,
        star(scene, order.subList(0, last)) + " | " + scene.cluster().id(order.getLast()));
  }

  /** All servers, with the leader, if there is one, last. */
  static List<Integer> toLeader(Scene scene) {
    List<Integer> order = fromLeader(scene);
    Collections.reverse(order);
    return order;
  }

  private static String star(Scene scene, List<Integer> order) {
    return "all of "
        + ids(scene, order.subList(1, order.size()), " ")
        + " with "
        + scene.cluster().id(order.getFirst())
        + " only";
  }

  /** The first one has no links. */
  static Shape alone(Scene scene, List<Integer> order) {
    return of(order, (i, j) -> i == 0, parts(scene, order, 1));
  }
}
