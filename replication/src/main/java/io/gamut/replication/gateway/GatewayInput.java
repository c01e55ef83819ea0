package io.gamut.replication.gateway;

import io.gamut.core.NodeId;
import io.gamut.replication.remote.Question;
import io.gamut.replication.remote.RemoteMessage;
import io.gamut.replication.strong.StrongInput;
import io.gamut.replication.strong.StrongMessage;
import java.util.Set;

/** What can happen to a gateway. Requests carry a number, unique here, that the answer repeats. */
public sealed interface GatewayInput {
  /** A client asks. */
  record Ask(long request, Lane lane, Question question) implements GatewayInput {}

  /** A client wants a strong operation done. */
  record Execute(Lane lane, StrongInput.Execute execute) implements GatewayInput {}

  /** A server has said something. */
  record Heard(NodeId from, RemoteMessage message) implements GatewayInput {}

  /** A server has said something about the ledger. */
  record HeardOfLedger(NodeId from, StrongMessage message) implements GatewayInput {}

  /** The network has a path to these servers, and to no others. */
  record Reachable(Set<NodeId> servers) implements GatewayInput {}

  /** A server has been silent for a while, or was heard again. */
  record Suspected(NodeId server, boolean isSuspected) implements GatewayInput {}

  /** Nothing but that time has passed. */
  enum Tick implements GatewayInput {
    TICK
  }
}
