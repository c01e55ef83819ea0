package io.gamut.replication;

import io.gamut.core.NodeId;
import io.gamut.core.Reply;
import io.gamut.replication.message.JournalRecord;
import io.gamut.replication.message.MemberTable;
import io.gamut.replication.message.PeerMessage;

/** What a step asks the outside to do, in this order. */
public interface Effects {
  /**
   * Append a record to the journal. Once it is as durable as the server promises, tell the replica
   * by {@link Input.Persisted}. Records become durable in the order in which they were given; until
   * then nothing that rests on them is sent, shown or answered, which the replica sees to.
   */
  void persist(JournalRecord record);

  /**
   * Send to one replica, over others where there is no direct link. Own updates in it are durable
   * here. May be lost.
   */
  void send(NodeId to, PeerMessage message);

  /** Send to every replica that can be reached. Own updates in it are durable here. May be lost. */
  void broadcast(PeerMessage message);

  /**
   * Answer a request. A write is durable and visible here; what was read is durable here. The store
   * must be committed before the answer leaves.
   */
  void reply(long request, Reply reply);

  /** Keep links to these members from now on. */
  void membersChanged(MemberTable members);
}
