package io.gamut.replication.gateway;

import io.gamut.core.ErrorCode;
import io.gamut.core.HybridClock;
import io.gamut.core.Limits;
import io.gamut.core.NodeId;
import io.gamut.core.Origin;
import io.gamut.core.Reply;
import io.gamut.core.Version;
import io.gamut.replication.Entropy;
import io.gamut.replication.Now;
import io.gamut.replication.gateway.Servers.Server;
import io.gamut.replication.remote.Answered;
import io.gamut.replication.remote.Listed.Found;
import io.gamut.replication.remote.Question;
import io.gamut.replication.remote.RemoteMessage.Ask;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Has servers answer questions: one, and others if it cannot, or is lost on the way.
 *
 * <p><b>Why a write may be repeated.</b> It gets its version here, once. A server that is asked
 * again keeps that version, so the repetition cannot overtake what somebody has written in between,
 * and two updates of one version and content show as one. A server that has promised not to stamp
 * so low any more refuses. If it is the first that was asked, nothing was done, and the write gets
 * another version, unless a later one of its lane has its own already: that one would be undone, so
 * the client is to ask again. If it is not the first, nobody can say, and the outcome is unknown.
 *
 * <p><b>Numbers.</b> Answers are told apart by the numbers of the questions, which begin where
 * chance has it: what an earlier gateway of the same name had asked may be answered only now. A
 * question gets another number once a server has refused it: that refusal may come twice, and must
 * not pass for one of what is asked after it.
 *
 * <p><b>Order.</b> One lane's questions go to one server as long as it answers, which takes them in
 * their order. Where it is lost, all that it has not answered goes to another in the same order,
 * and nothing overtakes what waits for a server.
 */
final class Errands {
  static final int UNDER_WAY_MAX = 50_000;

  /** Beside what a question may wait for at the server: the way there and back. */
  private static final long WAY_NANOS = 2_000_000_000;

  /** A question that is unanswered for so long beyond its wait is asked of another server. */
  private static final long REPEAT_NANOS = 1_000_000_000;

  /** The first number has so many bits less than a long: more than enough follow. */
  private static final int NUMBERS_SHIFT = 16;

  private final Servers servers;
  private final HybridClock clock;
  private final Origin stamper;
  private final Ended ended;

  /** By what they are asked under. */
  private final TreeMap<Long, Errand> underWay = new TreeMap<>();

  /** In the order in which they came. */
  private final TreeMap<Long, Errand> idle = new TreeMap<>();

  private long begun;
  private long numbers;
  private long bytes;

  /** Is told what has come of a question. */
  interface Ended {
    void replied(Errand errand, Answered<Reply> answer, GatewayEffects effects);

    void listed(Errand errand, Answered<Found> answer, GatewayEffects effects);
  }

  Errands(Servers servers, HybridClock clock, Entropy entropy, Ended ended) {
    this.servers = servers;
    this.clock = clock;
    this.ended = ended;
    stamper = new Origin(entropy.nextLong(), entropy.nextLong());
    numbers = entropy.nextLong() >>> NUMBERS_SHIFT;
  }

  /** How many bytes of questions are under way. */
  long bytes() {
    return bytes;
  }

  /** How many questions are under way. */
  int count() {
    return underWay.size() + idle.size();
  }

  boolean isEmpty() {
    return count() == 0;
  }

  // Asking

  void begin(Lane lane, Errand.Purpose purpose, Question asked, Now now, GatewayEffects effects) {
    long until = now.nanos() + asked.waitMillis() * 1_000_000L;
    Errand errand = new Errand(++begun, ++numbers, lane, purpose, asked, until);
    Reply.Failed refusal = refusal(asked, now);
    if (refusal != null) {
      ended.replied(errand, Answered.byNone(refusal), effects);
      return;
    }
    bytes += errand.question.size();
    ask(errand, now, effects);
  }

  private Reply.@Nullable Failed refusal(Question asked, Now now) {
    if (count() >= UNDER_WAY_MAX) {
      return new Reply.Failed(
          ErrorCode.BUSY, "more than " + UNDER_WAY_MAX + " requests are under way in this gateway");
    }
    if (!(asked instanceof Question.Write write)) {
      return null;
    }
    if (!isNear(write.sessionLatest(), now)) {
      return new Reply.Failed(
          ErrorCode.CLOCK, "what the session has met is too far ahead of this gateway's clock");
    }
    return servers.isClockOff(now) ? clockOff() : null;
  }

  static boolean isNear(long timestamp, Now now) {
    return HybridClock.isWithin(timestamp, now.wallMillis(), Limits.CLOCK_AHEAD_MILLIS_MAX);
  }

  static Reply.Failed clockOff() {
    return new Reply.Failed(ErrorCode.CLOCK, "this gateway's clock differs from the servers'");
  }

  /** Asks a server, but not before what waits for one. */
  private void ask(Errand errand, Now now, GatewayEffects effects) {
    if (errand.lane.idle > 0 || !isSent(errand, now, effects)) {
      errand.lane.idle++;
      idle.put(errand.order, errand);
    }
  }

  private boolean isSent(Errand errand, Now now, GatewayEffects effects) {
    Server server = choose(errand, now);
    if (server == null) {
      return false;
    }
    Question question = errand.question;
    if (question instanceof Question.Write write && write.stamp() == null) {
      if (servers.isClockOff(now)) {
        return false;
      }
      clock.observe(write.sessionLatest());
      question = write.stamped(new Version(clock.stamp(now.wallMillis()), stamper));
    }
    long left = Math.max(0, errand.waitUntilNanos - now.nanos()) / 1_000_000;
    if (!effects.send(server.node, new Ask(errand.number, question.waiting((int) left)))) {
      return false;
    }
    errand.question = question;
    errand.asked.add(server.node);
    errand.current = server.node;
    errand.sentNanos = now.nanos();
    server.outstanding++;
    underWay.put(errand.number, errand);
    return true;
  }

  private @Nullable Server choose(Errand errand, Now now) {
    Set<NodeId> refusers = errand.refusers;
    if (errand.isForLeader()) {
      Server leader = servers.leader();
      if (leader != null && !refusers.contains(leader.node)) {
        return leader;
      }
    }
    Server own = servers.usable(errand.lane.server, now);
    if (own != null && !refusers.contains(own.node)) {
      return own;
    }
    Server chosen = servers.choose(refusers, now);
    if (chosen != null && refusers.isEmpty()) {
      errand.lane.server = chosen.node;
    }
    return chosen;
  }

  /** Tries again what waits for a server, in order. */
  void retryIdle(Now now, GatewayEffects effects) {
    if (idle.isEmpty()) {
      return;
    }
    Set<Lane> blocked = new HashSet<>();
    for (Errand errand : List.copyOf(idle.values())) {
      if (blocked.contains(errand.lane)) {
        continue;
      }
      if (errand.isLate && isOvertaken(errand)) {
        leaveIdle(errand);
        end(errand, Answered.byNone(tooLate()), effects);
      } else if (mayGo(errand) && isSent(errand, now, effects)) {
        leaveIdle(errand);
      } else {
        blocked.add(errand.lane);
      }
    }
  }

  private void leaveIdle(Errand errand) {
    idle.remove(errand.order);
    errand.lane.idle--;
  }

  // Writes that came too late for their version

  /** Whether it need not be seen first what becomes of later writes, which have their versions. */
  private boolean mayGo(Errand errand) {
    return !errand.isLate || underWay.values().stream().noneMatch(errand::isBefore);
  }

  /** Whether with another version it would undo a later write of the same lane. */
  private boolean isOvertaken(Errand late) {
    return late.lane.written > late.order || idle.values().stream().anyMatch(late::isBefore);
  }

  private static Reply.Failed tooLate() {
    return new Reply.Failed(
        ErrorCode.BUSY, "it was not written, and what came after it was: ask again");
  }

  // Losing

  /** A server can be reached no more, or is silent: what it was asked it may have done or not. */
  void onLost(NodeId node, Now now, GatewayEffects effects) {
    List<Errand> lost = new ArrayList<>(underWay.values());
    lost.removeIf(errand -> !node.equals(errand.current));
    lost.sort(Comparator.comparingLong(errand -> errand.order));
    lost.forEach(errand -> repeat(errand, now, effects));
  }

  private void repeat(Errand errand, Now now, GatewayEffects effects) {
    setDown(errand);
    errand.isLost = true;
    if (errand.isRepeatable()) {
      ask(errand, now, effects);
    } else {
      end(errand, Answered.byNone(unknown()), effects);
    }
  }

  private void setDown(Errand errand) {
    underWay.remove(errand.number);
    NodeId current = errand.current;
    Server server = current == null ? null : servers.get(current);
    if (server != null) {
      server.outstanding = Math.max(0, server.outstanding - 1);
    }
    errand.current = null;
  }

  // Hearing

  /** A server has declined: it is none that others' requests may be passed to. */
  void onDeclined(NodeId from, long number, Now now, GatewayEffects effects) {
    Errand errand = underWay.get(number);
    if (errand != null && errand.asked.contains(from)) {
      servers.avoid(from, now);
      errand.asked.remove(from);
      if (from.equals(errand.current)) {
        setDown(errand);
        errand.number = ++numbers;
        ask(errand, now, effects);
      }
    }
  }

  void onListed(NodeId from, long number, Found found, GatewayEffects effects) {
    Errand errand = underWay.get(number);
    if (errand != null
        && errand.asked.contains(from)
        && errand.question instanceof Question.Listing) {
      setDown(errand);
      bytes -= errand.question.size();
      ended.listed(errand, new Answered<>(found, from), effects);
    }
  }

  void onTold(NodeId from, long number, Reply reply, Now now, GatewayEffects effects) {
    Errand errand = underWay.get(number);
    if (errand == null || !errand.asked.contains(from) || !answers(errand.question, reply)) {
      return;
    }
    if (reply instanceof Reply.Failed failed) {
      onFailed(errand, from, failed, now, effects);
    } else {
      setDown(errand);
      end(errand, new Answered<>(reply, from), effects);
    }
  }

  private static boolean answers(Question question, Reply reply) {
    return switch (reply) {
      case Reply.Failed _ -> true;
      case Reply.Read(var pairs, long _, long _) ->
          switch (question) {
            case Question.Read _ -> pairs.size() == 1;
            case Question.Committed(var wanted, var _, int _) -> pairs.size() == wanted.size();
            case Question.Write _, Question.Remove _, Question.Listing _, Question.Look _ -> false;
          };
      case Reply.Written _ -> question instanceof Question.Write;
      case Reply.Done _ -> question instanceof Question.Remove;
      case Reply.Executed _ -> false;
    };
  }

  /** It was certainly not done by that server. */
  private void onFailed(
      Errand errand, NodeId from, Reply.Failed failed, Now now, GatewayEffects effects) {
    if (!from.equals(errand.current)) {
      return; // one that was given up before; another is being asked
    }
    switch (failed.code()) {
      case BUSY, CLOCK, NOQUORUM, ERR_DEP -> askAnother(errand, from, failed, now, effects);
      case UNKNOWN -> {
        if (errand.question instanceof Question.Write write && !errand.isLost) {
          // It has promised not to stamp so low: its next word on how it stands says how low.
          setDown(errand);
          errand.number = ++numbers;
          errand.question = write.stamped(null);
          errand.isLate = true;
          errand.lane.idle++;
          idle.put(errand.order, errand);
        } else {
          setDown(errand);
          end(errand, new Answered<>(failed, from), effects);
        }
      }
      case ERR, ERR_LOST -> {
        setDown(errand);
        end(errand, new Answered<>(failed, from), effects);
      }
    }
  }

  private void askAnother(
      Errand errand, NodeId from, Reply.Failed failed, Now now, GatewayEffects effects) {
    setDown(errand);
    errand.refusers.add(from);
    if (failed.code() == ErrorCode.BUSY) {
      servers.avoid(from, now);
    }
    if (servers.choose(errand.refusers, now) == null
        || errand.question instanceof Question.Remove) {
      end(errand, new Answered<>(failed, from), effects);
    } else {
      errand.number = ++numbers;
      ask(errand, now, effects);
    }
  }

  /** What may have been done by one that was lost is not failed, but unknown. */
  private void end(Errand errand, Answered<Reply> answer, GatewayEffects effects) {
    Reply reply = answer.reply();
    bytes -= errand.question.size();
    boolean isUnknown = reply instanceof Reply.Failed && errand.isChange() && errand.isLost;
    if (errand.question instanceof Question.Write
        && (isUnknown || reply instanceof Reply.Written)) {
      errand.lane.written = Math.max(errand.lane.written, errand.order);
    }
    ended.replied(errand, isUnknown ? Answered.byNone(unknown()) : answer, effects);
  }

  private static Reply.Failed unknown() {
    return new Reply.Failed(
        ErrorCode.UNKNOWN, "the server that was asked was lost: it may have been done or not");
  }

  // Time

  /** Ends what is out of time, and asks others what is not answered for long. */
  void onTime(Now now, GatewayEffects effects) {
    for (Errand errand : List.copyOf(idle.values())) {
      if (now.nanos() - errand.waitUntilNanos >= 0) {
        leaveIdle(errand);
        end(errand, Answered.byNone(noServer(errand)), effects);
      }
    }
    for (Errand errand : new ArrayList<>(underWay.values())) {
      long waitsFrom = Math.max(errand.sentNanos, errand.waitUntilNanos);
      if (now.nanos() - errand.waitUntilNanos - WAY_NANOS >= 0) {
        setDown(errand);
        errand.isLost = true;
        Reply silence = new Reply.Failed(ErrorCode.BUSY, "no server has answered");
        end(errand, Answered.byNone(silence), effects);
      } else if (now.nanos() - waitsFrom - REPEAT_NANOS >= 0 && errand.isRepeatable()) {
        repeat(errand, now, effects);
      }
    }
  }

  private static Reply.Failed noServer(Errand errand) {
    boolean isStrong = errand.question instanceof Question.Strong;
    ErrorCode code = isStrong ? ErrorCode.NOQUORUM : ErrorCode.BUSY;
    return new Reply.Failed(code, "this gateway reaches no server that can answer");
  }
}
