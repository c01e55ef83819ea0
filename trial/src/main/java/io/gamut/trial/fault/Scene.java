package io.gamut.trial.fault;

import io.gamut.trial.cluster.Cluster;
import io.gamut.trial.cluster.Control;
import io.gamut.trial.cluster.Control.End;
import io.gamut.trial.cluster.Control.Link;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.OptionalInt;
import java.util.random.RandomGenerator;

/** What a fault is chosen by: the cluster as it is, and dice. For one thread. */
record Scene(Cluster cluster, Control control, RandomGenerator random) {
  int count() {
    return cluster.count();
  }

  int any() {
    return random.nextInt(count());
  }

  /** The place of the leader, or of any server if nobody leads. */
  int leaderOrAny() {
    OptionalInt leader = control.leader();
    return leader.isPresent() ? leader.getAsInt() : any();
  }

  /** The leader as often as not. */
  int anyOrLeader() {
    return random.nextBoolean() ? leaderOrAny() : any();
  }

  Link anyLink() {
    int one = any();
    return new Link(one, (one + 1 + random.nextInt(count() - 1)) % count());
  }

  int between(int least, int most) {
    return random.nextInt(least, most + 1);
  }

  String link(Link link) {
    return cluster.id(link.one()) + " - " + cluster.id(link.other());
  }

  /** Tells both ends of all links. Throws if one could not do it. */
  void tell(Collection<Link> links, String... words) throws IOException {
    List<End> ends = new ArrayList<>();
    links.forEach(link -> ends.addAll(End.both(link, words)));
    List<String> faults = control.link(ends);
    if (!faults.isEmpty()) {
      throw new IOException(String.join("; ", faults));
    }
  }
}
