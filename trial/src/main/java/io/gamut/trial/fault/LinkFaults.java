package io.gamut.trial.fault;

import io.gamut.trial.cluster.Control.End;
import io.gamut.trial.cluster.Control.Link;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** Faults of links. */
final class LinkFaults {
  private static final String HEAL = "heal";
  private static final long MISSED_MILLIS = 300;

  private LinkFaults() {}

  static Fault cut(Scene scene, Shape shape) {
    return new Fault(
        shape.detail(),
        HEAL,
        () -> scene.tell(shape.cut(), "CUT"),
        () -> scene.tell(shape.cut(), "HEAL"));
  }

  /** First the server in the middle misses something, so that its log is behind. */
  static Fault constrainedElection(Scene scene) {
    List<Integer> order = Shape.toLeader(scene);
    Shape alone = Shape.alone(scene, order);
    Shape shape = Shape.constrainedElection(scene, order);
    Set<Link> missed = new LinkedHashSet<>(alone.cut());
    missed.removeAll(shape.cut());
    return new Fault(
        shape.detail(),
        HEAL,
        () -> {
          scene.tell(alone.cut(), "CUT");
          TimeUnit.MILLISECONDS.sleep(MISSED_MILLIS);
          scene.tell(shape.cut(), "CUT");
          scene.tell(missed, "HEAL");
        },
        () -> {
          scene.tell(alone.cut(), "HEAL");
          scene.tell(shape.cut(), "HEAL");
        });
  }

  static Fault flapping(Scene scene) {
    List<Link> link = List.of(scene.anyLink());
    boolean[] isCut = {true};
    return new Fault(
        scene.link(link.getFirst()),
        HEAL,
        () -> scene.tell(link, "CUT"),
        () -> {
          scene.tell(link, isCut[0] ? "HEAL" : "CUT");
          isCut[0] = !isCut[0];
        },
        () -> scene.tell(link, "HEAL"));
  }

  static Fault oneWay(Scene scene) {
    Link link = scene.anyLink();
    return new Fault(
        "nothing from %d to %d"
            .formatted(scene.cluster().id(link.one()), scene.cluster().id(link.other())),
        HEAL,
        () -> lose(scene, link, "100"),
        () -> lose(scene, link, "0"));
  }

  private static void lose(Scene scene, Link link, String percent) throws IOException {
    End end = new End(link.one(), link.other(), List.of("LOSS", percent));
    List<String> faults = scene.control().link(List.of(end));
    if (!faults.isEmpty()) {
      throw new IOException(faults.getFirst());
    }
  }

  static Fault delay(Scene scene) {
    List<Link> link = List.of(scene.anyLink());
    String millis = "" + scene.between(20, 200);
    return new Fault(
        scene.link(link.getFirst()) + ", " + millis + " ms",
        HEAL,
        () -> scene.tell(link, "DELAY", millis),
        () -> scene.tell(link, "DELAY", "0"));
  }

  static Fault loss(Scene scene) {
    List<Link> link = List.of(scene.anyLink());
    String percent = "" + scene.between(5, 40);
    return new Fault(
        scene.link(link.getFirst()) + ", " + percent + " %",
        HEAL,
        () -> scene.tell(link, "LOSS", percent),
        () -> scene.tell(link, "LOSS", "0"));
  }
}
