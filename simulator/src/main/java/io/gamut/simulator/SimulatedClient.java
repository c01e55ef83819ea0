package io.gamut.simulator;

import io.gamut.core.BinaryReader;
import io.gamut.core.BinaryWriter;
import io.gamut.core.Consistency;
import io.gamut.core.Content;
import io.gamut.core.HybridClock;
import io.gamut.core.Key;
import io.gamut.core.Origin;
import io.gamut.core.Pair;
import io.gamut.core.Reply;
import io.gamut.core.Session;
import io.gamut.core.Version;
import io.gamut.core.VersionVector;
import io.gamut.replication.Input;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A client with a session, one request at a time. Beside the session it keeps its true history, and
 * judges each answer by that.
 *
 * <p>Half of the clients stamp their writes themselves, as a gateway does, and try them again, with
 * the same stamp, when they get no answer.
 */
final class SimulatedClient {
  private static final long WAIT_NANOS = 100_000_000;

  private final int number;
  private final World world;
  private final Judge judge;
  private final @Nullable Origin stamper;
  private final HybridClock clock = new HybridClock();
  private Session session = new Session();
  private final Map<Key, Version> seen = new HashMap<>();
  private final Map<Key, Version> past = new HashMap<>();
  int node;
  private @Nullable Open open;
  private @Nullable Open unanswered;

  /** The request that has not been answered yet. */
  private record Open(
      long request,
      long operation,
      Key key,
      Consistency level,
      @Nullable Content content,
      @Nullable Version stamp) {}

  SimulatedClient(int number, World world, Judge judge, int node, @Nullable Origin stamper) {
    this.number = number;
    this.world = world;
    this.judge = judge;
    this.node = node;
    this.stamper = stamper;
  }

  boolean isWaiting() {
    return open != null;
  }

  /** Asks another server from now on; the session travels as a token does. */
  void moveTo(int other) {
    giveUp();
    node = other;
    BinaryWriter out = new BinaryWriter();
    session.write(out);
    session = Session.read(new BinaryReader(out.toByteArray()));
  }

  /** The server it waits for has died, or it has lost patience: the outcome is unknown. */
  void giveUp() {
    if (open != null && open.content != null && open.stamp != null) {
      unanswered = open;
    }
    open = null;
  }

  void put(long request, Key key, Consistency level, boolean delete) {
    if (unanswered != null) {
      Open again = unanswered;
      unanswered = null;
      write(new Open(request, again.operation, again.key, again.level, again.content, again.stamp));
      return;
    }
    Content content = delete ? Content.Tombstone.TOMBSTONE : Judge.value(request);
    Version stamp = stamper == null ? null : new Version(stamp(), stamper);
    if (level == Consistency.CAUSAL) {
      judge.onSubmitted(request, new HashMap<>(past));
    }
    write(new Open(request, request, key, level, content, stamp));
  }

  private long stamp() {
    clock.observe(session.latest());
    return clock.stamp(world.now(node).wallMillis());
  }

  private void write(Open write) {
    open = write;
    VersionVector dependencies =
        write.level == Consistency.CAUSAL ? session.causal() : VersionVector.EMPTY;
    if (write.content != null) {
      world.request(
          node,
          new Input.Write(
              write.request,
              write.key,
              write.content,
              dependencies,
              0,
              session.latest(),
              write.stamp,
              deadlineNanos()));
    }
  }

  void get(long request, Key key, Consistency level) {
    open = new Open(request, request, key, level, null, null);
    world.request(
        node, new Input.Read(request, key, session.requirement(key, level), deadlineNanos()));
  }

  private long deadlineNanos() {
    return world.now(node).nanos() + WAIT_NANOS;
  }

  void onReply(long request, Reply reply) {
    if (open == null || open.request != request) {
      return;
    }
    Open answered = open;
    open = null;
    switch (reply) {
      case Reply.Written written -> {
        boolean isFirstTry = answered.request == answered.operation;
        if (isFirstTry) {
          judge.onWritten("client " + number, seen.get(answered.key), written.version());
        }
        session.observe(answered.key, written.version(), written.dot(), answered.level);
        remember(answered, written.version());
      }
      case Reply.Read read -> onRead(answered, read.pair());
      case Reply.Failed failed -> {}
      case Reply.Done _, Reply.Executed _ -> {}
    }
  }

  private void onRead(Open read, @Nullable Pair pair) {
    Map<Key, Version> promised =
        switch (read.level) {
          case SESSION -> seen;
          case CAUSAL -> past;
          case EVENTUAL, SEQUENTIAL, BOUNDED, LINEARIZABLE -> Map.of();
        };
    judge.onRead("client " + number, read.key, pair, promised.get(read.key), read.level);
    if (pair != null) {
      session.observe(read.key, pair.version(), pair.dot(), read.level);
      remember(read, pair.version());
      if (read.level == Consistency.CAUSAL) {
        judge.past(pair.dot()).forEach((key, version) -> past.merge(key, version, this::later));
      }
    }
  }

  private void remember(Open answered, Version version) {
    seen.merge(answered.key, version, this::later);
    if (answered.level == Consistency.CAUSAL) {
      past.merge(answered.key, version, this::later);
    }
  }

  private Version later(Version left, Version right) {
    return left.isAfter(right) ? left : right;
  }
}
