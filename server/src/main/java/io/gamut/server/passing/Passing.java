package io.gamut.server.passing;

import io.gamut.core.ErrorCode;
import io.gamut.core.NodeId;
import io.gamut.core.Reply;
import io.gamut.replication.Input;
import io.gamut.replication.remote.Answered;
import io.gamut.replication.remote.Listed;
import io.gamut.replication.remote.Question;
import io.gamut.replication.remote.RemoteMessage;
import io.gamut.replication.remote.RemoteMessage.Ask;
import io.gamut.replication.remote.RemoteMessage.Told;
import io.gamut.replication.remote.RemoteMessage.ToldPairs;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Has a member answer the weak requests of a server that is none (yet, or not any more): where no
 * majority is left that could let it in, its clients are served all the same.
 *
 * <p><b>What a client sees.</b> A write is durable at the member, and bears its dot; a session that
 * made it is satisfied wherever that dot is. So nothing that was promised rests on this server.
 *
 * <p><b>Never twice.</b> A write is sent once. If its answer does not come, its outcome is unknown;
 * only what a member has certainly not taken (it declined, or nothing was sent) goes to another. A
 * read may be asked again. Where no member is within reach, this server does what it can.
 *
 * <p><b>Order.</b> All requests go to one member as long as it answers, and it takes them in their
 * order. Once this server is let in, new requests wait until those that were passed on are
 * answered: a client's next write must not overtake its last one.
 *
 * <p>On the replica's event loop.
 */
public final class Passing {
  private static final int UNDER_WAY_MAX = 10_000;

  /** Beside what a request may wait for at the member: the way there and back. */
  private static final int WAY_MILLIS = 2_000;

  private final NodeId self;
  private final Group group;
  private final Network network;
  private final Map<Long, Passed> underWay = new LinkedHashMap<>();
  private final ArrayDeque<Runnable> held = new ArrayDeque<>();
  private final Set<NodeId> declined = new HashSet<>();
  private @Nullable NodeId member;
  private long numbers;

  /** The replica of this server. */
  public interface Group {
    /** Whether it is a member of the ledger, as far as it knows. */
    boolean isAdmitted();

    /** Asks the weak world here. */
    void submit(LongFunction<Input> request, Consumer<Reply> answer);

    long nanos();
  }

  /** The way to others. */
  public interface Network {
    /** Those that may be members and can be reached, the nearest first. */
    List<NodeId> candidates();

    /** Whether it was sent; it may be lost all the same. */
    boolean send(NodeId to, RemoteMessage message);

    /** Calls {@link #onTime} then, or a little later. */
    void wakeAfter(int millis);
  }

  /** A request that is under way. */
  private record Passed(NodeId to, Question question, Asker asker, long deadlineNanos) {}

  /** Who asks, and what is done here if nobody can be asked. */
  private interface Asker {
    void replied(Answered<Reply> answer);

    void found(Listed.Found found, NodeId member);

    void askHere(Question question);
  }

  /**
   * @param self this server, which answers what is not passed on
   * @param number which the first question's is beyond; drawn, since what this server had asked in
   *     an earlier life may be answered only now
   */
  public Passing(NodeId self, Group group, Network network, long number) {
    this.self = self;
    this.group = group;
    this.network = network;
    numbers = number;
  }

  /** Has a weak request answered, here or by a member. */
  public void submit(LongFunction<Input> request, Consumer<Answered<Reply>> answer) {
    Question passed = group.isAdmitted() ? null : Question.of(request.apply(0), group.nanos());
    if (passed != null) {
      pass(passed, new OfRequest(answer));
    } else {
      inOrder(() -> group.submit(request, here(answer)));
    }
  }

  /**
   * Has pairs listed, here or by a member.
   *
   * @param here does it here
   */
  public void list(Question.Listing listing, Runnable here, Consumer<Answered<Listed>> then) {
    if (group.isAdmitted()) {
      inOrder(here);
    } else {
      pass(listing, new OfListing(here, then));
    }
  }

  private Consumer<Reply> here(Consumer<Answered<Reply>> answer) {
    return reply -> answer.accept(new Answered<>(reply, self));
  }

  /** Once this server is let in: behind what was passed on before. */
  private void inOrder(Runnable here) {
    if (group.isAdmitted() && !underWay.isEmpty()) {
      held.add(here);
    } else {
      here.run();
    }
  }

  private void pass(Question question, Asker asker) {
    if (underWay.size() >= UNDER_WAY_MAX) {
      String reason = "more than " + UNDER_WAY_MAX + " requests are passed on to members";
      asker.replied(Answered.byNone(new Reply.Failed(ErrorCode.BUSY, reason)));
      return;
    }
    long number = ++numbers;
    for (NodeId candidate : candidates()) {
      if (network.send(candidate, new Ask(number, question))) {
        member = candidate;
        int millis = question.waitMillis() + WAY_MILLIS;
        long deadline = group.nanos() + millis * 1_000_000L;
        underWay.put(number, new Passed(candidate, question, asker, deadline));
        network.wakeAfter(millis);
        return;
      }
    }
    // A write waits here until this server is let in; what is held here is a view too, if an empty
    // one, and the session's claims hold.
    asker.askHere(question);
  }

  /** A read or a write. */
  private final class OfRequest implements Asker {
    private final Consumer<Answered<Reply>> answer;

    OfRequest(Consumer<Answered<Reply>> answer) {
      this.answer = answer;
    }

    @Override
    public void replied(Answered<Reply> replied) {
      answer.accept(replied);
    }

    @Override
    public void found(Listed.Found found, NodeId member) {
      throw new IllegalStateException("a request is not answered with pairs");
    }

    @Override
    public void askHere(Question question) {
      if (question instanceof Question.Weak weak) {
        long deadline = group.nanos() + question.waitMillis() * 1_000_000L;
        group.submit(own -> weak.input(own, deadline), here(answer));
      }
    }
  }

  /**
   * A listing.
   *
   * @param here does it here
   */
  private record OfListing(Runnable here, Consumer<Answered<Listed>> then) implements Asker {
    @Override
    public void replied(Answered<Reply> replied) {
      if (replied.reply() instanceof Reply.Failed failed) {
        then.accept(new Answered<>(new Listed.Refused(failed), replied.replica()));
      }
    }

    @Override
    public void found(Listed.Found found, NodeId member) {
      then.accept(new Answered<>(found, member));
    }

    @Override
    public void askHere(Question question) {
      here.run();
    }
  }

  /** The one that was asked last first, as long as it can be reached. */
  private List<NodeId> candidates() {
    List<NodeId> candidates = new ArrayList<>(network.candidates());
    candidates.removeAll(declined);
    NodeId last = member;
    if (last != null && candidates.remove(last)) {
      candidates.addFirst(last);
    }
    return candidates;
  }

  /** Answers what is out of time. */
  public void onTime() {
    long now = group.nanos();
    declined.clear();
    for (Map.Entry<Long, Passed> each : List.copyOf(underWay.entrySet())) {
      if (each.getValue().deadlineNanos - now <= 0) {
        underWay.remove(each.getKey());
        giveUp(each.getValue());
      }
    }
    goOn();
  }

  /** A server can be reached no more: what it was asked, it may have done or not. */
  public void onUnreachable(NodeId node) {
    declined.remove(node);
    for (Map.Entry<Long, Passed> each : List.copyOf(underWay.entrySet())) {
      Passed passed = each.getValue();
      if (passed.to.equals(node)) {
        underWay.remove(each.getKey());
        if (passed.question instanceof Question.Write) {
          giveUp(passed);
        } else {
          pass(passed.question, passed.asker);
        }
      }
    }
    goOn();
  }

  private static void giveUp(Passed passed) {
    boolean isWrite = passed.question instanceof Question.Write;
    ErrorCode code = isWrite ? ErrorCode.UNKNOWN : ErrorCode.BUSY;
    String reason = "server " + passed.to + " was asked, and has not answered";
    passed.asker.replied(Answered.byNone(new Reply.Failed(code, reason)));
  }

  private void goOn() {
    while (underWay.isEmpty() && !held.isEmpty()) {
      held.remove().run();
    }
  }

  /** What a member has said. */
  public void onMessage(NodeId from, RemoteMessage message) {
    switch (message) {
      case Told told -> onTold(from, told);
      case ToldPairs(long number, Listed.Found found) -> onFound(from, number, found);
      case RemoteMessage.Declined(long number) -> onDeclined(from, number);
      case Ask _,
          RemoteMessage.Hail _,
          RemoteMessage.Hailed _,
          RemoteMessage.Announced _,
          RemoteMessage.ToldSight _ -> {}
    }
  }

  private void onTold(NodeId from, Told told) {
    Passed passed = underWay.get(told.number());
    if (passed != null && passed.to.equals(from) && answers(passed.question, told.reply())) {
      underWay.remove(told.number());
      passed.asker.replied(new Answered<>(told.reply(), from));
      goOn();
    }
  }

  private static boolean answers(Question question, Reply reply) {
    return switch (reply) {
      case Reply.Failed _ -> true;
      case Reply.Read _ -> question instanceof Question.Read;
      case Reply.Written _ -> question instanceof Question.Write;
      case Reply.Executed _, Reply.Done _ -> false;
    };
  }

  private void onFound(NodeId from, long number, Listed.Found found) {
    Passed passed = underWay.get(number);
    if (passed != null && passed.to.equals(from) && passed.question instanceof Question.Listing) {
      underWay.remove(number);
      passed.asker.found(found, from);
      goOn();
    }
  }

  private void onDeclined(NodeId from, long number) {
    Passed passed = underWay.get(number);
    if (passed != null && passed.to.equals(from)) {
      underWay.remove(number);
      declined.add(from);
      pass(passed.question, passed.asker);
      goOn();
    }
  }
}
