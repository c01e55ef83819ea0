package io.gamut.overlay;

import io.gamut.core.NodeId;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Decides on join requests; called on the event loop, must not block, may answer from anywhere. */
@FunctionalInterface
public interface Admission {
  /** For a node that admits nobody by itself. */
  Admission NONE =
      (node, address, request) ->
          CompletableFuture.completedFuture(new Decision.Refused("this node admits nobody"));

  /**
   * A node without a cluster asks to be let in. The same request may come again, when the answer
   * was lost or late ({@link Timing#JOIN_MILLIS}).
   */
  CompletionStage<Decision> onJoinRequest(NodeId node, Endpoint address, byte[] request);

  /** What becomes of a join request. */
  sealed interface Decision {
    /**
     * Let in; the payload (at most {@link Limits#HANDSHAKE_PAYLOAD_BYTES_MAX} bytes) goes back with
     * the cluster's id.
     */
    @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
    record Admitted(byte[] payload) implements Decision {}

    /** Turned away for good. */
    record Refused(String detail) implements Decision {}

    /** Not now (no leader, say): the joiner is left to ask again. */
    record Later(String detail) implements Decision {}
  }
}
