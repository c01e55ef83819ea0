package io.gamut.server.request;

import io.gamut.core.ErrorCode;
import io.gamut.core.Key;
import io.gamut.core.Limits;
import io.gamut.core.NodeId;
import io.gamut.core.OperationResult.Problem;
import io.gamut.core.Pair;
import io.gamut.core.Reply;
import io.gamut.core.Requirement;
import io.gamut.replication.Input;
import io.gamut.replication.remote.Answered;
import io.gamut.server.service.NodeServices;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Weak reads of one connection where nothing is read here: several keys are on their way to a
 * server at a time, and none of the answers is less than if each key had been asked for after the
 * answer to the one before.
 *
 * <p>For that, answers are taken in the order of the keys. What one lets the session see may be
 * more than the next was asked with: unless the answer to that is new enough all the same, it is
 * asked again, when its turn has come. Then nothing is taken before its answer, so that one is
 * taken: each key is asked for twice at most.
 *
 * <p><b>Bounds.</b> {@link ReadAhead} says how many are on their way. Answers whose turn has not
 * come are kept up to {@value ReadAhead#BYTES} bytes together; beyond, they are asked for later.
 */
final class RemoteReading {
  private final NodeServices services;
  private final Executor here;
  private final ReadAhead ahead;
  private final List<Item> items = new ArrayList<>();

  /** The first of which the answer is not taken yet. */
  private int next;

  /** Of answers whose turn has not come. */
  private long heldBytes;

  /** One could not be kept: only what is next is asked for, until none is. */
  private boolean isFull;

  private boolean isProceeding;
  private boolean isAnswered;

  private final class Request {
    private final Asked asked;
    private final int keys;
    private final Consumer<Outcome<List<Found>>> then;
    private final List<Found> found;
    private @Nullable Receipt receipt;
    private long bytes;
    private boolean isOver;

    Request(int keys, Asked asked, Consumer<Outcome<List<Found>>> then) {
      this.keys = keys;
      this.asked = asked;
      this.then = then;
      found = new ArrayList<>(keys);
    }

    void take(Item item, Reply.Read read, @Nullable NodeId replica) {
      Pair pair = read.pair();
      Receipt one = Reads.observe(item.key, pair, read.index(), read.ageNanos(), asked, replica);
      Found seen = Found.of(pair, asked.level(), services.clock());
      bytes += seen.value() == null ? 0 : seen.value().size();
      if (bytes > Limits.OPERATION_BYTES_MAX) {
        refuse(ErrorCode.ERR, Problem.TOO_MUCH.words(), null);
        return;
      }
      found.add(seen);
      receipt = receipt == null ? one : receipt.weakest(one);
      ahead.learn(found.size(), bytes);
      if (found.size() == keys) {
        isOver = true;
        then.accept(new Outcome.Done<>(found, receipt));
      }
    }

    void refuse(ErrorCode code, String message, @Nullable NodeId replica) {
      isOver = true;
      then.accept(Refusals.refused(services, asked, code, message, replica));
    }
  }

  /** A key of a request. */
  private final class Item {
    private final Request request;
    private final Key key;

    /** What it was asked with last; null as long as it is not. */
    private @Nullable Requirement requirement;

    private @Nullable Answered<Reply> reply;

    Item(Request request, Key key) {
      this.request = request;
      this.key = key;
    }

    private Requirement requirementNow() {
      return request.asked.session().requirement(key, request.asked.level());
    }

    void ask() {
      Requirement asked = requirementNow();
      long deadline = request.asked.deadlineNanos();
      requirement = asked;
      services.submit(
          id -> new Input.Read(id, key, asked, deadline),
          answered -> here.execute(() -> onReply(answered)));
    }

    private void onReply(Answered<Reply> answered) {
      if (request.isOver) {
        return;
      }
      long bytes = bytes(answered.reply());
      if (items.get(next) == this || heldBytes + bytes <= ReadAhead.BYTES) {
        reply = answered;
        heldBytes += bytes;
      } else {
        requirement = null;
        isFull = true;
      }
      proceed();
    }

    /** Its answer, which is not held any more. */
    Answered<Reply> takeReply() {
      Answered<Reply> answered = Objects.requireNonNull(reply);
      heldBytes -= bytes(answered.reply());
      reply = null;
      return answered;
    }

    private static long bytes(Reply answer) {
      Pair pair = answer instanceof Reply.Read read ? read.pair() : null;
      return pair == null ? 0 : pair.content().size();
    }

    /** Of a loss the session is told once: what was asked with it before is asked again without. */
    boolean isEnough(Reply answer) {
      return switch (answer) {
        case Reply.Read read -> isEnough(read);
        case Reply.Failed(ErrorCode code, String _) ->
            code != ErrorCode.ERR_LOST || requirementNow().equals(requirement);
        case Reply.Written _, Reply.Executed _, Reply.Done _ ->
            throw new IllegalStateException(answer.toString());
      };
    }

    /** Whether its answer is what the session may see now. */
    private boolean isEnough(Reply.Read read) {
      Requirement asked = Objects.requireNonNull(requirement);
      Requirement now = requirementNow();
      Pair pair = read.pair();
      boolean isKeyEnough =
          now.seen() == null
              || now.seen().equals(asked.seen())
              || (pair != null && pair.version().compareTo(now.seen().version()) >= 0);
      return isKeyEnough && asked.index() >= now.index() && asked.vector().covers(now.vector());
    }
  }

  /**
   * @param here the connection's event loop
   */
  RemoteReading(NodeServices services, Executor here, ReadAhead ahead) {
    this.services = services;
    this.here = here;
    this.ahead = ahead;
  }

  /** Adds a request that is answered after those before it. */
  void add(List<Key> keys, Asked asked, Consumer<Outcome<List<Found>>> then) {
    Request request = new Request(keys.size(), asked, then);
    keys.forEach(key -> items.add(new Item(request, key)));
  }

  /** Takes the answers whose turn it is, and asks for more. */
  void proceed() {
    isAnswered = true;
    if (isProceeding) {
      return; // what is asked may be answered before it is waited for
    }
    isProceeding = true;
    try {
      while (isAnswered) {
        isAnswered = false;
        takeAnswers();
        askAhead();
      }
    } finally {
      isProceeding = false;
    }
  }

  private void takeAnswers() {
    for (; next < items.size(); next++) {
      Item item = items.get(next);
      if (item.reply == null && !item.request.isOver) {
        return;
      }
      Answered<Reply> reply = item.reply == null ? null : item.takeReply();
      if (reply != null && !item.request.isOver) {
        if (!item.isEnough(reply.reply())) {
          item.ask();
          return;
        }
        take(item, reply);
        isFull &= heldBytes > 0;
      }
    }
  }

  private static void take(Item item, Answered<Reply> answered) {
    NodeId replica = answered.replica();
    switch (answered.reply()) {
      case Reply.Read read -> item.request.take(item, read, replica);
      case Reply.Failed(ErrorCode code, String message) ->
          item.request.refuse(code, message, replica);
      case Reply.Written _, Reply.Executed _, Reply.Done _ ->
          throw new IllegalStateException(answered.toString());
    }
  }

  private void askAhead() {
    int end = Math.min(items.size(), next + ahead.keysMax());
    for (int i = next; i < end && (i == next || !isFull); i++) {
      Item item = items.get(i);
      if (item.requirement == null && !item.request.isOver) {
        item.ask();
      }
    }
  }
}
