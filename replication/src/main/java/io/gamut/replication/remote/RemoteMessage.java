package io.gamut.replication.remote;

import io.gamut.core.Reply;

/** What nodes say to each other about requests that one of them has others answer. May be lost. */
public sealed interface RemoteMessage {
  /**
   * To a member: answer this.
   *
   * @param number that the answer repeats; the asker's own, and another for each question of its
   *     life, but the same where a question is repeated
   */
  record Ask(long number, Question question) implements RemoteMessage {}

  /** To the asker: this is the answer. */
  record Told(long number, Reply reply) implements RemoteMessage {}

  /** To the asker: these are the pairs. */
  record ToldPairs(long number, Listed.Found found) implements RemoteMessage {}

  /** To the asker of a {@link Question.Look}: this is what is here. */
  record ToldSight(long number, Sight sight) implements RemoteMessage {}

  /** To the asker: this server is not one that others' requests may be passed to. Ask another. */
  record Declined(long number) implements RemoteMessage {}

  /**
   * From a gateway: say how you stand.
   *
   * @param nanos of its own clock; the answer repeats it
   */
  record Hail(long nanos) implements RemoteMessage {}

  /**
   * To a gateway: how a server stands.
   *
   * @param nanos what the hail said
   */
  record Hailed(long nanos, Standing standing) implements RemoteMessage {}

  /** To all: this is where clients reach the sender. */
  record Announced(ClientAddresses addresses) implements RemoteMessage {}
}
