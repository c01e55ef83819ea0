package io.gamut.replication.gateway;

import io.gamut.core.NodeId;
import io.gamut.core.Reply;
import io.gamut.replication.message.MemberTable;
import io.gamut.replication.remote.Answered;
import io.gamut.replication.remote.Listed.Found;
import io.gamut.replication.remote.RemoteMessage;
import io.gamut.replication.strong.Proposing;
import io.gamut.replication.strong.StrongMessage;

/**
 * What a step of a gateway asks the outside to do.
 *
 * <p>{@link #reply} answers what no server did.
 */
public interface GatewayEffects extends Proposing.Replies {
  /**
   * Send a message; it may be lost all the same.
   *
   * @return whether there was a way for it
   */
  boolean send(NodeId to, RemoteMessage message);

  /** The same of a message about the ledger. */
  void send(NodeId to, StrongMessage message);

  /** The cluster has these members; said whenever that changes. */
  void membersChanged(MemberTable members);

  /** Answer a request. */
  void answer(long request, Answered<Reply> answer);

  /** Answer a request for a listing. */
  void listed(long request, Answered<Found> answer);

  @Override
  default void reply(long request, Reply reply) {
    answer(request, Answered.byNone(reply));
  }
}
