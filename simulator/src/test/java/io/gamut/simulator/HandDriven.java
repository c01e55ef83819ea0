package io.gamut.simulator;

import io.gamut.core.Content;
import io.gamut.core.Dot;
import io.gamut.core.Key;
import io.gamut.core.NodeId;
import io.gamut.core.Origin;
import io.gamut.core.Reply;
import io.gamut.core.Version;
import io.gamut.core.VersionVector;
import io.gamut.replication.Effects;
import io.gamut.replication.Input;
import io.gamut.replication.Now;
import io.gamut.replication.Replica;
import io.gamut.replication.ReplicaState;
import io.gamut.replication.Timing;
import io.gamut.replication.View;
import io.gamut.replication.committed.CommittedView;
import io.gamut.replication.message.JournalRecord;
import io.gamut.replication.message.Member;
import io.gamut.replication.message.Member.Standing;
import io.gamut.replication.message.MemberTable;
import io.gamut.replication.message.PeerMessage;
import io.gamut.replication.message.PeerMessage.Envelope;
import io.gamut.replication.message.Update;
import io.gamut.replication.store.UpdateStore;
import io.gamut.storage.update.MemoryUpdateStore;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * A replica of which a test does everything by hand: it delivers each message, ends each write to
 * the disk and moves the clock. For schedules that a seed would seldom meet.
 */
final class HandDriven implements Effects {
  private static final long WALL_MILLIS = 1_700_000_000_000L;
  private static final long MILLI = 1_000_000;

  final NodeId id;
  final Replica replica;
  final UpdateStore store;

  /** What was given to the journal; its durable part is what {@link #sync} has been called for. */
  final List<JournalRecord> journal;

  private final List<Envelope> sent = new ArrayList<>();
  private final Map<Long, Reply> replies = new HashMap<>();
  private final long wallMillis;
  private long nanos = 1;
  private long given;
  private long requests;

  /** A life of a server that finds {@code found} in its journal. */
  HandDriven(int node, List<JournalRecord> found, long seed, long afterMillis) {
    this(node, found, seed, afterMillis, new MemoryUpdateStore(), null);
  }

  /** A life of a server that finds a checkpoint and, behind it, {@code found} in its journal. */
  HandDriven(
      int node,
      List<JournalRecord> found,
      long seed,
      long afterMillis,
      UpdateStore store,
      @Nullable ReplicaState state) {
    id = new NodeId(node);
    this.store = store;
    wallMillis = WALL_MILLIS + afterMillis;
    SplittableRandom random = new SplittableRandom(seed);
    Origin origin = new Origin(random.nextLong(), random.nextLong());
    journal = new ArrayList<>(found);
    replica =
        new Replica(
            id,
            node,
            address(node),
            Timing.DEFAULT,
            new View(store, CommittedView.NONE),
            random::nextLong,
            state == null ? ReplicaState.initial(origin) : state);
    found.forEach(replica::recover);
  }

  private static String address(int node) {
    return "server-" + node;
  }

  /** The member table of these servers. */
  static MemberTable members(int... nodes) {
    List<Member> rows = new ArrayList<>();
    for (int node : nodes) {
      rows.add(new Member(new NodeId(node), address(node), Standing.ACTIVE, 1));
    }
    return MemberTable.EMPTY.merge(rows);
  }

  HandDriven start(MemberTable known) {
    replica.start(known, true, now(), this);
    return this;
  }

  private Now now() {
    return new Now(nanos, wallMillis + nanos / MILLI);
  }

  void step(Input input) {
    replica.step(input, now(), this);
  }

  /** Lets time pass. */
  void pass(long millis) {
    nanos += millis * MILLI;
    step(new Input.Tick());
  }

  /** All that was given to the disk becomes durable. */
  void sync() {
    step(new Input.Persisted(given));
  }

  /** Asks for a write; the number of the request. */
  long write(String key, VersionVector dependencies) {
    Content content = Content.Value.of(new byte[] {1});
    long deadline = now().nanos() + 1_000 * MILLI;
    step(new Input.Write(++requests, Key.of(key), content, dependencies, 0, 0, null, deadline));
    return requests;
  }

  /** Writes, durably; the name of the update. */
  Dot written(String key, VersionVector dependencies) {
    long request = write(key, dependencies);
    sync();
    return ((Reply.Written) reply(request)).dot();
  }

  Reply reply(long request) {
    return Objects.requireNonNull(replies.get(request), "request " + request + " waits");
  }

  boolean isAnswered(long request) {
    return replies.containsKey(request);
  }

  void receive(HandDriven from, Envelope envelope) {
    step(new Input.Received(from.id, envelope));
  }

  /** The last message of a kind that was sent, to whomever. */
  Envelope lastSent(Class<? extends PeerMessage> kind) {
    Envelope last = null;
    for (Envelope envelope : sent) {
      if (kind.isInstance(envelope.message())) {
        last = envelope;
      }
    }
    return Objects.requireNonNull(last, "no " + kind.getSimpleName() + " was sent");
  }

  long countSent(Class<? extends PeerMessage> kind) {
    return sent.stream().filter(envelope -> kind.isInstance(envelope.message())).count();
  }

  boolean hasSent(Class<? extends PeerMessage> kind) {
    return sent.stream().anyMatch(envelope -> kind.isInstance(envelope.message()));
  }

  boolean shows(Dot dot) {
    return replica.visible().covers(dot);
  }

  Version versionOf(String key) {
    return Objects.requireNonNull(store.lookup(Key.of(key)), key).version();
  }

  /** The updates of a name that this server has on its disk. */
  List<Update> named(Dot dot) {
    Update update = store.find(dot);
    return update == null ? List.of() : List.of(update);
  }

  @Override
  public void persist(JournalRecord record) {
    journal.add(record);
    given++;
  }

  @Override
  public void send(NodeId to, PeerMessage message) {
    sent.add(new Envelope(replica.boot(), message));
  }

  @Override
  public void broadcast(PeerMessage message) {
    sent.add(new Envelope(replica.boot(), message));
  }

  @Override
  public void reply(long request, Reply reply) {
    replies.put(request, reply);
  }

  @Override
  public void membersChanged(MemberTable members) {}
}
