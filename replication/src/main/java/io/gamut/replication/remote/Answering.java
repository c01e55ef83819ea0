package io.gamut.replication.remote;

import io.gamut.core.Key;
import io.gamut.core.NodeId;
import io.gamut.core.Reply;
import io.gamut.replication.Input;
import io.gamut.replication.remote.RemoteMessage.Ask;
import io.gamut.replication.remote.RemoteMessage.Declined;
import io.gamut.replication.remote.RemoteMessage.Hail;
import io.gamut.replication.remote.RemoteMessage.Hailed;
import io.gamut.replication.remote.RemoteMessage.Told;
import io.gamut.replication.remote.RemoteMessage.ToldPairs;
import io.gamut.replication.remote.RemoteMessage.ToldSight;
import io.gamut.replication.strong.StrongInput;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.LongFunction;

/**
 * Answers what other nodes ask this member on behalf of their clients. It answers by itself or
 * declines: it never passes on what was passed to it. What it holds it says, member or not.
 *
 * <p>On the replica's event loop.
 */
public final class Answering {
  private final Group group;
  private final BiConsumer<NodeId, RemoteMessage> sending;

  /** The replica of this server. */
  public interface Group {
    /** Whether it is a member of the ledger, as far as it knows. */
    boolean isAdmitted();

    /** Asks the weak world here. */
    void submit(LongFunction<Input> request, Consumer<Reply> answer);

    /** Asks the strong world here. */
    void submitStrong(LongFunction<StrongInput> request, Consumer<Reply> answer);

    /** Looks pairs up: what is committed, or the view. */
    Page page(Question.Listing listing);

    /** Runs a task once the disk is not behind. */
    void whenRoom(Runnable task);

    Standing standing();

    /** What is held of a key here. */
    Sight sight(Key key);

    long nanos();
  }

  /**
   * @param sending sends messages, which may be large
   */
  public Answering(Group group, BiConsumer<NodeId, RemoteMessage> sending) {
    this.group = group;
    this.sending = sending;
  }

  /** How a server stands is said by any, whether it is a member or not. */
  public void onHail(NodeId from, Hail hail) {
    sending.accept(from, new Hailed(hail.nanos(), group.standing()));
  }

  /** Answers a question. */
  public void onAsk(NodeId from, Ask ask) {
    if (ask.question() instanceof Question.Look(Key key)) {
      sending.accept(from, new ToldSight(ask.number(), group.sight(key)));
    } else if (!group.isAdmitted()) {
      sending.accept(from, new Declined(ask.number()));
    } else if (ask.question() instanceof Question.Write) {
      group.whenRoom(() -> answer(from, ask));
    } else {
      answer(from, ask);
    }
  }

  private void answer(NodeId from, Ask ask) {
    Question question = ask.question();
    if (question instanceof Question.Listing listing) {
      submit(listing.first(), reply -> sending.accept(from, found(ask.number(), listing, reply)));
    } else {
      submit(question, reply -> sending.accept(from, new Told(ask.number(), reply)));
    }
  }

  private void submit(Question question, Consumer<Reply> then) {
    long deadline = group.nanos() + question.waitMillis() * 1_000_000L;
    switch (question) {
      case Question.Weak weak -> group.submit(own -> weak.input(own, deadline), then);
      case Question.Strong strong -> group.submitStrong(own -> strong.input(own, deadline), then);
      case Question.Listing _, Question.Look _ ->
          throw new IllegalArgumentException("neither world is asked " + question);
    }
  }

  private RemoteMessage found(long number, Question.Listing listing, Reply first) {
    return first instanceof Reply.Read read
        ? new ToldPairs(
            number, new Listed.Found(group.page(listing), read.index(), read.ageNanos()))
        : new Told(number, first);
  }
}
