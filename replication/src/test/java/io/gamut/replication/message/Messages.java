package io.gamut.replication.message;

import io.gamut.core.Content;
import io.gamut.core.Dot;
import io.gamut.core.Key;
import io.gamut.core.NodeId;
import io.gamut.core.Origin;
import io.gamut.core.Version;
import io.gamut.core.VersionVector;
import io.gamut.replication.ReplicaState;
import io.gamut.replication.message.JournalRecord.Admitted;
import io.gamut.replication.message.JournalRecord.BarrierRaised;
import io.gamut.replication.message.JournalRecord.CatchUpAbandoned;
import io.gamut.replication.message.JournalRecord.ClockBound;
import io.gamut.replication.message.JournalRecord.Dismissed;
import io.gamut.replication.message.JournalRecord.Fenced;
import io.gamut.replication.message.JournalRecord.GappedUpdates;
import io.gamut.replication.message.JournalRecord.LifeHeard;
import io.gamut.replication.message.JournalRecord.MembersChanged;
import io.gamut.replication.message.JournalRecord.NewOrigin;
import io.gamut.replication.message.Member.Standing;
import io.gamut.replication.message.PeerMessage.Advert;
import io.gamut.replication.message.PeerMessage.Batch;
import io.gamut.replication.message.PeerMessage.Members;
import io.gamut.replication.message.PeerMessage.OriginAnswer;
import io.gamut.replication.message.PeerMessage.OriginQuery;
import io.gamut.replication.message.PeerMessage.Outdated;
import io.gamut.replication.message.PeerMessage.Pull;
import io.gamut.replication.message.PeerMessage.Section;
import io.gamut.replication.message.PeerMessage.Spread;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/** Messages, records and states at random: all kinds, all fields, small and odd values. */
final class Messages {
  static final int MESSAGE_KINDS = 8;
  static final int RECORD_KINDS = 11;

  private final SplittableRandom random;

  Messages(long seed) {
    random = new SplittableRandom(seed);
  }

  PeerMessage message(int kind) {
    return switch (kind) {
      case 0 -> new Spread(updates());
      case 1 -> advert();
      case 2 -> new Pull(random.nextLong(), vector(), random.nextInt(Integer.MAX_VALUE));
      case 3 -> new Batch(random.nextLong(), sections(), updates(), vector(), random.nextBoolean());
      case 4 -> new OriginQuery(origin());
      case 5 -> new OriginAnswer(origin(), sequence(), 1L << 60);
      case 6 -> new Members(members());
      default -> new Outdated(random.nextLong());
    };
  }

  JournalRecord record(int kind) {
    return switch (kind) {
      case 0 -> new JournalRecord.Updates(updates());
      case 1 -> new GappedUpdates(origin(), sequence(), updates(), vector());
      case 2 -> new NewOrigin(origin());
      case 3 -> new ClockBound(random.nextLong());
      case 4 -> new MembersChanged(members());
      case 5 -> new BarrierRaised(vector());
      case 6 -> new CatchUpAbandoned();
      case 10 -> new Dismissed(Long.MAX_VALUE - random.nextInt(99));
      case 9 -> new Admitted(1 + random.nextInt(99_999));
      case 8 -> new Fenced(random.nextLong(), 1 + random.nextInt(9));
      default -> new LifeHeard(new NodeId(random.nextInt(NodeId.VALUE_MAX)), random.nextLong());
    };
  }

  private Advert advert() {
    VersionVector received = vector();
    return new Advert(
        received,
        partOf(received),
        random.nextBoolean(),
        random.nextLong(),
        random.nextLong(),
        nodes());
  }

  /** Of some origins all, of some half, of some nothing. */
  static VersionVector partOf(VersionVector vector) {
    VersionVector[] part = {vector};
    vector.forEach((origin, last) -> {
      if (last % 2 == 0) {
        part[0] = part[0].with(origin, last % 4 == 0 ? last / 2 : 0);
      }
    });
    return part[0];
  }

  ReplicaState state() {
    Map<NodeId, Long> boots = new TreeMap<>();
    nodes().forEach(node -> boots.put(node, random.nextLong()));
    return new ReplicaState(
        origin(),
        vector(),
        vector(),
        vector(),
        vector(),
        vector(),
        random.nextLong(),
        members(),
        boots,
        Map.of(-7L, 3L, 8L, 1L),
        77);
  }

  List<Update> updates() {
    List<Update> updates = new ArrayList<>();
    VersionVector dependencies = vector();
    Dot dot = new Dot(origin(), sequence());
    int count = random.nextInt(8);
    for (int i = 0; i < count; i++) {
      dot =
          switch (random.nextInt(4)) {
            case 0 -> new Dot(origin(), sequence());
            case 1 -> new Dot(dot.origin(), sequence());
            default -> new Dot(dot.origin(), dot.sequence() + 1);
          };
      dependencies =
          switch (random.nextInt(4)) {
            case 0 -> vector();
            case 1 -> dependencies.with(origin(), random.nextInt(3));
            default -> dependencies;
          };
      Origin stamper = random.nextInt(3) == 0 ? origin() : dot.origin();
      Version version = new Version(random.nextLong(), stamper);
      updates.add(new Update(dot, version, dependencies, Key.of(bytes(1, 20)), content()));
    }
    return updates;
  }

  private Content content() {
    return switch (random.nextInt(4)) {
      case 0 -> Content.Tombstone.TOMBSTONE;
      case 1 -> new Content.Value(bytes(0, 30), random.nextInt(), random.nextLong(Long.MAX_VALUE));
      default -> Content.Value.of(bytes(0, 30));
    };
  }

  private byte[] bytes(int least, int below) {
    byte[] bytes = new byte[random.nextInt(least, below)];
    random.nextBytes(bytes);
    return bytes;
  }

  private List<Section> sections() {
    List<Section> sections = new ArrayList<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      long after = random.nextInt(10);
      sections.add(new Section(origin(), after, after + random.nextInt(10)));
    }
    return sections;
  }

  private List<NodeId> nodes() {
    return random.ints(random.nextInt(4), 0, NodeId.VALUE_MAX + 1).mapToObj(NodeId::new).toList();
  }

  private MemberTable members() {
    List<Member> rows = new ArrayList<>();
    for (NodeId node : nodes()) {
      Standing standing = random.nextBoolean() ? Standing.ACTIVE : Standing.LEFT;
      rows.add(new Member(node, "host-\u00e4:" + node, standing, random.nextLong()));
    }
    return MemberTable.EMPTY.merge(rows);
  }

  private VersionVector vector() {
    VersionVector vector = VersionVector.EMPTY;
    for (int i = random.nextInt(4); i > 0; i--) {
      vector = vector.with(origin(), sequence());
    }
    return vector;
  }

  private Origin origin() {
    return new Origin(random.nextInt(4) - 2, random.nextInt(2));
  }

  private long sequence() {
    return 1 + (random.nextLong(Long.MAX_VALUE - 100) >>> random.nextInt(62));
  }
}
