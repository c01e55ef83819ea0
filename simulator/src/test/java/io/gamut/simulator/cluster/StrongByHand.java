package io.gamut.simulator.cluster;

import io.gamut.core.Key;
import io.gamut.core.NodeId;
import io.gamut.core.Operation;
import io.gamut.core.Origin;
import io.gamut.core.Reply;
import io.gamut.core.Requirement;
import io.gamut.core.VersionVector;
import io.gamut.ledger.Ledger;
import io.gamut.ledger.LedgerEffects;
import io.gamut.ledger.LedgerInput;
import io.gamut.ledger.log.AppliedPoint;
import io.gamut.ledger.log.Configuration;
import io.gamut.ledger.log.Entry;
import io.gamut.ledger.log.Participant;
import io.gamut.ledger.message.LedgerMessage;
import io.gamut.ledger.message.LedgerRecord;
import io.gamut.ledger.message.LedgerRecord.TermAndVote;
import io.gamut.replication.Now;
import io.gamut.replication.Promise;
import io.gamut.replication.committed.Proposer;
import io.gamut.replication.committed.StateMachine;
import io.gamut.replication.message.Update;
import io.gamut.replication.strong.Freshness;
import io.gamut.replication.strong.StrongEffects;
import io.gamut.replication.strong.StrongInput;
import io.gamut.replication.strong.StrongMessage;
import io.gamut.replication.strong.StrongReplica;
import io.gamut.replication.strong.WeakWorld;
import io.gamut.storage.committed.MemoryCommittedStore;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The strong world of a follower whose ledger says what a test wants it to say. */
final class StrongByHand {
  private static final long MILLI = 1_000_000;
  private static final Participant SELF = new Participant(new NodeId(0), 1);
  private static final Participant LEADER = new Participant(new NodeId(1), 2);

  private static final Proposer PROPOSER = new Proposer(1, 7);

  private final Scripted ledger = new Scripted();
  private final Answers answers = new Answers();
  private final StrongReplica replica;
  private long nanos = 1_000 * MILLI;

  StrongByHand() {
    MemoryCommittedStore store = new MemoryCommittedStore();
    StateMachine machine = new StateMachine(store);
    replica =
        new StrongReplica(
            SELF, ledger, machine, store, PROPOSER, new NoWeak(), Long.MAX_VALUE, now());
    replica.start(now(), answers);
  }

  long boot() {
    return PROPOSER.boot();
  }

  private Now now() {
    return new Now(nanos, nanos / MILLI);
  }

  void pass(long millis) {
    nanos += millis * MILLI;
  }

  void read(long request, Requirement requirement, Freshness freshness) {
    long deadline = nanos + 10_000 * MILLI;
    step(new StrongInput.Read(request, Key.of("key"), requirement, freshness, deadline));
  }

  void execute(long request, Operation operation) {
    long deadline = nanos + 10_000 * MILLI;
    step(new StrongInput.Execute(request, operation, Requirement.NONE, 0, deadline));
  }

  void remove(long request, NodeId node) {
    step(new StrongInput.Remove(request, node, nanos + 10_000 * MILLI));
  }

  void step(StrongInput input) {
    replica.step(input, now(), answers);
    replica.endTurn(now(), answers);
  }

  /** Nobody leads any more. */
  void loseLeader() {
    ledger.isLeaderLost = true;
    step(StrongInput.Tick.TICK);
  }

  /** The ledger confirms the reads that it was asked for, at what is committed. */
  void confirm() {
    ledger.isConfirming = true;
    step(StrongInput.Tick.TICK);
    replica.endTurn(now(), answers);
    ledger.isConfirming = false;
  }

  void commit(Entry entry) {
    ledger.committed = entry;
    replica.endTurn(now(), answers);
  }

  List<Long> answered() {
    return answers.requests;
  }

  @Nullable Reply reply(long request) {
    return answers.replies.get(request);
  }

  /** What the leader was told. */
  List<StrongMessage> told() {
    return answers.told;
  }

  /** What everybody was told. */
  List<StrongMessage> toldAll() {
    return answers.toldAll;
  }

  /** A ledger without a mind of its own. */
  private static final class Scripted implements Ledger {
    private final List<Long> asked = new ArrayList<>();
    private @Nullable Participant leader = LEADER;
    private boolean isLeaderLost;
    private boolean isConfirming;
    private @Nullable Entry committed;
    private long index;

    @Override
    public void start(long nowNanos, LedgerEffects effects) {
      effects.led(leader, 1);
    }

    @Override
    public void step(LedgerInput input, long nowNanos, LedgerEffects effects) {
      if (input instanceof LedgerInput.Read(long request)) {
        asked.add(request);
      }
      if (isLeaderLost) {
        isLeaderLost = false;
        leader = null;
        effects.led(null, 1);
      }
      if (committed != null) {
        index = committed.index();
        effects.committed(List.of(committed));
        committed = null;
      }
      if (isConfirming) {
        asked.forEach(request -> effects.readable(request, index));
        asked.clear();
      }
    }

    @Override
    public void flush(long nowNanos, LedgerEffects effects) {}

    @Override
    public long wakeAtNanos(long nowNanos) {
      return nowNanos + MILLI;
    }

    @Override
    public @Nullable Participant leader() {
      return leader;
    }

    @Override
    public boolean isLeader() {
      return false;
    }

    @Override
    public long term() {
      return 1;
    }

    @Override
    public long commitIndex() {
      return index;
    }

    @Override
    public long lastIndex() {
      return index;
    }

    @Override
    public Configuration configuration() {
      return Configuration.of(SELF).withVoter(LEADER);
    }

    @Override
    public long durableIndex() {
      return index;
    }

    @Override
    public Kept kept() {
      return new Kept(AppliedPoint.ORIGIN, new TermAndVote(1, null));
    }
  }

  /** A weak world in which nothing was ever written. */
  private static final class NoWeak implements WeakWorld {
    @Override
    public long stamps(int count, long than, Now now) {
      return than + 1;
    }

    @Override
    public boolean isClockTrusted(boolean isAlone, Now now) {
      return true;
    }

    @Override
    public boolean hasLeft(Participant member) {
      return false;
    }

    @Override
    public long boot() {
      return PROPOSER.boot();
    }

    @Override
    public long boot(NodeId node) {
      return 0;
    }

    @Override
    public boolean isFenced(long incarnation, long round) {
      return false;
    }

    @Override
    public void setFence(long incarnation, long round) {}

    @Override
    public VersionVector held() {
      return VersionVector.EMPTY;
    }

    @Override
    public @Nullable Promise promise() {
      return null;
    }

    @Override
    public void makePromise() {}

    @Override
    public VersionVector reachable(VersionVector dependencies) {
      return dependencies;
    }

    @Override
    public VersionVector visible() {
      return VersionVector.EMPTY;
    }

    @Override
    public List<Update> read(Origin origin, long first, long last, int bytesMax) {
      return List.of();
    }
  }

  /** Remembers who was answered. */
  private static final class Answers implements StrongEffects {
    private final List<Long> requests = new ArrayList<>();
    private final List<StrongMessage> told = new ArrayList<>();
    private final List<StrongMessage> toldAll = new ArrayList<>();
    private final Map<Long, Reply> replies = new HashMap<>();

    @Override
    public void reply(long request, Reply reply) {
      requests.add(request);
      replies.put(request, reply);
    }

    @Override
    public void persist(LedgerRecord record) {}

    @Override
    public void send(Participant to, LedgerMessage message) {}

    @Override
    public void tell(NodeId to, StrongMessage message) {
      told.add(message);
    }

    @Override
    public void tellAll(StrongMessage message) {
      toldAll.add(message);
    }

    @Override
    public void needsSnapshot(Participant participant) {}

    @Override
    public void outdated() {}
  }
}
