package io.gamut.simulator;

import io.gamut.core.Content;
import io.gamut.core.Dot;
import io.gamut.core.HybridClock;
import io.gamut.core.Key;
import io.gamut.core.Origin;
import io.gamut.core.Version;
import io.gamut.core.VersionVector;
import io.gamut.replication.Input;
import io.gamut.replication.message.PeerMessage;
import io.gamut.replication.message.PeerMessage.Advert;
import io.gamut.replication.message.PeerMessage.Batch;
import io.gamut.replication.message.PeerMessage.Envelope;
import io.gamut.replication.message.PeerMessage.Pull;
import io.gamut.replication.message.PeerMessage.Section;
import io.gamut.replication.message.PeerMessage.Spread;
import io.gamut.replication.message.Update;
import java.util.List;

/** Servers and messages for schedules that are done by hand. */
final class ByHand {
  static final VersionVector NOTHING = VersionVector.EMPTY;

  /** An origin whose server plays no part. */
  static final Origin LOST = new Origin(9, 9);

  private ByHand() {}

  static HandDriven server(int node, long seed, long after, int... members) {
    HandDriven made =
        new HandDriven(node, List.of(), seed, after).start(HandDriven.members(members));
    made.sync();
    return made;
  }

  static Envelope spread(HandDriven server) {
    server.pass(10);
    return server.lastSent(Spread.class);
  }

  static Envelope advert(HandDriven server) {
    server.pass(1_100);
    return server.lastSent(Advert.class);
  }

  static Envelope envelope(HandDriven from, PeerMessage message) {
    return new Envelope(from.replica.boot(), message);
  }

  static Envelope telling(HandDriven from, VersionVector holds) {
    long wallMillis = HybridClock.millis(from.replica.boot());
    return envelope(from, new Advert(holds, holds, true, 0, wallMillis, List.of()));
  }

  static void deliver(HandDriven from, HandDriven to, Envelope envelope) {
    to.receive(from, envelope);
    to.sync();
  }

  static Origin originOf(HandDriven server) {
    return server.replica.state().origin();
  }

  static Update update(Origin origin, long sequence, String key, long stamp) {
    Content content = Content.Value.of(new byte[] {2});
    return new Update(
        new Dot(origin, sequence), new Version(stamp, origin), NOTHING, Key.of(key), content);
  }

  /** A server that has begun to catch up from another, which had dropped the second of three. */
  static HandDriven catchingUp(HandDriven from, HandDriven newcomer) {
    VersionVector barrier = VersionVector.of(new Dot(LOST, 3)).with(new Origin(8, 8), 1);
    newcomer.step(new Input.NeighbourUp(from.id));
    newcomer.receive(from, telling(from, barrier));
    Pull pull = (Pull) newcomer.lastSent(Pull.class).message();
    List<Section> sections = List.of(new Section(LOST, 0, 3));
    List<Update> updates = List.of(update(LOST, 1, "k1", 1), update(LOST, 3, "k3", 3));
    deliver(
        from, newcomer, envelope(from, new Batch(pull.pull(), sections, updates, barrier, true)));
    return newcomer;
  }

  static VersionVector toldBy(HandDriven server) {
    return ((Advert) advert(server).message()).received();
  }
}
