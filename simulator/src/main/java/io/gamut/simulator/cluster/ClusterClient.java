package io.gamut.simulator.cluster;

import io.gamut.core.BinaryReader;
import io.gamut.core.BinaryWriter;
import io.gamut.core.Change;
import io.gamut.core.Condition;
import io.gamut.core.Consistency;
import io.gamut.core.Content;
import io.gamut.core.ErrorCode;
import io.gamut.core.Key;
import io.gamut.core.LedgerPosition;
import io.gamut.core.Operation;
import io.gamut.core.OperationResult;
import io.gamut.core.Pair;
import io.gamut.core.Reply;
import io.gamut.core.Requirement;
import io.gamut.core.Session;
import io.gamut.core.Version;
import io.gamut.core.VersionVector;
import io.gamut.replication.Input;
import io.gamut.replication.strong.Freshness;
import io.gamut.replication.strong.StrongInput;
import io.gamut.simulator.Judge;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A client with a session, one request at a time, as a server's connection keeps it. Beside the
 * session it keeps its true history, and has each answer judged by that.
 */
final class ClusterClient {
  private static final long WEAK_WAIT_NANOS = 100_000_000;
  private static final long MORTAL_MILLIS_MAX = 500;
  private static final long STRONG_WAIT_NANOS = 700_000_000;

  private final String name;
  private final ClusterWorld world;
  private final ClusterJudge judge;
  private Session session = new Session();
  private final Map<Key, Version> seen = new HashMap<>();
  private final Map<Key, Version> past = new HashMap<>();
  private long position;
  int server;
  private @Nullable Open open;

  /**
   * The request that has not been answered yet.
   *
   * @param committed what anybody knew to be committed when it was asked
   * @param nanos when that was
   */
  private record Open(
      long request,
      Key key,
      Consistency level,
      @Nullable Operation operation,
      long committed,
      long boundNanos,
      long nanos) {}

  ClusterClient(int number, ClusterWorld world, ClusterJudge judge, int server) {
    name = "client " + number;
    this.world = world;
    this.judge = judge;
    this.server = server;
  }

  boolean isWaiting() {
    return open != null;
  }

  /** Asks another server from now on; the session travels as a token does. */
  void moveTo(int other) {
    giveUp();
    server = other;
    BinaryWriter out = new BinaryWriter();
    session.write(out);
    session = Session.read(new BinaryReader(out.toByteArray()));
  }

  /** The server it waits for has died, or it has lost patience: the outcome is unknown. */
  void giveUp() {
    open = null;
  }

  private void begin(
      long request, Key key, Consistency level, @Nullable Operation operation, long boundNanos) {
    long committed = judge.reference().lastIndex();
    open = new Open(request, key, level, operation, committed, boundNanos, world.trueNanos());
  }

  // Asking

  /** One that nobody else writes; in some runs one of three expires soon. */
  private Content.Value value(long request) {
    Content.Value value = Judge.value(request);
    boolean isMortal = world.areMortal() && request % 3 == 0;
    long expiry = world.now(server).wallMillis() + request * 37 % MORTAL_MILLIS_MAX + 1;
    return isMortal ? new Content.Value(value.bytes(), 0, expiry) : value;
  }

  void put(long request, Key key, Consistency level, boolean delete) {
    Content content = delete ? Content.Tombstone.TOMBSTONE : value(request);
    boolean isCausal = level == Consistency.CAUSAL;
    if (isCausal) {
      judge.weak().onSubmitted(request, new HashMap<>(past));
    }
    begin(request, key, level, null, 0);
    world.ask(
        server,
        request,
        new Input.Write(
            request,
            key,
            content,
            isCausal ? session.causal() : VersionVector.EMPTY,
            isCausal ? session.index() : 0,
            session.latest(),
            null,
            deadlineNanos(WEAK_WAIT_NANOS)));
  }

  void get(long request, Key key, Consistency level, long boundNanos) {
    begin(request, key, level, null, boundNanos);
    Requirement requirement = session.requirement(key, level);
    if (level.isWeak()) {
      world.ask(
          server,
          request,
          new Input.Read(request, key, requirement, deadlineNanos(WEAK_WAIT_NANOS)));
    } else {
      Freshness freshness = freshness(level, boundNanos);
      world.ask(
          server,
          request,
          new StrongInput.Read(
              request, key, requirement, freshness, deadlineNanos(STRONG_WAIT_NANOS)));
    }
  }

  private static Freshness freshness(Consistency level, long boundNanos) {
    return switch (level) {
      case EVENTUAL, SESSION, CAUSAL, SEQUENTIAL -> Freshness.Any.ANY;
      case BOUNDED -> new Freshness.AtMost(boundNanos);
      case LINEARIZABLE -> Freshness.Latest.LATEST;
    };
  }

  void execute(long request, Key key, Key other, ClusterAction.Kind kind) {
    Operation operation = operation(request, key, other, kind);
    begin(request, key, Consistency.LINEARIZABLE, operation, 0);
    if (!(operation instanceof Operation.Clear)) {
      judge.onAsked(request, operation, seen, past);
    }
    world.ask(
        server,
        request,
        new StrongInput.Execute(
            request,
            operation,
            session.everything(),
            session.latest(),
            deadlineNanos(STRONG_WAIT_NANOS)));
  }

  /** One that nobody else asks for. */
  private Operation operation(long request, Key key, Key other, ClusterAction.Kind kind) {
    Content.Value value = value(request);
    Change put = new Change.Put(key, value);
    Session.Seen met = session.seen(key);
    return switch (kind) {
      case PUT -> Operation.of(put);
      case DELETE -> {
        // A deletion alone would look like any other: it leaves a word of its own behind.
        Change deletion = new Change.Put(key, Content.Tombstone.TOMBSTONE);
        Change word = new Change.Put(Key.of("deletions"), value);
        yield new Operation.Minitransaction(List.of(), List.of(deletion, word), false);
      }
      case PUT_IF_ABSENT ->
          new Operation.Minitransaction(List.of(new Condition.Absent(key)), List.of(put), false);
      case PUT_IF_SAME -> {
        Condition same =
            met == null ? new Condition.Present(key) : new Condition.VersionIs(key, met.version());
        yield new Operation.Minitransaction(List.of(same), List.of(put), true);
      }
      case INCREMENT -> Operation.of(new Change.Increment(Key.of("number-" + key), request));
      case APPEND -> {
        byte[] bytes = (request + " ").getBytes(StandardCharsets.UTF_8);
        yield Operation.of(new Change.Append(key, bytes, false));
      }
      case CLEAR -> Operation.Clear.CLEAR;
      case PUT_BOTH ->
          request % 3 == 0
              ? inSteps(request, key, other)
              : new Operation.Minitransaction(
                  List.of(), List.of(put, new Change.Put(other, value)), false);
    };
  }

  /** The fourth step fails where the key holds no number. */
  private static Operation inSteps(long request, Key key, Key other) {
    Change put = new Change.Put(other, Judge.value(request));
    return new Operation.Transaction(
        List.of(),
        List.of(
            Operation.of(new Change.Look(key)),
            Operation.when(new Condition.Absent(other), put),
            Operation.of(new Change.Increment(Key.of("number-" + key), request)),
            Operation.of(new Change.Increment(other, 1)),
            Operation.when(
                new Condition.Present(key), new Change.Copy(Key.of("copy-" + key), key))));
  }

  private long deadlineNanos(long wait) {
    return world.now(server).nanos() + wait;
  }

  // Answers

  void onReply(long request, Reply reply) {
    if (open == null || open.request != request) {
      return;
    }
    Open answered = open;
    open = null;
    switch (reply) {
      case Reply.Written(Version version, var dot, boolean _) -> {
        judge.weak().onWritten(name, seen.get(answered.key), version);
        session.observe(answered.key, version, dot, answered.level);
        remember(answered.key, version, answered.level);
      }
      case Reply.Read read -> onRead(answered, read);
      case Reply.Executed(OperationResult result, long index) ->
          onExecuted(answered, result, index);
      case Reply.Failed(ErrorCode code, String _) -> {
        if (code == ErrorCode.ERR_LOST) {
          onLost();
        }
      }
      case Reply.Done _ -> {}
    }
  }

  /** Told once that something is lost, it goes on without, and asks for nothing from before. */
  private void onLost() {
    judge.requireLost(name, session.everything(), world::isMember);
    session.forget(judge.reference().machine().ends());
    seen.clear();
    past.clear();
  }

  private void onRead(Open asked, Reply.Read read) {
    Pair pair = read.pair();
    if (asked.level != Consistency.EVENTUAL) {
      Version least = seen.get(asked.key);
      judge.weak().onRead(name, asked.key, pair, least, asked.level);
    }
    if (asked.level.compareTo(Consistency.CAUSAL) >= 0) {
      judge.weak().onRead(name, asked.key, pair, past.get(asked.key), asked.level);
    }
    if (!asked.level.isWeak()) {
      judge.onStrongRead(name, asked.key, read, leastIndex(asked), asked.level);
    }
    if (pair != null) {
      session.observe(asked.key, pair.version(), pair.mark(), asked.level);
      if (asked.level != Consistency.EVENTUAL) {
        remember(asked.key, pair.version(), asked.level);
      }
      if (asked.level.compareTo(Consistency.CAUSAL) >= 0) {
        judge.past(pair).forEach((key, version) -> past.merge(key, version, this::later));
      }
    }
    if (!asked.level.isWeak()) {
      session.observe(new LedgerPosition(read.index()));
      position = Math.max(position, read.index());
    }
  }

  /** The index that a strong read must at least be of. */
  private long leastIndex(Open asked) {
    return switch (asked.level) {
      case EVENTUAL, SESSION, CAUSAL, SEQUENTIAL -> position;
      case BOUNDED -> {
        // Who has answered is not known where it was by way of a gateway, nor when.
        long from = world.isUp(server) ? world.trueNanos() : asked.nanos;
        long since = from - world.clocks().trueNanosMax(server, asked.boundNanos);
        yield Math.max(position, Math.min(asked.committed, judge.reference().indexAt(since)));
      }
      case LINEARIZABLE -> Math.max(position, asked.committed);
    };
  }

  private void onExecuted(Open asked, OperationResult result, long index) {
    LedgerPosition at = new LedgerPosition(index);
    session.observe(at);
    position = Math.max(position, index);
    if (result instanceof OperationResult.Cleared(Version version)) {
      onCleared(version, at);
    }
    Operation operation = asked.operation;
    if (operation == null) {
      return;
    }
    for (OperationResult.Made made : OperationResult.made(operation, result)) {
      Version version = made.result().version();
      if (version != null) {
        session.observe(made.change().key(), version, at, asked.level);
        remember(made.change().key(), version, asked.level);
      }
    }
  }

  /** Whatever the session reads next, at any key, is later. */
  private void onCleared(Version version, LedgerPosition at) {
    session.observeAll(version, at, Consistency.LINEARIZABLE);
    for (int key = 0; key < ClusterScenario.KEYS; key++) {
      Key each = Key.of("key-" + key);
      judge.weak().onWritten(name, seen.get(each), version);
      remember(each, version, Consistency.LINEARIZABLE);
    }
  }

  private void remember(Key key, Version version, Consistency level) {
    seen.merge(key, version, this::later);
    if (level.compareTo(Consistency.CAUSAL) >= 0) {
      past.merge(key, version, this::later);
    }
  }

  private Version later(Version left, Version right) {
    return left.isAfter(right) ? left : right;
  }
}
