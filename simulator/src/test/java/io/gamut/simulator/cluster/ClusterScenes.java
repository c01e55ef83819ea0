package io.gamut.simulator.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.gamut.core.Change;
import io.gamut.core.Content;
import io.gamut.core.Dot;
import io.gamut.core.Ends;
import io.gamut.core.HybridClock;
import io.gamut.core.Key;
import io.gamut.core.NodeId;
import io.gamut.core.Operation;
import io.gamut.core.OperationResult;
import io.gamut.core.Origin;
import io.gamut.core.Reply;
import io.gamut.core.Requirement;
import io.gamut.core.Version;
import io.gamut.core.VersionVector;
import io.gamut.ledger.log.Configuration;
import io.gamut.ledger.log.Entry;
import io.gamut.ledger.log.Participant;
import io.gamut.replication.committed.Command;
import io.gamut.replication.committed.CommandCodec;
import io.gamut.replication.committed.Proposer;
import io.gamut.replication.committed.Row;
import io.gamut.replication.committed.StateMachine;
import io.gamut.replication.message.Update;
import io.gamut.replication.strong.Freshness;
import io.gamut.replication.strong.StrongInput;
import io.gamut.replication.strong.StrongMessage;
import io.gamut.simulator.Judge;
import io.gamut.storage.committed.MemoryCommittedStore;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Scenes that seeds play too seldom: each fails if what its name says is not so. */
public enum ClusterScenes {
  UPDATES_ARE_ABSORBED_IN_THE_ORDER_OF_THEIR_ORIGIN {
    @Override
    void play() {
      reference().onCommitted(entry(1, new Command.Absorb(List.of(update(2, NOTHING)))), 0);
    }
  },
  UPDATES_ARE_ABSORBED_AFTER_THEIR_CAUSES {
    @Override
    void play() {
      VersionVector cause = VersionVector.of(new Dot(new Origin(2, 2), 1));
      reference().onCommitted(entry(1, new Command.Absorb(List.of(update(1, cause)))), 0);
    }
  },
  A_SNAPSHOT_CARRIES_REPLIES_AND_WHAT_IS_ABSORBED {
    @Override
    void play() {
      MemoryCommittedStore store = new MemoryCommittedStore();
      StateMachine machine = new StateMachine(store);
      Proposer proposer = new Proposer(1, HybridClock.fromMillis(1_000));
      machine.apply(entry(1, new Command.Absorb(List.of(update(1, NOTHING)))), (_, _, _) -> {});
      machine.apply(entry(2, put(proposer)), (_, _, _) -> {});
      machine.commit();
      MemoryCommittedStore elsewhere = new MemoryCommittedStore();
      StateMachine receiver = new StateMachine(elsewhere);
      elsewhere.install(store.snapshot());
      receiver.onInstalled();
      List<OperationResult> reply = machine.reply(proposer, 1);
      assertThat(reply).isNotNull();
      assertThat(receiver.reply(proposer, 1)).isEqualTo(reply);
      assertThat(receiver.absorbed()).isEqualTo(machine.absorbed());
      assertThat(receiver.hash()).isEqualTo(machine.hash());
    }
  },
  AN_ORIGIN_IS_CLOSED_ONCE_EVERY_SURVIVOR_WAS_ASKED {
    @Override
    void play() {
      ByCommands machine = withLostDisk();
      machine.apply(close(ORIGIN, FIRST));
      assertThat(machine.state.ends().isClosed(ORIGIN)).isFalse();
      machine.apply(close(ORIGIN, FIRST, SECOND));
      assertThat(machine.state.ends().of(ORIGIN)).isEqualTo(1);
    }
  },
  NOTHING_BEYOND_AN_END_IS_ABSORBED {
    @Override
    void play() {
      ByCommands machine = withLostDisk();
      machine.apply(close(ORIGIN, FIRST, SECOND));
      machine.apply(new Command.Absorb(List.of(update(1, NOTHING), update(2, NOTHING))));
      assertThat(machine.state.absorbed()).isEqualTo(VersionVector.of(new Dot(ORIGIN, 1)));
    }
  },
  AN_ORIGIN_THAT_NOBODY_HOLDS_IS_CLOSED_WITH_ITS_DISK {
    @Override
    void play() {
      ByCommands machine = withLostDisk();
      machine.apply(close(new Origin(LOST.incarnation(), 2), FIRST, SECOND));
      VersionVector written = VersionVector.of(new Dot(ORIGIN, 1));
      assertThat(new Requirement(written, 0, null).isLost(machine.state.ends(), null)).isTrue();
      machine.apply(new Command.Absorb(List.of(update(1, NOTHING))));
      assertThat(machine.state.absorbed().get(ORIGIN)).isZero();
    }
  },
  THE_FLOOR_WAITS_FOR_THE_CLOSING_OF_LOST_DISKS {
    @Override
    void play() {
      ByCommands machine = withLostDisk();
      long floor = HybridClock.fromMillis(5_000);
      Command raise = new Command.RaiseFloor(floor, List.of(FIRST, SECOND), NOTHING);
      machine.apply(raise);
      assertThat(machine.state.floor()).isZero();
      machine.apply(close(ORIGIN, FIRST, SECOND));
      machine.apply(new Command.Absorb(List.of(update(1, NOTHING))));
      machine.apply(raise);
      assertThat(machine.state.floor()).isEqualTo(floor);
    }
  },
  A_STATE_IS_AS_OLD_AS_THE_QUESTION_THAT_CONFIRMED_IT {
    @Override
    void play() {
      StrongByHand server = new StrongByHand();
      server.read(1, Requirement.NONE, new Freshness.AtMost(50));
      server.pass(100);
      server.confirm();
      assertThat(server.answered()).containsExactly(1L);
      server.pass(20);
      server.read(2, Requirement.NONE, new Freshness.AtMost(50_000_000));
      assertThat(server.answered()).containsExactly(1L);
    }
  },
  A_BOUNDED_READ_THAT_HAS_WAITED_IS_CONFIRMED_ANEW {
    @Override
    void play() {
      StrongByHand server = new StrongByHand();
      server.read(1, Requirement.NONE, new Freshness.AtMost(50));
      server.confirm();
      Requirement one = new Requirement(NOTHING, 1, null);
      server.read(2, one, new Freshness.AtMost(50_000_000));
      server.pass(100);
      server.commit(new Entry(1, 1, Entry.NoOp.NO_OP));
      assertThat(server.answered()).containsExactly(1L);
      server.confirm();
      assertThat(server.answered()).containsExactly(1L, 2L);
    }
  },
  A_SERVER_WHOSE_NEW_DISK_NEVER_CAME_CAN_BE_REMOVED {
    @Override
    void play() {
      Participant away = new Participant(new NodeId(3), 30);
      StrongByHand server = new StrongByHand();
      Configuration left = Configuration.of(FIRST).withVoter(SECOND);
      server.commit(new Entry(1, 1, new Entry.Reconfigured(left.withVoter(away))));
      server.commit(entry(2, new Command.Condemn(away, false)));
      server.commit(new Entry(3, 1, new Entry.Reconfigured(left)));
      server.remove(1, away.node());
      assertThat(server.answered()).isEmpty();
      server.pass(200);
      server.step(StrongInput.Tick.TICK);
      assertThat(server.toldAll()).contains(new StrongMessage.Removal(away));
      server.commit(entry(4, new Command.Condemn(away, true)));
      server.pass(200);
      server.step(StrongInput.Tick.TICK);
      assertThat(server.reply(1)).isInstanceOf(Reply.Done.class);
    }
  },
  THE_LEADER_IS_URGED_WHILE_A_READ_WAITS_FOR_A_WEAK_UPDATE {
    @Override
    void play() {
      StrongByHand server = new StrongByHand();
      Requirement seen = new Requirement(VersionVector.of(new Dot(ORIGIN, 1)), 0, null);
      server.read(1, seen, Freshness.Any.ANY);
      assertThat(server.told()).containsExactly(new StrongMessage.Urge());
      server.step(StrongInput.Tick.TICK);
      assertThat(server.told()).as("not in every turn").hasSize(1);
      server.pass(20);
      server.step(StrongInput.Tick.TICK);
      assertThat(server.told()).as("it may have been lost").hasSize(2);
      server.commit(entry(1, new Command.Absorb(List.of(update(1, NOTHING)))));
      assertThat(server.answered()).containsExactly(1L);
      server.pass(20);
      server.step(StrongInput.Tick.TICK);
      assertThat(server.told()).hasSize(2);
    }
  },
  WHO_KNOWS_THAT_THERE_IS_NO_MAJORITY_SAYS_SO_AT_ONCE {
    @Override
    void play() {
      StrongByHand server = new StrongByHand();
      server.loseLeader();
      server.step(new StrongInput.Reachable(Set.of(new NodeId(1))));
      server.execute(1, PUT);
      server.pass(20);
      server.step(StrongInput.Tick.TICK);
      assertThat(server.answered()).isEmpty();
      server.step(new StrongInput.Reachable(Set.of()));
      server.execute(2, PUT);
      server.pass(20);
      server.step(StrongInput.Tick.TICK);
      assertThat(server.answered()).containsExactlyInAnyOrder(1L, 2L);
    }
  },
  NOTHING_IS_OFFERED_BEFORE_THE_LIFE_IS_ON_THE_DISK {
    @Override
    void play() {
      StrongByHand server = new StrongByHand();
      server.execute(1, PUT);
      assertThat(server.told()).noneMatch(StrongMessage.Offer.class::isInstance);
      server.step(StrongInput.LifeKept.LIFE_KEPT);
      assertThat(server.told()).hasOnlyElementsOfType(StrongMessage.Offer.class).hasSize(1);
    }
  },
  A_BATCH_THAT_WAS_REFUSED_MAY_HAVE_COME_TWICE {
    @Override
    void play() {
      StrongByHand server = new StrongByHand();
      server.step(StrongInput.LifeKept.LIFE_KEPT);
      server.execute(1, PUT);
      byte[] other = offered(server.told().getLast());
      server.step(refused(server.boot()));
      server.commit(new Entry(1, 1, new Entry.Command(other)));
      assertThat(server.reply(1)).isInstanceOf(Reply.Executed.class);
    }
  },
  A_REFUSAL_OF_AN_EARLIER_LIFE_REFUSES_NOTHING {
    @Override
    void play() {
      StrongByHand server = new StrongByHand();
      server.step(StrongInput.LifeKept.LIFE_KEPT);
      server.execute(1, PUT);
      server.step(refused(server.boot() - 1));
      server.pass(30);
      server.step(StrongInput.Tick.TICK);
      assertThat(server.told()).hasSize(1);
      server.step(refused(server.boot()));
      server.pass(30);
      server.step(StrongInput.Tick.TICK);
      assertThat(server.told()).hasSize(2);
      assertThat(server.answered()).as("before the number is used up").isEmpty();
      server.commit(new Entry(1, 1, new Entry.Command(offered(server.told().getLast()))));
      assertThat(server.answered()).containsExactly(1L);
    }
  };

  private static final VersionVector NOTHING = VersionVector.EMPTY;
  private static final Participant FIRST = new Participant(new NodeId(0), 10);
  private static final Participant SECOND = new Participant(new NodeId(2), 20);
  private static final Participant LOST = new Participant(new NodeId(1), 1);
  private static final Origin ORIGIN = new Origin(1, 1);
  private static final Key KEY = Key.of("key");
  private static final Operation PUT =
      Operation.of(new Change.Put(KEY, Content.Tombstone.TOMBSTONE));

  abstract void play();

  private static byte[] offered(StrongMessage message) {
    assertThat(message).isInstanceOf(StrongMessage.Offer.class);
    return ((StrongMessage.Offer) message).command();
  }

  private static StrongInput refused(long boot) {
    NodeId leader = new NodeId(1);
    StrongMessage declined = new StrongMessage.Declined(boot, 1, StrongMessage.Reason.CLOCK);
    return new StrongInput.FromReplica(leader, declined);
  }

  private static ReferenceLedger reference() {
    Participant first = new Participant(new NodeId(0), 1);
    return new ReferenceLedger(Configuration.of(first), new Anything());
  }

  private static Update update(long sequence, VersionVector dependencies) {
    Version version = new Version(HybridClock.fromMillis(sequence), ORIGIN);
    return new Update(new Dot(ORIGIN, sequence), version, dependencies, KEY, Judge.value(sequence));
  }

  private static Entry entry(long index, Command command) {
    return new Entry(index, 1, new Entry.Command(CommandCodec.encode(command)));
  }

  private static Command put(Proposer proposer) {
    Version stamp = new Version(HybridClock.fromMillis(2_000), new Origin(1, proposer.boot()));
    return new Command.Operations(proposer, 1, 0, NOTHING, stamp, List.of(PUT));
  }

  /** A state machine that is given one command after the other. */
  private static final class ByCommands {
    private final StateMachine state = new StateMachine(new MemoryCommittedStore());

    void apply(Command command) {
      state.apply(entry(state.applied().index() + 1, command), (_, _, _) -> {});
    }

    void configure(Configuration configuration) {
      Entry.Body body = new Entry.Reconfigured(configuration);
      state.apply(new Entry(state.applied().index() + 1, 1, body), (_, _, _) -> {});
    }
  }

  /** Two members are left of three. */
  private static ByCommands withLostDisk() {
    ByCommands machine = new ByCommands();
    Configuration left = Configuration.of(FIRST).withVoter(SECOND);
    machine.configure(left.withVoter(LOST));
    machine.apply(new Command.Condemn(LOST, true));
    machine.configure(left);
    return machine;
  }

  /** Ends an origin of the lost disk at 1. */
  private static Command close(Origin origin, Participant... asked) {
    return new Command.Close(LOST, 1, new Ends(Map.of(origin, 1L)), List.of(asked));
  }

  /** Takes what happens as it is. */
  private static final class Anything implements ReferenceLedger.Effects {
    @Override
    public void absorbed(Update update, long index, Function<Key, @Nullable Row> before) {}

    @Override
    public void executed(
        Operation operation,
        OperationResult result,
        long index,
        Function<Key, @Nullable Row> before) {}
  }
}
