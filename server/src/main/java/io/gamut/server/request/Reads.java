package io.gamut.server.request;

import io.gamut.core.Consistency;
import io.gamut.core.ErrorCode;
import io.gamut.core.Key;
import io.gamut.core.LedgerPosition;
import io.gamut.core.Limits;
import io.gamut.core.NodeId;
import io.gamut.core.OperationResult.Problem;
import io.gamut.core.Pair;
import io.gamut.core.Reply;
import io.gamut.core.Requirement;
import io.gamut.replication.Input;
import io.gamut.replication.remote.Answered;
import io.gamut.replication.remote.Listed;
import io.gamut.replication.remote.Page;
import io.gamut.replication.remote.Question;
import io.gamut.replication.strong.Freshness;
import io.gamut.replication.strong.StrongInput;
import io.gamut.replication.strong.StrongInput.Wanted;
import io.gamut.server.service.NodeServices;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The reads of one connection, at any level. On the connection's event loop, and so are its
 * answers.
 *
 * <p><b>Reads at strong levels gather</b> until {@link #flush}: those that came together are read
 * together, at one index of the ledger, after one confirmation by a leader. So pipelined reads cost
 * what one does, and none of them sees less than one before it. Where nothing is read here, at a
 * gateway, weak reads gather too, and are on their way together. Nothing else of the connection may
 * be under way with them.
 */
public final class Reads {
  private final NodeServices services;
  private final Executor here;
  private final ReadAhead ahead = new ReadAhead();
  private List<Part> gathered = new ArrayList<>();
  private int gatheredKeys;

  /** One of the reads that are answered together. */
  private record Part(List<Key> keys, Asked asked, Consumer<Outcome<List<Found>>> then) {}

  /**
   * @param here the connection's event loop
   */
  public Reads(NodeServices services, Executor here) {
    this.services = services;
    this.here = here;
  }

  /** Answers a weak read of one key if it can be answered now; null if it has to wait. */
  public Outcome.@Nullable Done<Found> readNow(Key key, Asked asked) {
    Consistency level = asked.level();
    if (!level.isWeak() || !services.isReadable(key, asked.session().requirement(key, level))) {
      return null;
    }
    Pair pair = services.lookup(key);
    Receipt receipt = observe(key, pair, 0, Reply.Read.AGE_UNKNOWN, asked, services.replica());
    return new Outcome.Done<>(Found.of(pair, level, services.clock()), receipt);
  }

  /** Whether reads at a level gather, so that alike ones may be under way together. */
  public boolean gathers(Consistency level) {
    return !level.isWeak() || !services.holdsData();
  }

  /** Whether a read may join those that have gathered. */
  public boolean mayGather(Asked asked) {
    return !gathered.isEmpty()
        && gatheredKeys < ahead.keysMax()
        && gathered.getFirst().asked.level() == asked.level()
        && gathered.getFirst().asked.boundNanos() == asked.boundNanos();
  }

  /**
   * Reads keys, once {@link #flush} is called: at a weak level one after the other, at a strong one
   * at one moment.
   */
  public void read(List<Key> keys, Asked asked, Consumer<Outcome<List<Found>>> then) {
    if (gathers(asked.level())) {
      gathered.add(new Part(keys, asked, then));
      gatheredKeys += keys.size();
    } else {
      new WeakReading(keys, asked, then).readRest();
    }
  }

  /** Begins the reads that have gathered. */
  public void flush() {
    if (!gathered.isEmpty()) {
      List<Part> parts = gathered;
      gathered = new ArrayList<>();
      gatheredKeys = 0;
      if (parts.getFirst().asked.level().isWeak()) {
        RemoteReading reading = new RemoteReading(services, here, ahead);
        parts.forEach(part -> reading.add(part.keys, part.asked, part.then));
        reading.proceed();
      } else {
        readTogether(parts, () -> {});
      }
    }
  }

  // Strong reads

  /** Waits until all that the session has met is committed and applied here. */
  public void awaitEverything(Asked asked, long deadline, Consumer<Outcome<List<Found>>> then) {
    Wanted wanted = new Wanted(Question.Listing.ANY, asked.session().everything());
    Part any = new Part(List.of(Question.Listing.ANY), asked, then);
    services.submitStrong(
        request -> new StrongInput.Read(request, List.of(wanted), Freshness.Any.ANY, deadline),
        answered -> here.execute(() -> onReply(List.of(any), answered)));
  }

  private void readTogether(List<Part> parts, Runnable next) {
    List<Wanted> wanted = new ArrayList<>();
    for (Part part : parts) {
      for (Key key : part.keys) {
        Consistency level = part.asked.level();
        wanted.add(new Wanted(key, part.asked.session().requirement(key, level)));
      }
    }
    Freshness freshness = freshness(parts.getFirst().asked);
    long deadline = parts.getFirst().asked.deadlineNanos();
    services.submitStrong(
        request -> new StrongInput.Read(request, wanted, freshness, deadline),
        answered ->
            here.execute(() -> {
              if (parts.size() > 1 && isTooMuch(answered.reply())) {
                // Each may ask for as much as all of them may together.
                int half = parts.size() / 2;
                readTogether(
                    parts.subList(0, half),
                    () -> readTogether(parts.subList(half, parts.size()), next));
              } else {
                onReply(parts, answered);
                next.run();
              }
            }));
  }

  private static boolean isTooMuch(Reply reply) {
    return reply instanceof Reply.Failed(ErrorCode code, String message)
        && code == ErrorCode.ERR
        && message.equals(Problem.TOO_MUCH.words());
  }

  private static Freshness freshness(Asked asked) {
    return switch (asked.level()) {
      case EVENTUAL, SESSION, CAUSAL, SEQUENTIAL -> Freshness.Any.ANY;
      case BOUNDED -> new Freshness.AtMost(asked.boundNanos());
      case LINEARIZABLE -> Freshness.Latest.LATEST;
    };
  }

  private void onReply(List<Part> parts, Answered<Reply> answered) {
    NodeId replica = answered.replica();
    switch (answered.reply()) {
      case Reply.Read read -> {
        adapt(read.pairs());
        int begin = 0;
        for (Part part : parts) {
          int end = begin + part.keys.size();
          part.then.accept(found(part, read.pairs().subList(begin, end), read, replica));
          begin = end;
        }
      }
      case Reply.Failed(ErrorCode code, String message) ->
          parts.forEach(part -> part.then.accept(refused(part.asked, code, message, replica)));
      case Reply.Written _, Reply.Executed _, Reply.Done _ -> throw new IllegalStateException();
    }
  }

  private void adapt(List<@Nullable Pair> pairs) {
    long bytes = 0;
    for (Pair pair : pairs) {
      bytes += pair == null ? 0 : pair.content().size();
    }
    ahead.learn(pairs.size(), bytes);
  }

  private Outcome<List<Found>> found(
      Part part, List<@Nullable Pair> pairs, Reply.Read read, @Nullable NodeId replica) {
    List<Found> found = new ArrayList<>(pairs.size());
    Receipt receipt = null;
    for (int i = 0; i < pairs.size(); i++) {
      Pair pair = pairs.get(i);
      Key key = part.keys.get(i);
      Receipt one = observe(key, pair, read.index(), read.ageNanos(), part.asked, replica);
      receipt = receipt == null ? one : receipt.weakest(one);
      found.add(Found.of(pair, part.asked.level(), services.clock()));
    }
    return new Outcome.Done<>(found, Objects.requireNonNull(receipt));
  }

  private Outcome<List<Found>> refused(
      Asked asked, ErrorCode code, String message, @Nullable NodeId replica) {
    return Refusals.refused(services, asked, code, message, replica);
  }

  /** Lets the session learn from a read, and says how it was answered. */
  static Receipt observe(
      Key key,
      @Nullable Pair pair,
      long index,
      long ageNanos,
      Asked asked,
      @Nullable NodeId replica) {
    Consistency level = asked.level();
    if (pair != null) {
      asked.session().observe(key, pair.version(), pair.mark(), level);
    }
    if (!level.isWeak()) {
      asked.session().observe(new LedgerPosition(index));
    }
    Consistency had = had(asked, ageNanos);
    long age = had == Consistency.LINEARIZABLE ? 0 : ageNanos;
    return Receipt.ofRead(key, pair, index, age, had, replica);
  }

  /**
   * A bounded read that finds no state that is fresh enough is done as a linearizable one. The
   * round to the leader may take longer than the bound: then that is what it was.
   */
  private static Consistency had(Asked asked, long ageNanos) {
    return asked.level() == Consistency.BOUNDED && ageNanos == Reply.Read.AGE_LATEST
        ? Consistency.LINEARIZABLE
        : asked.level();
  }

  // Listings

  /**
   * Lists pairs, once all that the session has met is here: at a weak level of the view, at a
   * strong one of a committed state that is as new as the level asks.
   *
   * @param after null for the first ones
   * @param hasValues whether values are wanted; else they come empty
   */
  public void list(
      @Nullable Key after,
      int limit,
      boolean hasValues,
      Asked asked,
      Consumer<Outcome<Page>> then) {
    boolean isEventual = asked.level() == Consistency.EVENTUAL;
    Requirement requirement = isEventual ? Requirement.NONE : asked.session().everything();
    Freshness freshness = asked.level().isWeak() ? null : freshness(asked);
    Question.Listing listing =
        new Question.Listing(
            after, limit, hasValues, requirement, freshness, asked.patienceMillis());
    services.list(listing, here, answered -> then.accept(onListed(answered, asked)));
  }

  private Outcome<Page> onListed(Answered<Listed> answered, Asked asked) {
    NodeId replica = answered.replica();
    return switch (answered.reply()) {
      case Listed.Found(Page page, long index, long ageNanos) -> {
        Receipt receipt = observe(Question.Listing.ANY, null, index, ageNanos, asked, replica);
        yield new Outcome.Done<>(page, receipt);
      }
      case Listed.Refused(Reply.Failed(ErrorCode code, String message)) ->
          Refusals.refused(services, asked, code, message, replica);
    };
  }

  // Weak reads that are answered here

  /** The weak reads of one request that are under way. */
  private final class WeakReading {
    private final List<Key> keys;
    private final Asked asked;
    private final Consumer<Outcome<List<Found>>> then;
    private final List<Found> found;
    private @Nullable Receipt receipt;
    private long bytes;

    WeakReading(List<Key> keys, Asked asked, Consumer<Outcome<List<Found>>> then) {
      this.keys = keys;
      this.asked = asked;
      this.then = then;
      found = new ArrayList<>(keys.size());
    }

    void readRest() {
      while (found.size() < keys.size()) {
        Key key = keys.get(found.size());
        Outcome.Done<Found> now = readNow(key, asked);
        if (now == null) {
          Requirement requirement = asked.session().requirement(key, asked.level());
          long deadline = asked.deadlineNanos();
          services.submit(
              request -> new Input.Read(request, key, requirement, deadline),
              answered -> here.execute(() -> onReply(key, answered)));
          return;
        }
        if (!add(now.value(), now.receipt())) {
          return;
        }
      }
      then.accept(new Outcome.Done<>(found, Objects.requireNonNull(receipt)));
    }

    private void onReply(Key key, Answered<Reply> answered) {
      NodeId replica = answered.replica();
      switch (answered.reply()) {
        case Reply.Read read -> {
          Receipt one = observe(key, read.pair(), read.index(), read.ageNanos(), asked, replica);
          if (add(Found.of(read.pair(), asked.level(), services.clock()), one)) {
            readRest();
          }
        }
        case Reply.Failed(ErrorCode code, String message) ->
            then.accept(refused(asked, code, message, replica));
        case Reply.Written _, Reply.Executed _, Reply.Done _ -> throw new IllegalStateException();
      }
    }

    /** Whether it may go on: all that is read is held in memory together, as at strong levels. */
    private boolean add(Found one, Receipt how) {
      bytes += one.value() == null ? 0 : one.value().size();
      if (bytes > Limits.OPERATION_BYTES_MAX) {
        String words = Problem.TOO_MUCH.words();
        then.accept(refused(asked, ErrorCode.ERR, words, services.replica()));
        return false;
      }
      found.add(one);
      receipt = receipt == null ? how : receipt.weakest(how);
      return true;
    }
  }
}
