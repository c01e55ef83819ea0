package io.gamut.server.passing;

import io.gamut.core.ErrorCode;
import io.gamut.core.InvalidDataException;
import io.gamut.core.Key;
import io.gamut.core.Limits;
import io.gamut.core.NodeId;
import io.gamut.core.Reply;
import io.gamut.replication.Input;
import io.gamut.server.passing.PassedMessage.Ask;
import io.gamut.server.passing.PassedMessage.Declined;
import io.gamut.server.passing.PassedMessage.Request;
import io.gamut.server.passing.PassedMessage.Told;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has a member answer the weak requests of a server that is none (yet, or not any more): where no
 * majority is left that could let it in, its clients are served all the same.
 *
 * <p><b>What a client sees.</b> A write is durable at the member, and bears its dot; a session that
 * made it is satisfied wherever that dot is. So nothing that was promised rests on this server.
 *
 * <p><b>Never twice.</b> A write is sent once. If its answer does not come, its outcome is unknown;
 * only what a member has certainly not taken (it declined, or nothing was sent) goes to another. A
 * read may be asked again. Where no member is within reach, this server does what it can. A member
 * answers by itself or declines: it never passes on what was passed to it.
 *
 * <p><b>Order.</b> All requests go to one member as long as it answers, and it takes them in their
 * order. Once this server is let in, new requests wait until those that were passed on are
 * answered: a client's next write must not overtake its last one.
 *
 * <p>On the replica's event loop.
 */
public final class Passing {
  private static final Logger LOGGER = LoggerFactory.getLogger(Passing.class);
  private static final int UNDER_WAY_MAX = 10_000;

  /** Beside what a request may wait for at the member: the way there and back. */
  private static final int WAY_MILLIS = 2_000;

  private static final Key NO_KEY = Key.of("none");

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
    boolean send(NodeId to, byte[] payload);

    /** Calls {@link #onTime} then, or a little later. */
    void wakeAfter(int millis);
  }

  /** A request that is under way. */
  private record Passed(NodeId to, Request request, Consumer<Reply> answer, long deadlineNanos) {}

  public Passing(Group group, Network network) {
    this.group = group;
    this.network = network;
  }

  // As asker

  /** Has a weak request answered, here or by a member. */
  public void submit(LongFunction<Input> request, Consumer<Reply> answer) {
    if (!group.isAdmitted()) {
      Request passed = request(request.apply(0), group.nanos());
      if (passed != null) {
        pass(passed, answer);
        return;
      }
    } else if (!underWay.isEmpty()) {
      held.add(() -> group.submit(request, answer));
      return;
    }
    group.submit(request, answer);
  }

  /** What is passed on; null for what this server does itself, whether it is a member or not. */
  private static @Nullable Request request(Input input, long nowNanos) {
    if (input instanceof Input.Read read) {
      return new Request.Read(read.key(), read.requirement(), left(read.deadlineNanos(), nowNanos));
    }
    if (input instanceof Input.Write write) {
      return new Request.Write(
          write.key(),
          write.content(),
          write.dependencies(),
          write.index(),
          write.sessionLatest(),
          left(write.deadlineNanos(), nowNanos));
    }
    return null;
  }

  private static int left(long deadlineNanos, long nowNanos) {
    return Math.clamp((deadlineNanos - nowNanos) / 1_000_000, 0, Limits.WAIT_MILLIS_MAX);
  }

  private void pass(Request request, Consumer<Reply> answer) {
    if (underWay.size() >= UNDER_WAY_MAX) {
      String reason = "more than " + UNDER_WAY_MAX + " requests are passed on to members";
      answer.accept(new Reply.Failed(ErrorCode.BUSY, reason));
      return;
    }
    long number = ++numbers;
    byte[] payload = PassedCodec.encode(new Ask(number, request));
    for (NodeId candidate : candidates()) {
      if (network.send(candidate, payload.clone())) {
        member = candidate;
        int millis = request.waitMillis() + WAY_MILLIS;
        long deadline = group.nanos() + millis * 1_000_000L;
        underWay.put(number, new Passed(candidate, request, answer, deadline));
        network.wakeAfter(millis);
        return;
      }
    }
    // A write waits here until this server is let in; what is held here is a view too, if an empty
    // one, and the session's claims hold.
    long deadline = group.nanos() + request.waitMillis() * 1_000_000L;
    group.submit(own -> input(own, request, deadline), answer);
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
        if (passed.request instanceof Request.Read) {
          pass(passed.request, passed.answer);
        } else {
          giveUp(passed);
        }
      }
    }
    goOn();
  }

  private static void giveUp(Passed passed) {
    ErrorCode code = passed.request instanceof Request.Read ? ErrorCode.BUSY : ErrorCode.UNKNOWN;
    passed.answer.accept(
        new Reply.Failed(code, "server " + passed.to + " was asked, and has not answered"));
  }

  private void goOn() {
    while (underWay.isEmpty() && !held.isEmpty()) {
      held.remove().run();
    }
  }

  private void onTold(NodeId from, Told told) {
    Passed passed = underWay.get(told.number());
    if (passed != null && passed.to.equals(from) && answers(passed.request, told.reply())) {
      underWay.remove(told.number());
      passed.answer.accept(told.reply());
      goOn();
    }
  }

  private static boolean answers(Request request, Reply reply) {
    return switch (reply) {
      case Reply.Failed _ -> true;
      case Reply.Read _ -> request instanceof Request.Read;
      case Reply.Written _ -> request instanceof Request.Write;
      case Reply.Executed _, Reply.Done _ -> false;
    };
  }

  private void onDeclined(NodeId from, long number) {
    Passed passed = underWay.get(number);
    if (passed != null && passed.to.equals(from)) {
      underWay.remove(number);
      declined.add(from);
      pass(passed.request, passed.answer);
      goOn();
    }
  }

  // As member

  /** A message that {@link PassedCodec#isPassed} has recognized. */
  public void onMessage(NodeId from, byte[] payload) {
    try {
      switch (PassedCodec.decode(payload, this::keyOf)) {
        case Ask(long number, Request request) -> onAsk(from, number, request);
        case Told told -> onTold(from, told);
        case Declined(long number) -> onDeclined(from, number);
      }
    } catch (InvalidDataException e) {
      LOGGER.warn("Server {} has passed on what cannot be read: {}", from, e.getMessage());
    }
  }

  private Key keyOf(long number) {
    Passed passed = underWay.get(number);
    return passed != null && passed.request instanceof Request.Read read ? read.key() : NO_KEY;
  }

  private void onAsk(NodeId from, long number, Request request) {
    if (!group.isAdmitted()) {
      network.send(from, PassedCodec.encode(new Declined(number)));
      return;
    }
    long deadline = group.nanos() + request.waitMillis() * 1_000_000L;
    group.submit(
        own -> input(own, request, deadline),
        reply -> network.send(from, PassedCodec.encode(new Told(number, reply))));
  }

  private static Input input(long own, Request request, long deadlineNanos) {
    return switch (request) {
      case Request.Read read -> new Input.Read(own, read.key(), read.requirement(), deadlineNanos);
      case Request.Write write ->
          new Input.Write(
              own,
              write.key(),
              write.content(),
              write.dependencies(),
              write.index(),
              write.sessionLatest(),
              null,
              deadlineNanos);
    };
  }
}
