package io.gamut.simulator.model;

import io.gamut.simulator.model.Committed.Reply;
import io.gamut.simulator.model.Op.Level;
import io.gamut.simulator.model.Session.Token;
import io.gamut.simulator.model.View.Shown;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What sessions do: any operation that is next in a script, at any replica that may take it. */
final class SessionSteps {
  private final Scope scope;
  private final Fault fault;
  private final View view;
  private final State.Numbers numbers;

  SessionSteps(Scope scope, Fault fault, View view, State.Numbers numbers) {
    this.scope = scope;
    this.fault = fault;
    this.view = view;
    this.numbers = numbers;
  }

  /** Gives back whether a session has something left to do and can do none of it. */
  boolean addTo(Steps steps, State state) {
    boolean isStuck = false;
    for (int s = 0; s < state.sessions.length; s++) {
      boolean[] canGoOn = new boolean[1];
      Steps noted =
          (next, what, isProgress, broken) -> {
            canGoOn[0] = true;
            steps.add(next, what, isProgress, broken);
          };
      addTo(noted, state, s);
      isStuck |= !canGoOn[0] && !isDone(state.sessions[s], s);
    }
    retries(steps, state);
    return isStuck;
  }

  private boolean isDone(Session session, int s) {
    return session.position() == scope.scripts().get(s).size()
        && session.answered() == session.issued();
  }

  private void addTo(Steps steps, State state, int s) {
    Session session = state.sessions[s];
    if (isDone(session, s)) {
      return;
    }
    List<Op> script = scope.scripts().get(s);
    Op op = session.position() < script.size() ? script.get(session.position()) : null;
    boolean isIdle = session.answered() == session.issued();
    for (int r = 0; r < state.replicas(); r++) {
      if (!state.isAlive(r)) {
        continue;
      }
      tellLoss(steps, state, s, r);
      if (!isIdle) {
        hear(steps, state, s, r);
      }
      switch (op) {
        case null -> {}
        case Op.Weak weak when isIdle && !session.waits() -> write(steps, state, s, r, weak);
        case Op.Weak _ -> {}
        case Op.Strong strong when isIdle || strong.isPipelined() ->
            send(steps, state, s, r, strong);
        case Op.Strong _ -> {}
        case Op.Read read when isIdle -> read(steps, state, s, r, read);
        case Op.Read _ -> {}
      }
    }
    if (session.waits()) {
      replace(steps, state, s, session.moved(), () -> "session " + s + " gives up", null);
    }
  }

  /** A session that is done is forgotten, so that what it knew makes no difference. */
  private void replace(
      Steps steps,
      State state,
      int s,
      Session session,
      Supplier<String> what,
      @Nullable String broken) {
    State next = state.copy();
    put(next, s, session);
    steps.add(next, what, false, broken);
  }

  private void put(State next, int s, Session session) {
    next.sessions[s] = isDone(session, s) ? session.told(Token.EMPTY) : session;
  }

  /** ERR_LOST: once, and then it goes on without. */
  private void tellLoss(Steps steps, State state, int s, int r) {
    Session session = state.sessions[s];
    Token remaining = remaining(session.token(), state.committed(r));
    if (!remaining.equals(session.token())) {
      replace(
          steps,
          state,
          s,
          session.told(remaining),
          () -> "replica " + r + " tells session " + s + " of a loss",
          null);
    }
  }

  private static Token remaining(Token token, Committed committed) {
    List<Session.Entry> entries =
        token.entries().stream().filter(e -> !committed.isVoid(vector(e.dot()))).toList();
    return new Token(entries, committed.reachable(token.vector()), token.index(), token.latest());
  }

  private static int vector(int dot) {
    return dot == 0 ? 0 : Vector.with(0, dot >> 4, dot & Vector.SEQUENCE_MAX);
  }

  private void write(Steps steps, State state, int s, int r, Op.Weak weak) {
    Session session = state.sessions[s];
    Token token = session.token();
    boolean isCausal = weak.level() == Level.CAUSAL;
    int asked = isCausal ? token.vector() : 0;
    int index = isCausal && fault != Fault.INDEX_NOT_CARRIED_BY_UPDATE ? token.index() : 0;
    if (!accepts(state, r, asked, index)) {
      return;
    }
    State next = state.copy();
    int version = stamp(next, r, token.latest());
    int write = scope.write(s, session.position());
    int past = isCausal ? session.seenCausally() : 0;
    Update update = accepted(next, r, version, asked, index, weak, write, past);
    Supplier<String> what = () -> "session " + s + " writes at replica " + r + ": " + update;
    if (weak.isRetried()) {
      State unanswered = next.copy();
      Token stamped =
          new Token(
              token.entries(), token.vector(), token.index(), Math.max(token.latest(), version));
      put(unanswered, s, session.waiting(stamped));
      steps.chance(unanswered, () -> what.get() + ", unanswered");
    }
    put(next, s, acknowledged(session, update, weak.level()));
    boolean isLast =
        version > Stamp.get(Stamp.join(session.seen(), session.seenCausally()), weak.key());
    steps.add(
        next, what, false, isLast ? null : "a write comes after all that its session has seen");
  }

  /** Only what is admitted stamps, and a causal write is taken only where its causes are seen. */
  private boolean accepts(State state, int r, int asked, int index) {
    boolean isAdmitted = (state.committed(r).open() >>> state.origin[r] & 1) == 1;
    return (isAdmitted || fault == Fault.STAMPED_BEFORE_ADMISSION)
        && (Vector.covers(view.visible(state, r), asked)
            || fault == Fault.CAUSAL_WRITE_ACCEPTED_ANYWHERE)
        && (state.applied[r] >= index || fault == Fault.CAUSAL_WRITE_ACCEPTED_BEFORE_INDEX);
  }

  private int stamp(State next, int r, int latest) {
    int after = Math.max(next.clock[r], Stamp.time(next.committed(r).floor()));
    if (fault != Fault.CLOCK_NOT_MERGED) {
      after = Math.max(after, next.latestTime(r));
    }
    if (fault != Fault.STAMP_NOT_AFTER_SESSION) {
      after = Math.max(after, Stamp.time(latest));
    }
    if (fault != Fault.PROMISE_NOT_KEPT) {
      after = Math.max(after, Stamp.time(next.promise[r]));
    }
    next.clock[r] = after + 1;
    return Stamp.of(after + 1, r);
  }

  private static Update accepted(
      State next, int r, int version, int asked, int index, Op.Weak weak, int write, int past) {
    int origin = next.origin[r];
    int sequence = Vector.get(next.held[r], origin) + 1;
    int deps = Vector.raised(asked, origin, sequence - 1);
    Update update =
        new Update(
            origin,
            sequence,
            version,
            deps,
            asked,
            index,
            weak.key(),
            weak.isLive(),
            write,
            past,
            r,
            false);
    next.add(update);
    next.held[r] = Vector.with(next.held[r], origin, sequence);
    return update;
  }

  private static Session acknowledged(Session session, Update update, Level level) {
    Token token =
        session
            .token()
            .remembering(new Session.Entry(update.key(), update.version(), update.dot(), 0));
    Session after = session.moved().noting(update.key(), update.version());
    if (level == Level.CAUSAL) {
      token = token.withDot(update.origin(), update.sequence());
      after = after.notingCausally(Stamp.raised(0, update.key(), update.version()));
    }
    return after.with(token);
  }

  /** The second try may come before the first is answered, or late, as a duplicate. */
  private void retries(Steps steps, State state) {
    for (Update first : state.updates) {
      if (scope.op(first.write()) instanceof Op.Weak weak
          && weak.isRetried()
          && !first.isAgain()
          && tries(state, first.write()) == 1) {
        for (int r = 0; r < state.replicas(); r++) {
          if (state.isAlive(r) && accepts(state, r, first.asked(), first.index())) {
            retry(steps, state, r, first, weak);
          }
        }
      }
    }
  }

  private static int tries(State state, int write) {
    int tries = 0;
    for (Update update : state.updates) {
      tries += update.write() == write && !update.isAgain() ? 1 : 0;
    }
    return tries;
  }

  private void retry(Steps steps, State state, int r, Update first, Op.Weak weak) {
    int promised = Math.max(state.promise[r], state.committed(r).floor());
    if (first.version() <= promised && fault != Fault.RETRY_BELOW_PROMISE) {
      return;
    }
    State next = state.copy();
    int s = scope.session(first.write());
    Session session = state.sessions[s];
    int version =
        fault == Fault.RETRY_STAMPED_ANEW
            ? stamp(next, r, session.token().latest())
            : first.version();
    Update second =
        accepted(next, r, version, first.asked(), first.index(), weak, first.write(), first.past());
    if (session.waits() && scope.write(s, session.position()) == first.write()) {
      put(next, s, acknowledged(session, second, weak.level()));
    }
    steps.chance(next, () -> "session " + s + " tries again at replica " + r + ": " + second);
  }

  private void send(Steps steps, State state, int s, int r, Op.Strong op) {
    Session session = state.sessions[s];
    Token token = session.token();
    int deps = token.vector();
    for (Session.Entry entry : token.entries()) {
      if (entry.key() == op.key() || op.kind() == Entry.Kind.DELETE_ALL) {
        deps = Vector.join(deps, vector(entry.dot()));
      }
    }
    State next = state.copy();
    int stamp = stamp(next, r, token.latest());
    int write = scope.write(s, session.position());
    Entry entry = new Entry.Strong(s, session.issued(), op.kind(), op.key(), write, stamp, deps);
    next.propose(entry, numbers);
    put(next, s, session.sent());
    steps.chance(next, () -> "session " + s + " sends " + entry);
  }

  private void hear(Steps steps, State state, int s, int r) {
    Session session = state.sessions[s];
    Committed committed = state.committed(r);
    Reply reply = committed.reply(s, session.answered());
    if (reply == null) {
      return;
    }
    State next = state.copy();
    Session after = session.heard();
    Op.Strong op = (Op.Strong) scope.op(scope.strong(s, session.answered()));
    if (reply.isLost()) {
      after = after.told(remaining(session.token(), committed));
    } else {
      Token token = session.token().withIndex(reply.index());
      for (int k = 0; k < Stamp.KEYS; k++) {
        if (k == op.key() || op.kind() == Entry.Kind.DELETE_ALL) {
          token = token.remembering(new Session.Entry(k, reply.version(), 0, reply.index()));
          after = after.noting(k, reply.version());
        }
      }
      after = after.with(token).notingCausally(state.ledger.committed(reply.index()).newest());
      next.acknowledged = Math.max(state.acknowledged, reply.index());
    }
    put(next, s, after);
    steps.add(
        next,
        () -> "session " + s + " hears at replica " + r + ": " + reply,
        false,
        reply.isLost() ? null : beforeItsCauses(state, session, reply, op));
  }

  /** A strong operation stands in the ledger after what its session had written or seen. */
  private static @Nullable String beforeItsCauses(
      State state, Session session, Reply reply, Op.Strong op) {
    Committed found = state.ledger.committed(reply.index() - 1);
    for (int k = 0; k < Stamp.KEYS; k++) {
      if (found.version(k) < Stamp.get(session.seenCausally(), k)
          || (k == op.key() && found.version(k) < Stamp.get(session.seen(), k))) {
        return "a strong operation comes after all that its session has seen";
      }
    }
    return null;
  }

  private void read(Steps steps, State state, int s, int r, Op.Read read) {
    Session session = state.sessions[s];
    for (Level level : read.levels()) {
      if (level == Level.LINEARIZABLE && session.confirmed() == 0) {
        if (r == 0 || !state.isAlive(0)) {
          replace(
              steps,
              state,
              s,
              session.begun(state.ledger.length(), state.acknowledged),
              () -> "session " + s + " begins a linearizable read",
              null);
        }
        continue;
      }
      if (level != Level.LINEARIZABLE && session.confirmed() > 0) {
        continue;
      }
      for (int key : read.keys()) {
        if (level.isStrong()) {
          readStrongly(steps, state, s, r, key, level);
        } else {
          readWeakly(steps, state, s, r, key, level);
        }
      }
    }
  }

  private void readWeakly(Steps steps, State state, int s, int r, int key, Level level) {
    Session session = state.sessions[s];
    Token token = session.token();
    Committed committed = state.committed(r);
    int visible = view.visible(state, r);
    Shown shown = view.shown(state, r, key, visible);
    int applied = fault == Fault.INDEX_IGNORED_BY_WEAK_READ ? Integer.MAX_VALUE : state.applied[r];
    boolean isPastSeen = Vector.covers(visible, token.vector()) && applied >= token.index();
    if (!isSatisfied(token, key, shown.version(), visible, applied)
        || (level == Level.CAUSAL && !isPastSeen)) {
      return;
    }
    String broken = olderThanSeen(session, key, shown.version(), level);
    Session after = session.moved().noting(key, shown.version());
    boolean isAbsence = shown.dot() == 0 && committed.pair(key).isNone();
    if (shown.version() > 0 && !(isAbsence && fault == Fault.ABSENCE_NOT_REMEMBERED)) {
      int index = shown.dot() == 0 ? state.applied[r] : 0;
      token = token.remembering(new Session.Entry(key, shown.version(), shown.dot(), index));
      if (level == Level.CAUSAL) {
        token = shown.dot() == 0 ? token.withIndex(index) : withDot(token, shown.dot());
      }
    }
    if (level == Level.CAUSAL) {
      after =
          after.notingCausally(
              shown.dot() != 0
                  ? Stamp.raised(shown.past(), key, shown.version())
                  : shown.version() > 0 ? committed.newest() : 0);
    }
    replace(steps, state, s, after.with(token), said(s, r, key, level, shown), broken);
  }

  private static Token withDot(Token token, int dot) {
    return token.withDot(dot >> 4, dot & Vector.SEQUENCE_MAX);
  }

  private static boolean isSatisfied(Token token, int key, int version, int covered, int applied) {
    for (Session.Entry entry : token.entries()) {
      boolean isCovered =
          entry.dot() == 0 ? applied >= entry.index() : Vector.covers(covered, vector(entry.dot()));
      if (entry.key() == key && version < entry.version() && !isCovered) {
        return false;
      }
    }
    return true;
  }

  private void readStrongly(Steps steps, State state, int s, int r, int key, Level level) {
    Session session = state.sessions[s];
    Token token = session.token();
    Committed committed = state.committed(r);
    int applied = state.applied[r];
    Shown shown = view.pair(committed, key);
    boolean isAbsorbed =
        (isSatisfied(token, key, shown.version(), committed.absorbed(), applied)
                && Vector.covers(committed.absorbed(), token.vector()))
            || fault == Fault.STRONG_READ_BEFORE_ABSORPTION;
    boolean isConfirmed =
        level == Level.SEQUENTIAL
            || applied >= session.confirmed() - 1
            || fault == Fault.LINEARIZABLE_NOT_CONFIRMED;
    if (!isAbsorbed || !isConfirmed || applied < token.index()) {
      return;
    }
    String broken = olderThanSeen(session, key, shown.version(), level);
    if (level == Level.LINEARIZABLE
        && shown.version() < state.ledger.committed(session.acknowledged()).version(key)) {
      broken = "a linearizable read sees all that was acknowledged before it began";
    }
    Token after =
        fault == Fault.TOKEN_DROPPED_AT_STRONG_READ
            ? Token.EMPTY
            : token
                .withIndex(applied)
                .remembering(new Session.Entry(key, shown.version(), 0, applied));
    replace(
        steps,
        state,
        s,
        session.moved().with(after).noting(key, shown.version()).notingCausally(committed.newest()),
        said(s, r, key, level, shown),
        broken);
  }

  private static @Nullable String olderThanSeen(
      Session session, int key, int version, Level level) {
    boolean isOlder =
        version < Stamp.get(session.seen(), key)
            || (level != Level.SESSION && version < Stamp.get(session.seenCausally(), key));
    return isOlder ? "a session never reads older than it wrote or read" : null;
  }

  private static Supplier<String> said(int s, int r, int key, Level level, Shown shown) {
    return () ->
        "session %d reads key %d at replica %d (%s): version %s, write %d"
            .formatted(s, key, r, level, Stamp.text(shown.version()), shown.write());
  }
}
