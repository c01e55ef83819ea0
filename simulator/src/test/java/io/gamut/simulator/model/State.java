package io.gamut.simulator.model;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Ledger, replicas, and sessions at one moment. Changed only while a step makes it. */
final class State {
  /** Gives equal values equal small numbers, so that a state is a few bytes. */
  static final class Numbers {
    private final Map<Object, Integer> known = new HashMap<>();
    private final byte[] buffer = new byte[512];

    int of(Object value) {
      Integer number = known.get(value);
      if (number == null) {
        number = known.size();
        known.put(value, number);
      }
      return number;
    }
  }

  Prefix ledger;

  /** By replica: how much of the ledger it has applied. */
  int[] applied;

  /** By replica: a vector of what it has received, durably. */
  int[] held;

  /** By replica: the timestamp of its last stamp. */
  int[] clock;

  /** By replica: the version at or below which it has promised not to stamp. */
  int[] promise;

  int[] promisesGiven;

  /** By replica: the origin under which it writes. */
  int[] origin;

  Session[] sessions;

  /** Ordered by dot. */
  Update[] updates = {};

  /** Entries on their way to the ledger; they may arrive at any time, and repeatedly. */
  Entry[] proposals = {};

  /** Bits of replicas whose disk is gone. */
  int lost;

  int mistakes;
  int origins;

  /** The greatest index that was acknowledged to anybody. */
  int acknowledged;

  State(Scope scope, Prefix empty) {
    int replicas = scope.replicas();
    ledger = empty;
    applied = new int[replicas];
    held = new int[replicas];
    clock = new int[replicas];
    promise = new int[replicas];
    promisesGiven = new int[replicas];
    origin = new int[replicas];
    for (int r = 0; r < replicas; r++) {
      origin[r] = r;
    }
    origins = replicas;
    sessions = new Session[scope.scripts().size()];
    Arrays.fill(sessions, Session.START);
  }

  private State(State from) {
    ledger = from.ledger;
    applied = from.applied.clone();
    held = from.held.clone();
    clock = from.clock.clone();
    promise = from.promise.clone();
    promisesGiven = from.promisesGiven.clone();
    origin = from.origin.clone();
    sessions = from.sessions.clone();
    updates = from.updates;
    proposals = from.proposals;
    lost = from.lost;
    mistakes = from.mistakes;
    origins = from.origins;
    acknowledged = from.acknowledged;
  }

  State copy() {
    return new State(this);
  }

  int replicas() {
    return applied.length;
  }

  boolean isAlive(int replica) {
    return (lost >>> replica & 1) == 0;
  }

  Committed committed(int replica) {
    return ledger.committed(applied[replica]);
  }

  @Nullable Update update(int updateOrigin, int sequence) {
    for (Update update : updates) {
      if (update.origin() == updateOrigin && update.sequence() == sequence) {
        return update;
      }
    }
    return null;
  }

  /** The latest timestamp of what a replica has received and applied. */
  int latestTime(int replica) {
    int latest = committed(replica).latest();
    for (Update update : updates) {
      if (update.isWithin(held[replica])) {
        latest = Math.max(latest, update.version());
      }
    }
    return Stamp.time(latest);
  }

  void add(Update update) {
    int at = 0;
    while (at < updates.length && updates[at].dot() < update.dot()) {
      at++;
    }
    Update[] more = new Update[updates.length + 1];
    System.arraycopy(updates, 0, more, 0, at);
    more[at] = update;
    System.arraycopy(updates, at, more, at + 1, updates.length - at);
    updates = more;
  }

  /** Adds an entry to those on their way; they are ordered by number, to have one form. */
  void propose(Entry entry, Numbers numbers) {
    if (Arrays.asList(proposals).contains(entry)) {
      return;
    }
    int number = numbers.of(entry);
    int at = 0;
    while (at < proposals.length && numbers.of(proposals[at]) < number) {
      at++;
    }
    Entry[] more = new Entry[proposals.length + 1];
    System.arraycopy(proposals, 0, more, 0, at);
    more[at] = entry;
    System.arraycopy(proposals, at, more, at + 1, proposals.length - at);
    proposals = more;
  }

  /** The whole state, and nothing of how it came about. Two states are one if this is equal. */
  String key(Numbers numbers) {
    byte[] bytes = numbers.buffer;
    int at = number(bytes, 0, ledger.id());
    for (int r = 0; r < replicas(); r++) {
      bytes[at++] = (byte) applied[r];
      at = vector(bytes, at, held[r]);
      bytes[at++] = (byte) clock[r];
      bytes[at++] = (byte) promise[r];
      bytes[at++] = (byte) ((promisesGiven[r] << 4) | origin[r]);
    }
    bytes[at++] = (byte) ((lost << 4) | mistakes);
    bytes[at++] = (byte) ((origins << 4) | acknowledged);
    for (Session session : sessions) {
      at = number(bytes, at, numbers.of(session));
    }
    bytes[at++] = (byte) updates.length;
    for (Update update : updates) {
      at = number(bytes, at, numbers.of(update));
    }
    for (Entry entry : proposals) {
      at = number(bytes, at, numbers.of(entry));
    }
    return new String(bytes, 0, at, ISO_8859_1);
  }

  private static int number(byte[] bytes, int at, int value) {
    bytes[at] = (byte) (value >>> 16);
    bytes[at + 1] = (byte) (value >>> 8);
    bytes[at + 2] = (byte) value;
    return at + 3;
  }

  private static int vector(byte[] bytes, int at, int value) {
    bytes[at] = (byte) (value >>> 24);
    return number(bytes, at + 1, value);
  }
}
